import { type Container, type Directory, dag, type Platform } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { contextOf, type Recipe } from "./build.js"
import { lineageOf } from "./dockerfile-lineage.js"

export interface ImageOrigin {
  /** The base image, whose layers are the lowest ones. */
  base: Container | "scratch" | "unknown"
  /** Lines of the Dockerfile that created the layers above it, are in its history, or made what was copied into it. */
  runs: string[]
}

/** The origin of an image, from its recipe, because the engine forgets it on restart. */
export async function originOf(
  recipe: Recipe,
  settings: Settings,
  source: Directory,
  platform: Platform,
): Promise<ImageOrigin> {
  if (recipe.kind === "own") return { base: dag.container({ platform }).from(settings.app.image), runs: [] }
  const { target, buildArgs } = settings.image
  const lineage = lineageOf(await contextOf(settings, source).file(recipe.path).contents(), target, buildArgs, platform)
  const { base } = lineage
  const runs = [...lineage.runs, ...lineage.texts, ...lineage.copied]
  if (base.kind !== "image") return { base: base.kind, runs }
  return { base: await baseImage(base.name, base.platform), runs }
}

/** The image has already been built: if the base does not exist under this name, the engine resolved another name. */
async function baseImage(name: string, platform: string): Promise<ImageOrigin["base"]> {
  try {
    // Platform is a branded string in Dagger's SDK
    return await dag
      .container({ platform: platform as Platform })
      .from(name)
      .sync()
  } catch {
    return "unknown"
  }
}
