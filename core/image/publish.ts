import { readFile } from "node:fs/promises"
import { type Container, dag, type Directory, ReturnType, type Secret, type Service } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { step } from "../progress.js"
import { runId } from "../qa/run-id.js"
import { publishFailure } from "./publish-failure.js"

export interface Destination {
  tag: string
  /** Empty: image.registry.user. */
  user: string
  password: Secret | undefined
  /** A registry that is a service of the engine, or reached through the caller's machine; it answers to the host of image.name. */
  service: Service | undefined
}

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

export interface Target {
  name: string
  tag: string
  /** Host, and port where it is not the usual one. */
  registry: string
  user: string
}

/** Everything that can be known to be wrong before anything is built; all of it at once. */
export function requireTarget(settings: Settings, { tag, user, password }: Destination): Target {
  const { name, registry } = settings.image
  const account = user === "" ? (registry.user ?? "") : user
  const problems: string[] = []
  if (name === undefined) problems.push("image.name of tollgate.yaml does not say where to publish: write registry and repository, such as ghcr.io/acme/payments")
  if (!TAG.test(tag)) problems.push(`${JSON.stringify(tag)} is not a tag: letters, digits and . _ - , at most 128, not beginning with . or -`)
  if (password !== undefined && account === "") problems.push("there is a password and no user: give --registry-user, or write image.registry.user into tollgate.yaml")
  if (name === undefined || problems.length > 0) throw new TollgateError("publish-target", problems.join("\n"), "Nothing was built and nothing was published.")
  return { name, tag, registry: registryOf(name), user: account }
}

/** As Docker reads a name: without a dot, a port or localhost in front it is one of Docker Hub. */
export function registryOf(name: string): string {
  const [first = "", ...rest] = name.split("/")
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io"
}

/**
 * Pushes what was judged, these very bytes, and asks the registry afterwards what it has under the tag.
 *
 * @param layout the judged image
 * @param digest its digest
 * @returns name:tag@digest
 */
export async function publishLayout(publisher: Container, settings: Settings, layout: Directory, digest: string, target: Target, destination: Destination): Promise<string> {
  const { name, tag, registry, user } = target
  const { insecure } = settings.image.registry
  let container = publisher
  if (destination.service !== undefined) container = container.withServiceBinding(registry.split(":", 1)[0] ?? registry, destination.service)
  if (destination.password !== undefined) container = container.withMountedSecret("/run/secrets/registry-password", destination.password)
  const finished = container
    .withMountedDirectory("/layout", layout)
    .withMountedTemp("/run/registry")
    .withEnvVariable("REGISTRY", registry)
    .withEnvVariable("REGISTRY_USER", user)
    .withEnvVariable("INSECURE", String(insecure))
    // what a registry has is not in any cache
    .withEnvVariable("TOLLGATE_RUN", runId(new Date()))
    .withExec(["sh", "/publish.sh", name, tag, digest], { expect: ReturnType.Any })
  return await step(`publish ${name}:${tag}`, async () => {
    const code = await finished.exitCode()
    if (code !== 0) throw publishFailure(code, await finished.stderr(), target)
    const there = (await finished.stdout()).trim()
    if (there !== digest)
      throw new TollgateError("publish-other", `${name}:${tag} is ${there} in the registry now, and not ${digest}, which was just published.`, "Somebody else publishes under the same tag. Publish again, or use a tag of your own.")
    return `${name}:${tag}@${digest}`
  })
}

/** What pushes, with the certificates that the registry needs. */
export async function publisher(source: Directory, ca: string | undefined): Promise<Container> {
  const script = await readFile(new URL("container/publish.sh", import.meta.url), "utf8")
  const container = dag
    .container()
    .from("debian:bookworm-slim")
    .withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
    .withExec(["sh", "-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends skopeo ca-certificates >/dev/null"])
    .withNewFile("/publish.sh", script)
    .withDirectory("/run/certificates", dag.directory())
  if (ca === undefined) return container
  if (!(await source.exists(ca))) throw new TollgateError("registry-ca-missing", `There is no ${ca} in the source.`, "image.registry.ca of tollgate.yaml names the certificates of the registry's authority, relative to the source.")
  return container.withFile("/run/certificates/ca.crt", source.file(ca))
}
