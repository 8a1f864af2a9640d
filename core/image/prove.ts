import type { Directory, Secret } from "@dagger.io/dagger"
import { namingNoSpace } from "../no-space.js"
import { appFolder, readSettings } from "../source.js"
import { readBuildSecrets } from "./build-secrets.js"
import { type ImageRun, runImage } from "./run.js"
import type { Stamp } from "./stamp.js"

export interface ImageRequest {
  stamp: Stamp
  /** Start the service again, though the same image was seen to work before. */
  fresh: boolean
  /** Build a second time from nothing, and compare. */
  twice: boolean
  /** Dotenv text with what image.buildSecrets names. */
  secrets: Secret | undefined
}

/** From a repository to a judged image: the one way in for `dagger call` and for the command line. */
export async function proveImage(source: Directory, request: ImageRequest): Promise<ImageRun> {
  const settings = await readSettings(source)
  const [app, secrets] = await Promise.all([
    appFolder(source, settings),
    readBuildSecrets(request.secrets, settings.image.buildSecrets),
  ])
  return await namingNoSpace("the engine's disk", () => runImage({ ...request, settings, source: app, secrets }))
}
