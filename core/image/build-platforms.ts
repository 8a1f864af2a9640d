import { type Directory, dag, type Platform } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { buildBy, type Recipe } from "./build.js"
import type { BuildOptions } from "./build-options.js"
import type { PlatformBuild } from "./layout.js"
import { originOf } from "./origin.js"
import { samePlatform } from "./platform.js"

/** Builds the image for each of image.platforms, or for the engine's own platform if none is set. */
export async function buildAll(
  settings: Settings,
  source: Directory,
  recipe: Recipe,
  options: BuildOptions,
): Promise<PlatformBuild[]> {
  const { platforms } = settings.image
  const wanted = platforms.length === 0 ? [undefined] : platforms
  return await Promise.all(wanted.map((platform) => buildFor(platform, settings, source, recipe, options)))
}

/** Builds the image for the engine's own platform, or for the first of image.platforms if the engine's is not listed. */
export async function buildOne(
  settings: Settings,
  source: Directory,
  recipe: Recipe,
  options: BuildOptions,
): Promise<PlatformBuild> {
  const { platforms } = settings.image
  const own = await dag.defaultPlatform()
  return await buildFor(
    platforms.find((platform) => samePlatform(platform, own)) ?? platforms[0],
    settings,
    source,
    recipe,
    options,
  )
}

async function buildFor(
  name: string | undefined,
  settings: Settings,
  source: Directory,
  recipe: Recipe,
  options: BuildOptions,
): Promise<PlatformBuild> {
  if (name === undefined) {
    const container = await buildBy(recipe, settings, source, options)
    const platform = await container.platform()
    return { platform, container, ...(await originOf(recipe, settings, source, platform)) }
  }
  // Platform is a branded string in Dagger's SDK
  const platform = name as Platform
  const container = await buildBy(recipe, settings, source, { ...options, platform })
  return { platform, container, ...(await originOf(recipe, settings, source, platform)) }
}
