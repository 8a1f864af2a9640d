import type { Platform, Secret } from "@dagger.io/dagger"
import type { Stamp } from "./stamp.js"

export interface BuildOptions {
  /** Values of the image's labels about its source. */
  stamp: Stamp
  /** Default: the engine's own. */
  platform?: Platform
  /** Empty to use the engine's cache; a unique name to build everything again. */
  fresh: string
  /** The values of image.buildSecrets. */
  secrets: ReadonlyMap<string, Secret>
}
