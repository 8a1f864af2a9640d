import { capture } from "../../dagger/engine/command.js"
import { type ContainerClient, containerName, imageOf, namePrefix, volumeName } from "../../dagger/engine/container/commands.js"
import { stateOf } from "../../dagger/engine/container/ensure.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { table } from "./format.js"

/** What doctor says of the engine in a container: what there is, and when what it keeps is lost. */
export async function describeContainer(client: ContainerClient): Promise<string> {
  const version = engineVersion()
  const name = containerName(version)
  const [state, names] = await Promise.all([stateOf(client, name), capture([client, "ps", "--all", "--format", "{{.Names}}"])])
  const others = otherEngines(names ?? "", name)
  return [
    table([
      ["container", `${name}: ${state ?? "not created yet"}`],
      ["image", imageOf(version)],
      ["volume", volumeName(version)],
      ...(others.length === 0 ? [] : [["of other versions", `${others.join(", ")}; remove one with \`${client} stop NAME && ${client} rm NAME\``] as const]),
    ]),
    "The volume holds the cache, the sandbox's releases and backups in `directory:…`. No dagger CLI removes it, of whatever version. It is lost with",
    `\`${client} volume rm ${volumeName(version)}\`, with a prune of all unused volumes while the container does not exist, and with the`,
    "virtual machine in which the container engine runs (Docker Desktop's \"Clean / Purge data\", `colima delete`, `podman machine rm`). An engine that",
    "is killed, or loses power, starts with an empty cache and without what was in its volumes. Keep backups that matter in `s3://…`.",
  ].join("\n")
}

/** Pure: engines that an earlier Tollgate started, from names one a line. */
export function otherEngines(names: string, own: string): string[] {
  return names.split("\n").map((name) => name.trim()).filter((name) => name.startsWith(namePrefix) && name !== own)
}
