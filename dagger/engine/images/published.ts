import { existsSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import type { Home } from "../home.js"
import { readJson } from "../json-file.js"
import type { BaseImage } from "./image.js"
import { baseImages, imageKey } from "./index.js"

/** By an image's first name: what it was built from, and its reference with digest. */
const publishedSchema = z.record(z.string(), z.object({ key: z.string(), reference: z.string() }))
export type Published = z.infer<typeof publishedSchema>

export async function publishedImages(home: Home): Promise<Published> {
  return (await readJson(home.images, publishedSchema)) ?? {}
}

export async function imagesToPublish(home: Home, images: readonly BaseImage[] = baseImages): Promise<BaseImage[]> {
  return missingImages(images, await publishedImages(home), imageKey, (name) => existsInRegistry(home, name))
}

/** Pure: which images are missing in the registry or were built from something else. */
export function missingImages(
  images: readonly BaseImage[],
  published: Published,
  key: (image: BaseImage) => string,
  inRegistry: (name: string) => boolean,
): BaseImage[] {
  return images.filter((image) => published[image.names[0] ?? ""]?.key !== key(image) || !image.names.every(inRegistry))
}

/** Where Docker Hub's names lie in a registry: those without an owner are in its library. */
export function repositoryOf(name: string): string {
  return name.includes("/") ? name : `library/${name}`
}

// the registry's own files say what it has: asking them costs no connection into the room
export function existsInRegistry(home: Home, name: string): boolean {
  const [repository = "", tag = ""] = repositoryOf(name).split(":")
  return existsSync(
    join(home.registry, "docker/registry/v2/repositories", repository, "_manifests/tags", tag, "current/link"),
  )
}
