import { capture } from "../../dagger/engine/command.js"
import {
  type ContainerClient,
  containerName,
  imageOf,
  namePrefix,
  volumeName,
} from "../../dagger/engine/container/commands.js"
import { stateOf } from "../../dagger/engine/container/ensure.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { table } from "./format.js"

/** doctor's section on the engine in a container: its state, and how its data can be lost. */
export async function describeContainer(client: ContainerClient): Promise<string> {
  const version = engineVersion()
  const name = containerName(version)
  const [state, names] = await Promise.all([
    stateOf(client, name),
    capture([client, "ps", "--all", "--format", "{{.Names}}"]),
  ])
  const others = otherEngines(names ?? "", name)
  return [
    table([
      ["container", `${name}: ${state ?? "not created yet"}`],
      ["image", imageOf(version)],
      ["volume", volumeName(version)],
      ...(others.length === 0
        ? []
        : [
            [
              "of other versions",
              `${others.join(", ")}; remove one with \`${client} stop NAME && ${client} rm NAME\``,
            ] as const,
          ]),
    ]),
    "The volume contains the cache, the sandbox's releases and backups in `directory:…`. The dagger CLI never removes it. It is lost with",
    `\`${client} volume rm ${volumeName(version)}\`, with a prune of all unused volumes while the container does not exist, and with the`,
    "container engine's virtual machine (Docker Desktop's \"Clean / Purge data\", `colima delete`, `podman machine rm`). After a kill or a power",
    "failure the engine starts with an empty cache and empty volumes. Keep important backups in `s3://…`.",
  ].join("\n")
}

/** Pure: engines of other Tollgate versions, from a list of container names. */
export function otherEngines(names: string, own: string): string[] {
  return names
    .split("\n")
    .map((name) => name.trim())
    .filter((name) => name.startsWith(namePrefix) && name !== own)
}
