import { type Container, type Directory, ImageLayerCompression, type Platform } from "@dagger.io/dagger"
import { z } from "zod"
import type { ImageSettings } from "../config/image.js"
import type { Recipe } from "./build.js"
import { pythonTool, TOOLS } from "./python-tool.js"
import { createdOf, EPOCH, epochOf, type Stamp } from "./stamp.js"

export interface PlatformBuild {
  platform: Platform
  container: Container
}

/**
 * The image, for all of its platforms, as it is judged and published: an OCI layout. Its digest depends on what is in the
 * image, not on when the engine made it.
 */
export function layoutOf(builds: PlatformBuild[], recipe: Recipe, { timestamps }: ImageSettings, stamp: Stamp): Directory {
  let container = pythonTool("finish.py")
  const images = builds.map(({ platform, container: image }, index) => {
    const path = `/images/${index}.tar`
    // gzip is what every registry and every runtime can do; layers that have it already stay as they are
    container = container.withMountedFile(path, image.asTarball({ forcedCompression: ImageLayerCompression.Gzip }))
    return `${platform}=${path}`
  })
  const times = recipe.kind === "own" ? ["folders", String(EPOCH)] : [timestamps === "commit" ? "everything" : "kept", String(epochOf(stamp))]
  return container.withExec(["python3", `${TOOLS}/finish.py`, "/layout", createdOf(stamp), ...times, ...images]).directory("/layout")
}

const index = z.object({ manifests: z.array(z.object({ digest: z.string() })).length(1) })

/** Of the image or, over several platforms, of their index: what it is published under. */
export async function layoutDigest(layout: Directory): Promise<string> {
  const [root] = index.parse(JSON.parse(await layout.file("index.json").contents())).manifests
  return root?.digest ?? ""
}
