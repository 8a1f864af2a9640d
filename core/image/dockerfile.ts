import type { Container, Directory, Secret } from "@dagger.io/dagger"
import type { ImageSettings } from "../config/image.js"
import { TollgateError } from "../shared/errors.js"
import { asExecError } from "../shared/exec-error.js"
import { quotedTail } from "../shared/quoted-tail.js"
import type { BuildOptions } from "./build-options.js"
import { dockerfileFailure } from "./dockerfile-failure.js"
import { FRESH, plainArguments, withFreshArgument } from "./dockerfile-text.js"

/** Builds the app's own Dockerfile. Its .dockerignore works as in Docker. */
export async function buildFromDockerfile(
  settings: ImageSettings,
  source: Directory,
  dockerfile: string,
  options: BuildOptions,
): Promise<Container> {
  const { target, buildArgs } = settings
  const { platform, fresh } = options
  const given = Object.entries(buildArgs).map(([name, value]) => ({ name, value }))
  const text = await source.file(dockerfile).contents()
  const context = fresh === "" ? source : source.withNewFile(dockerfile, withFreshArgument(text))
  const built = context.dockerBuild({
    dockerfile,
    buildArgs: fresh === "" ? given : [...given, { name: FRESH, value: fresh }],
    secrets: [...options.secrets.values()],
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
  })
  const image = await withoutArguments(
    await building(dockerfile, text, built),
    new Map([...plainArguments(text, buildArgs), [FRESH, null]]),
  )
  return withoutSecrets(image, options.secrets, text.split("type=secret").length)
}

/** Removes the build arguments that the engine leaves in the environment; Docker does not leave them there. */
async function withoutArguments(image: Container, args: ReadonlyMap<string, string | null>): Promise<Container> {
  const there = await Promise.all(
    [...args].map(async ([name, value]) => ({ name, value, is: await image.envVariable(name) })),
  )
  return there
    .filter(({ value, is }) => value === null || value === is)
    .reduce((left, { name }) => left.withoutEnvVariable(name), image)
}

/**
 * The engine leaves the build's secrets mounted in the built image, once for each RUN that used them and once more. A
 * container of that image could read them.
 *
 * @param times how often at most
 */
function withoutSecrets(image: Container, secrets: ReadonlyMap<string, Secret>, times: number): Container {
  const mounts = [...secrets.keys()].flatMap((name) => Array.from({ length: times + 1 }, () => `/run/secrets/${name}`))
  return mounts.reduce((left, mount) => left.withoutMount(mount), image)
}

async function building(dockerfile: string, text: string, image: Container): Promise<Container> {
  try {
    return await image.sync()
  } catch (error) {
    const failed = asExecError(error)
    if (failed === null) throw error instanceof Error ? dockerfileFailure(error.message, dockerfile, text) : error
    const command = failed.cmd.at(-1) ?? ""
    const tail = quotedTail(`${failed.stdout}\n${failed.stderr}`, 15)
    throw new TollgateError(
      "image-build-failed",
      [`${dockerfile} could not be built: \`RUN ${command}\` exited with code ${failed.exitCode}.`, "", ...tail].join(
        "\n",
      ),
      "Nothing was published. Correct the Dockerfile, or image.buildArgs or image.target in tollgate.yaml.",
    )
  }
}
