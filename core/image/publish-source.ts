import type { Directory } from "@dagger.io/dagger"
import { requirePassed } from "../gate/failed.js"
import { readSettings } from "../source.js"
import { type ImageRequest, proveImage } from "./prove.js"
import { type Destination, publisher, publishLayout, requireTarget } from "./publish.js"
import { imagePassed } from "./result.js"
import type { ImageRun } from "./run.js"
import { imageScreen } from "./screen.js"

/**
 * Builds the image, judges it, and publishes it when it is good: what was judged, byte by byte.
 *
 * @param report where the reader finds the full report of a refused image
 * @param seen told of what was judged before anything is published
 */
export async function publishImage(source: Directory, request: ImageRequest, destination: Destination, report: string, seen: (run: ImageRun) => Promise<void> = async () => {}): Promise<string> {
  const settings = await readSettings(source)
  const target = requireTarget(settings, destination)
  const container = await publisher(source, settings.image.registry.ca)
  const run = await proveImage(source, request)
  await seen(run)
  requirePassed("image", imagePassed(run.result), imageScreen(run.result, { report }))
  return await publishLayout(container, settings, run.layout, run.result.inspected.digest, target, destination)
}
