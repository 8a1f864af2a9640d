import { readFileSync } from "node:fs"
import { type Container, dag, type Directory, ImageLayerCompression } from "@dagger.io/dagger"
import { z } from "zod"
import type { Recipe } from "./build.js"
import { createdOf, EPOCH, type Stamp } from "./stamp.js"

/**
 * The image, for all of its platforms, as it is judged and published: an OCI layout. Its digest depends on what is in the image, not on when the
 * engine made it.
 */
export function layoutOf(images: Container[], recipe: Recipe, stamp: Stamp): Directory {
  const [image = dag.container(), ...variants] = images
  const script = readFileSync(new URL("container/finish.py", import.meta.url), "utf8")
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

const index = z.object({ manifests: z.array(z.object({ digest: z.string() })).length(1) })

/** Of the image or, over several platforms, of their index: what it is published under. */
export async function layoutDigest(layout: Directory): Promise<string> {
  const [root] = index.parse(JSON.parse(await layout.file("index.json").contents())).manifests
  return root?.digest ?? ""
}
