import { type Container, type Directory, ExistsType, type Platform, type Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../shared/errors.js"
import { repositoryOf } from "../source.js"
import type { BuildOptions } from "./build-options.js"
import { buildFromDockerfile } from "./dockerfile.js"
import { buildPython } from "./python-build.js"
import { type Stamp, stampLabels } from "./stamp.js"

const DEFAULT_PATH = "Dockerfile"

export type Recipe = { kind: "dockerfile"; path: string } | { kind: "own"; command: string[] }

/** The app's Dockerfile if it has one, Tollgate's own Python build otherwise. */
export async function chooseRecipe(settings: Settings, source: Directory): Promise<Recipe> {
  const path = settings.image.dockerfile ?? DEFAULT_PATH
  const { context } = settings.image
  if (context !== undefined && !(await hasFolder(repositoryOf(source).root, context)))
    throw new TollgateError(
      "image-context-missing",
      `The source has no folder ${context} (image.context).`,
      "Set image.context in tollgate.yaml to the folder that the Dockerfile is built from, relative to the source.",
    )
  return recipeOf(settings, await contextOf(settings, source).exists(path, { expectedType: ExistsType.RegularType }))
}

/** What the Dockerfile is built from: the app's own folder, or the folder of the repository that image.context names. */
export function contextOf({ image }: Settings, source: Directory): Directory {
  if (image.context === undefined) return source
  const { root } = repositoryOf(source)
  return image.context === "." ? root : root.directory(image.context)
}

async function hasFolder(root: Directory, path: string): Promise<boolean> {
  return path === "." || (await root.exists(path, { expectedType: ExistsType.DirectoryType }))
}

/** @param there whether image.dockerfile exists, or a Dockerfile under the default name */
export function recipeOf({ app, image }: Settings, there: boolean): Recipe {
  const { context, dockerfile, command } = image
  const path = dockerfile ?? DEFAULT_PATH
  if (there && command === undefined) return { kind: "dockerfile", path }
  if (there)
    throw new TollgateError(
      "image-command-unused",
      `image.command has no effect: the app has ${path}, whose CMD starts the service. image.command is for Tollgate's own build.`,
      `Set CMD in ${path} and remove image.command, or remove ${path}. To start another program in releases, set release.processes.web.command.`,
    )
  if (dockerfile !== undefined || context !== undefined)
    throw new TollgateError(
      "dockerfile-missing",
      context === undefined
        ? `There is no ${path} in the app's folder (${app.path}).`
        : `There is no ${path} in ${context} (image.context).`,
      `Correct image.dockerfile in tollgate.yaml. The path is relative to ${context === undefined ? "app.path" : "image.context"}.`,
    )
  if (command === undefined)
    throw new TollgateError(
      "image-command-missing",
      `The app's folder (${app.path}) has no Dockerfile, and image.command is not set.`,
      "Add a Dockerfile, or let Tollgate build the image: set image.command to the program and its arguments, for example\n\nimage:\n  command: [python, -m, app.serve]",
    )
  return { kind: "own", command }
}

/**
 * Builds the app's image for the engine's own platform.
 *
 * @param source the app's own folder
 * @param stamp values of the labels about its source
 * @param secrets the values of image.buildSecrets
 */
export async function buildImage(
  settings: Settings,
  source: Directory,
  stamp: Stamp,
  secrets: ReadonlyMap<string, Secret> = new Map(),
): Promise<Container> {
  return await buildBy(await chooseRecipe(settings, source), settings, source, { stamp, fresh: "", secrets })
}

export async function buildBy(
  recipe: Recipe,
  settings: Settings,
  source: Directory,
  options: BuildOptions,
): Promise<Container> {
  const built = await naming(options.platform, () =>
    recipe.kind === "dockerfile"
      ? buildFromDockerfile(settings.image, contextOf(settings, source), recipe.path, options)
      : buildPython(settings, source, recipe.command, options),
  )
  const labels = stampLabels({ ...options.stamp, source: settings.image.source ?? options.stamp.source })
  return await labels.reduce((image, [name, value]) => image.withLabel(name, value), built).sync()
}

/** Programs for another processor need emulation: the error says so, instead of naming a failed syscall. */
async function naming<T>(platform: Platform | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (
      platform === undefined ||
      !/exec format error|no match for platform|no manifest matches|not found: manifest/i.test(message)
    )
      throw error
    throw new TollgateError(
      "platform-unsupported",
      `The image could not be built for ${platform}: ${message.trim().split("\n")[0]}`,
      "Either the engine's machine cannot run programs for that platform, or a base image is not available for it. Install emulation (qemu-user-static with binfmt) on the engine's machine, or remove the platform from image.platforms.",
    )
  }
}
