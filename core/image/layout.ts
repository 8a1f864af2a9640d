import { type Container, type Directory, dag, type File, ImageLayerCompression, type Platform } from "@dagger.io/dagger"
import { z } from "zod"
import type { ImageSettings } from "../config/image.js"
import type { Recipe } from "./build.js"
import type { ImageOrigin } from "./origin.js"
import { pythonTool, TOOLS } from "./python-tool.js"
import { createdOf, EPOCH, epochOf, type Stamp } from "./stamp.js"

export interface PlatformBuild extends ImageOrigin {
  platform: Platform
  container: Container
}

/** An image and its base as the engine exports them. */
export interface ExportedImage {
  platform: Platform
  archive: File
  base: File | "scratch" | "unknown"
}

export interface FinishedImage {
  /** The OCI layout that is judged and published, for all platforms. */
  layout: Directory
  /** How each layer was created, as far as known, for people. Neither image nor verdict depends on it. */
  origins: File
}

/** The image that is judged and published. Its digest depends on its contents, not on the time of the build. */
export function finishedImage(
  builds: PlatformBuild[],
  recipe: Recipe,
  settings: ImageSettings,
  stamp: Stamp,
): FinishedImage {
  const images = builds.map(({ platform, container, base }) => ({
    platform,
    archive: exported(container),
    base: typeof base === "string" ? base : exported(base),
  }))
  return finishExported(images, recipe, settings, stamp)
}

/** Every registry and runtime supports gzip. Layers that already use it stay unchanged. */
export function exported(image: Container): File {
  return image.asTarball({ forcedCompression: ImageLayerCompression.Gzip })
}

export function finishExported(
  images: ExportedImage[],
  recipe: Recipe,
  { timestamps }: ImageSettings,
  stamp: Stamp,
): FinishedImage {
  let container = pythonTool("finish.py").withMountedCache("/words", dag.cacheVolume("tollgate-layers"))
  const named = images.map(({ platform, archive, base }, index) => {
    const path = `/images/${index}.tar`
    container = container.withMountedFile(path, archive)
    if (typeof base === "string") return `${platform}=${path}=${base}`
    const basePath = `/images/${index}.base.tar`
    container = container.withMountedFile(basePath, base)
    return `${platform}=${path}=${basePath}`
  })
  const times =
    recipe.kind === "own"
      ? ["folders", String(EPOCH)]
      : [timestamps === "commit" ? "everything" : "kept", String(epochOf(stamp))]
  const finished = container.withExec([
    "python3",
    `${TOOLS}/finish.py`,
    "/layout",
    "/origins.json",
    "/words",
    createdOf(stamp),
    ...times,
    ...named,
  ])
  return { layout: finished.directory("/layout"), origins: finished.file("/origins.json") }
}

const index = z.object({ manifests: z.array(z.object({ digest: z.string() })).length(1) })

/** Digest under which the layout is published: of the image, or of the index for several platforms. */
export async function layoutDigest(layout: Directory): Promise<string> {
  const [root] = index.parse(JSON.parse(await layout.file("index.json").contents())).manifests
  return root?.digest ?? ""
}
