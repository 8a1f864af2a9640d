import { type Container, type Directory, ExistsType, type Platform } from "@dagger.io/dagger"
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
}

/** The app's own Dockerfile where it has one, Tollgate's own build for Python otherwise. */
export async function chooseRecipe(settings: Settings, source: Directory): Promise<Recipe> {
  const { dockerfile, command } = settings.image
  const path = dockerfile ?? USUAL
  if (await source.exists(path, { expectedType: ExistsType.RegularType })) return { kind: "dockerfile", path }
  if (dockerfile !== undefined)
    throw new TollgateError("dockerfile-missing", `There is no ${dockerfile} in the app's folder (${settings.app.path}).`, "image.dockerfile of tollgate.yaml says where the Dockerfile is, relative to app.path.")
  if (command === undefined)
    throw new TollgateError(
      "image-command-missing",
      `There is no Dockerfile in the app's folder (${settings.app.path}), and image.command does not say how the service starts.`,
      "Add a Dockerfile, or let Tollgate build the image: write the program and its arguments, for example\n\nimage:\n  command: [python, -m, app.serve]",
    )
  return { kind: "own", command }
}

/**
 * Builds the app's image.
 *
 * @param source the app's own folder
 */
export async function buildImage(settings: Settings, source: Directory, options: BuildOptions): Promise<Container> {
  const recipe = await chooseRecipe(settings, source)
  const built = recipe.kind === "dockerfile" ? await buildFromDockerfile(settings.image, source, recipe.path, options) : await buildPython(settings, source, recipe.command, options)
  const labels = stampLabels({ ...options.stamp, source: settings.image.source ?? options.stamp.source })
  return await labels.reduce((image, [name, value]) => image.withLabel(name, value), built).sync()
}
