import { readFile } from "node:fs/promises"
import { type Container, type Directory, dag, ReturnType, type Secret, type Service } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { runId } from "../qa/run-id.js"
import { TollgateError } from "../shared/errors.js"
import { step } from "../shared/progress.js"
import { publishFailure } from "./publish-failure.js"

export interface Destination {
  tag: string
  /** Empty for image.registry.user. */
  user: string
  password: Secret | undefined
  /** The registry as a service of the engine, or through the caller's machine, under the host of image.name. */
  service: Service | undefined
}

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

export interface Target {
  name: string
  tag: string
  /** Host, with port if it is not the default. */
  registry: string
  user: string
}

/** Checks the destination before anything is built, and reports all problems at once. */
export function requireTarget(settings: Settings, { tag, user, password }: Destination): Target {
  const { name, registry } = settings.image
  const account = user === "" ? (registry.user ?? "") : user
  const problems: string[] = []
  if (name === undefined)
    problems.push(
      "image.name is not set in tollgate.yaml: set it to registry and repository, such as ghcr.io/acme/payments",
    )
  if (!TAG.test(tag))
    problems.push(
      `--tag=${JSON.stringify(tag)} is not a valid tag: use at most 128 letters, digits and . _ -, not starting with . or -`,
    )
  if (password !== undefined && account === "")
    problems.push("--registry-password has no user: pass --registry-user, or set image.registry.user in tollgate.yaml")
  if (name === undefined || problems.length > 0)
    throw new TollgateError(
      "publish-target",
      problems.join("\n"),
      "Nothing was built or published. Correct the above and publish again.",
    )
  return { name, tag, registry: registryOf(name), user: account }
}

/** As Docker reads a name: without a dot, a port or localhost in its first part, it belongs to Docker Hub. */
export function registryOf(name: string): string {
  const [first = "", ...rest] = name.split("/")
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io"
}

/**
 * Pushes exactly the judged bytes, then reads back the digest that the registry has for the tag.
 *
 * @param layout the judged image
 * @param digest its digest
 * @returns name:tag@digest
 */
export async function publishLayout(
  publisher: Container,
  settings: Settings,
  layout: Directory,
  digest: string,
  target: Target,
  destination: Destination,
): Promise<string> {
  const { name, tag, registry, user } = target
  const { insecure } = settings.image.registry
  let container = publisher
  if (destination.service !== undefined)
    container = container.withServiceBinding(registry.split(":", 1)[0] ?? registry, destination.service)
  if (destination.password !== undefined)
    container = container.withMountedSecret("/run/secrets/registry-password", destination.password)
  const finished = container
    .withMountedDirectory("/layout", layout)
    .withMountedTemp("/run/registry")
    .withEnvVariable("REGISTRY", registry)
    .withEnvVariable("REGISTRY_USER", user)
    .withEnvVariable("INSECURE", String(insecure))
    // never cached: the registry's contents can change
    .withEnvVariable("TOLLGATE_RUN", runId(new Date()))
    .withExec(["sh", "/publish.sh", name, tag, digest], { expect: ReturnType.Any })
  return await step(`publish ${name}:${tag}`, async () => {
    const code = await finished.exitCode()
    if (code !== 0) throw publishFailure(code, await finished.stderr(), target)
    const published = (await finished.stdout()).trim()
    if (published !== digest)
      throw new TollgateError(
        "publish-other",
        `${name}:${tag} is ${published} in the registry, not the published ${digest}.`,
        "Another build publishes under the same tag. Publish again, or use another tag.",
      )
    return `${name}:${tag}@${digest}`
  })
}

/** The container that pushes, with the registry's certificates. */
export async function publisher(source: Directory, ca: string | undefined): Promise<Container> {
  const script = await readFile(new URL("container/publish.sh", import.meta.url), "utf8")
  const container = dag
    .container()
    .from("debian:bookworm-slim")
    .withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
    .withExec([
      "sh",
      "-c",
      "apt-get update -qq && apt-get install -y -qq --no-install-recommends skopeo ca-certificates >/dev/null",
    ])
    .withNewFile("/publish.sh", script)
    .withDirectory("/run/certificates", dag.directory())
  if (ca === undefined) return container
  if (!(await source.exists(ca)))
    throw new TollgateError(
      "registry-ca-missing",
      `The source has no ${ca} (image.registry.ca).`,
      "Correct image.registry.ca in tollgate.yaml: the path of the authority's certificates, relative to the source.",
    )
  return container.withFile("/run/certificates/ca.crt", source.file(ca))
}
