import { type Container, dag, type Directory, type Platform } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import type { Recipe } from "./build.js"
import { lineageOf } from "./dockerfile-lineage.js"

export interface ImageOrigin {
  /** The image whose layers are at the bottom, unchanged. */
  base: Container | "scratch" | "unknown"
  /** Lines of the Dockerfile that made the layers above it, or stand in its history. */
  runs: string[]
}

/** What an image is made of, as its recipe says: the engine forgets it when it is restarted. */
export async function originOf(recipe: Recipe, settings: Settings, source: Directory, platform: Platform): Promise<ImageOrigin> {
  if (recipe.kind === "own") return { base: dag.container({ platform }).from(settings.app.image), runs: [] }
  const { target, buildArgs } = settings.image
  const lineage = lineageOf(await source.file(recipe.path).contents(), target, buildArgs, platform)
  const { base } = lineage
  const runs = [...lineage.runs, ...lineage.texts]
  if (base.kind !== "image") return { base: base.kind, runs }
  return { base: await baseImage(base.name, base.platform), runs }
}

/** The image is built already: when it is not there under this name, the name was not read as the engine reads it. */
async function baseImage(name: string, platform: string): Promise<ImageOrigin["base"]> {
  try {
    // Dagger marks the type; the text is the same
    return await dag.container({ platform: platform as Platform }).from(name).sync()
  } catch {
    return "unknown"
  }
}
