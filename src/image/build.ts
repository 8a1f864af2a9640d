import { type Container, type Directory, ExistsType, type Platform } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { buildFromDockerfile } from "./dockerfile.js"
import { buildPython } from "./python-build.js"
import { type Stamp, stampLabels } from "./stamp.js"

const USUAL = "Dockerfile"

export type Recipe = { kind: "dockerfile"; path: string } | { kind: "own"; command: string[] }

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
 * @param stamp what the labels say of its origin
 */
export async function buildImage(settings: Settings, source: Directory, stamp: Stamp, platform?: Platform): Promise<Container> {
  const recipe = await chooseRecipe(settings, source)
  const built =
    recipe.kind === "dockerfile"
      ? buildFromDockerfile(settings.image, source, recipe.path, platform)
      : await buildPython(settings, source, recipe.command, stamp, platform)
  let stamped = built
  for (const [name, value] of stampLabels({ ...stamp, source: settings.image.source ?? stamp.source })) stamped = stamped.withLabel(name, value)
  return await stamped.sync()
}
