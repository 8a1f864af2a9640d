import type { Recipe } from "./build.js"
import type { InspectedImage, PlatformImage } from "./inspected.js"
import type { ContentRules } from "./judge-content.js"
import type { ServiceRules } from "./judge-service.js"
import type { Started } from "./observed.js"
import type { Problem } from "./problem.js"
import type { Stamp } from "./stamp.js"

/** Whether a second build without cache produced the same bytes. */
export type Reproducible =
  | { kind: "not-checked" }
  | { kind: "yes" }
  /** Yes, but folders created by COPY have the time of the build, and another engine would create them again. */
  | { kind: "times"; folders: string[] }
  /** The differences, layer by layer. */
  | { kind: "no"; digest: string; differences: string[] }

export interface ImageResult {
  /** Path of the app inside the source. */
  app: string
  /** Digest of the app's files. */
  source: string
  tollgateVersion: string
  recipe: Recipe
  stamp: Stamp
  rules: ContentRules & ServiceRules
  inspected: InspectedImage
  started: Started
  reproducible: Reproducible
  /** Empty if the image passed. */
  problems: Problem[]
}

export function imagePassed(result: ImageResult): boolean {
  return result.problems.length === 0
}

/** The platform that was started, or else the first one. */
export function shownPlatform({ inspected, started }: ImageResult): PlatformImage {
  const [first] = inspected.images
  const shown =
    inspected.images.find((image) => started.kind === "seen" && image.platform === started.platform) ?? first
  if (shown === undefined) throw new RangeError("an image without a platform")
  return shown
}
