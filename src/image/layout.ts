import { readFile } from "node:fs/promises"
import { type Container, dag, type Directory, ImageLayerCompression } from "@dagger.io/dagger"
import type { Recipe } from "./build.js"
import { createdOf, EPOCH, type Stamp } from "./stamp.js"

/**
 * The image as it is judged and published: an OCI layout. Its digest depends on what is in the image, not on when the
 * engine made it.
 */
export async function layoutOf(image: Container, variants: Container[], recipe: Recipe, stamp: Stamp): Promise<Directory> {
  const script = await readFile(new URL("container/finish.py", import.meta.url), "utf8")
  // gzip is what every registry and every runtime can do; layers that have it already stay as they are
  const archive = image.asTarball({ platformVariants: variants, forcedCompression: ImageLayerCompression.Gzip })
  return dag
    .container()
    .from("python:3.11-slim")
    .withNewFile("/finish.py", script)
    .withMountedFile("/image.tar", archive)
    .withExec(["python3", "/finish.py", "/image.tar", "/layout", createdOf(stamp), ...(recipe.kind === "own" ? ["folders", String(EPOCH)] : [])])
    .directory("/layout")
}
