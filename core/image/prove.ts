import type { Directory, Secret } from "@dagger.io/dagger"
import { namingNoSpace } from "../shared/no-space.js"
import { appFolder, readSettings } from "../source.js"
import { readBuildSecrets } from "./build-secrets.js"
import { type ImageRun, runImage } from "./run.js"
import type { Stamp } from "./stamp.js"

export interface ImageRequest {
  stamp: Stamp
  /** Start the service again, even if the same image passed before. */
  fresh: boolean
  /** Build a second time without cache, and compare. */
  twice: boolean
  /** The values of image.buildSecrets, in dotenv form. */
  secrets: Secret | undefined
}

/** Builds and judges a repository's image, for `dagger call` and for the command line. */
export async function proveImage(source: Directory, request: ImageRequest): Promise<ImageRun> {
  const settings = await readSettings(source)
  const [app, secrets] = await Promise.all([
    appFolder(source, settings),
    readBuildSecrets(request.secrets, settings.image.buildSecrets),
  ])
  return await namingNoSpace("the engine's disk", () => runImage({ ...request, settings, source: app, secrets }))
}
