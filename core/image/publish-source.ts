import type { Directory } from "@dagger.io/dagger"
import { requirePassed } from "../gate/failed.js"
import { readSettings } from "../source.js"
import { type ImageRequest, proveImage } from "./prove.js"
import { type Destination, publisher, publishLayout, requireTarget } from "./publish.js"
import { imagePassed } from "./result.js"
import type { ImageRun } from "./run.js"
import { imageScreen } from "./screen.js"

/**
 * Builds and judges the image, and publishes exactly the judged bytes if it passed.
 *
 * @param report where to find the full report of a failed image
 * @param judged called with the result before anything is published
 */
export async function publishImage(
  source: Directory,
  request: ImageRequest,
  destination: Destination,
  report: string,
  judged: (run: ImageRun) => Promise<void> = async () => {},
): Promise<string> {
  const settings = await readSettings(source)
  const target = requireTarget(settings, destination)
  const container = await publisher(source, settings.image.registry.ca)
  const run = await proveImage(source, request)
  await judged(run)
  requirePassed("image", imagePassed(run.result), imageScreen(run.result, { report }))
  return await publishLayout(container, settings, run.layout, run.result.inspected.digest, target, destination)
}
