import { type Container, type Directory, ExistsType, type Platform, type Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { buildFromDockerfile } from "./dockerfile.js"
import { buildPython } from "./python-build.js"
import { type Stamp, stampLabels } from "./stamp.js"

const USUAL = "Dockerfile"

export type Recipe = { kind: "dockerfile"; path: string } | { kind: "own"; command: string[] }

export interface BuildOptions {
  /** What the labels say of the image's origin. */
  stamp: Stamp
  /** The engine's own when left out. */
  platform?: Platform
  /** Empty: what the engine has in its cache will do. Otherwise a name, and everything is built again for it. */
  fresh: string
  /** Those that image.buildSecrets names. */
  secrets: ReadonlyMap<string, Secret>
}

/** The app's own Dockerfile where it has one, Tollgate's own build for Python otherwise. */
export async function chooseRecipe(settings: Settings, source: Directory): Promise<Recipe> {
  const path = settings.image.dockerfile ?? USUAL
  return recipeOf(settings, await source.exists(path, { expectedType: ExistsType.RegularType }))
}

/** @param there whether the Dockerfile is there that the settings name, or one of the usual name */
export function recipeOf({ app, image }: Settings, there: boolean): Recipe {
  const { dockerfile, command } = image
  const path = dockerfile ?? USUAL
  if (there && command === undefined) return { kind: "dockerfile", path }
  if (there)
    throw new TollgateError(
      "image-command-unused",
      `image.command is for Tollgate's own build, and the app has ${path}, whose CMD starts the service.`,
      `Write the command into ${path} as CMD and remove image.command; or remove ${path}. release.processes.web.command starts another program in releases.`,
    )
  if (dockerfile !== undefined)
    throw new TollgateError(
      "dockerfile-missing",
      `There is no ${dockerfile} in the app's folder (${app.path}).`,
      "image.dockerfile of tollgate.yaml says where the Dockerfile is, relative to app.path.",
    )
  if (command === undefined)
    throw new TollgateError(
      "image-command-missing",
      `There is no Dockerfile in the app's folder (${app.path}), and image.command does not say how the service starts.`,
      "Add a Dockerfile, or let Tollgate build the image: write the program and its arguments, for example\n\nimage:\n  command: [python, -m, app.serve]",
    )
  return { kind: "own", command }
}

/**
 * Builds the app's image for the engine's own platform.
 *
 * @param source the app's own folder
 * @param stamp what the labels say of its origin
 * @param secrets those that image.buildSecrets names
 */
export async function buildImage(settings: Settings, source: Directory, stamp: Stamp, secrets: ReadonlyMap<string, Secret> = new Map()): Promise<Container> {
  return await buildBy(await chooseRecipe(settings, source), settings, source, { stamp, fresh: "", secrets })
}

export async function buildBy(recipe: Recipe, settings: Settings, source: Directory, options: BuildOptions): Promise<Container> {
  const built = await naming(options.platform, () =>
    recipe.kind === "dockerfile" ? buildFromDockerfile(settings.image, source, recipe.path, options) : buildPython(settings, source, recipe.command, options),
  )
  const labels = stampLabels({ ...options.stamp, source: settings.image.source ?? options.stamp.source })
  return await labels.reduce((image, [name, value]) => image.withLabel(name, value), built).sync()
}

/** A program for another processor cannot be executed without emulation: the error says that, and not which syscall struck. */
async function naming<T>(platform: Platform | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (platform === undefined || !/exec format error|no match for platform|no manifest matches|not found: manifest/i.test(message)) throw error
    throw new TollgateError(
      "platform-unsupported",
      `The image could not be built for ${platform}: ${message.trim().split("\n")[0]}`,
      "This engine's machine cannot execute programs of that platform, or a base image is not there for it. Install emulation (qemu-user-static with binfmt) where the engine runs, or leave the platform out of image.platforms.",
    )
  }
}
