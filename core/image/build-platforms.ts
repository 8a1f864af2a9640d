import { dag, type Directory, type Platform } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { buildBy, type BuildOptions, type Recipe } from "./build.js"
import type { PlatformBuild } from "./layout.js"
import { originOf } from "./origin.js"
import { samePlatform } from "./platform.js"

/** Builds the image for each of image.platforms; for the engine's own where that names none. */
export async function buildAll(settings: Settings, source: Directory, recipe: Recipe, options: BuildOptions): Promise<PlatformBuild[]> {
  const { platforms } = settings.image
  const wanted = platforms.length === 0 ? [undefined] : platforms
  return await Promise.all(wanted.map((platform) => buildFor(platform, settings, source, recipe, options)))
}

/** Builds it for one platform: the engine's own, or the first of image.platforms when that is not among them. */
export async function buildOne(settings: Settings, source: Directory, recipe: Recipe, options: BuildOptions): Promise<PlatformBuild> {
  const { platforms } = settings.image
  const own = await dag.defaultPlatform()
  return await buildFor(platforms.find((platform) => samePlatform(platform, own)) ?? platforms[0], settings, source, recipe, options)
}

async function buildFor(name: string | undefined, settings: Settings, source: Directory, recipe: Recipe, options: BuildOptions): Promise<PlatformBuild> {
  if (name === undefined) {
    const container = await buildBy(recipe, settings, source, options)
    const platform = await container.platform()
    return { platform, container, ...(await originOf(recipe, settings, source, platform)) }
  }
  // Dagger marks the type; the text is the same
  const platform = name as Platform
  const container = await buildBy(recipe, settings, source, { ...options, platform })
  return { platform, container, ...(await originOf(recipe, settings, source, platform)) }
}
