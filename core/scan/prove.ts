import type { Directory, Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { chooseRecipe } from "../image/build.js"
import { buildOne } from "../image/build-platforms.js"
import { readBuildSecrets } from "../image/build-secrets.js"
import { finishedImage } from "../image/layout.js"
import type { Stamp } from "../image/stamp.js"
import { namingNoSpace } from "../shared/no-space.js"
import { appFolder, readSettings } from "../source.js"
import { readBaseline } from "./baseline.js"
import { runScans, type ScanRun } from "./run.js"

export interface ScanProofRequest {
  /** Id of a run that downloads the vulnerability database again; empty to reuse a copy of the last six hours. */
  run: string
  /** Text of the scan.json of an earlier report; null to compare with nothing. */
  baseline: string | null
  /** The image's labels. With those of the published image, the digest is the published one. */
  stamp: Stamp
  /** The values of image.buildSecrets, in dotenv form. */
  secrets: Secret | undefined
  now: Date
}

/** Scans a repository and judges the findings, for `dagger call` and for the command line. */
export async function scanSource(source: Directory, request: ScanProofRequest): Promise<ScanRun> {
  const { run, stamp, now } = request
  const baseline = request.baseline === null ? null : readBaseline(request.baseline)
  const settings = await readSettings(source)
  const [app, secrets] = await Promise.all([
    appFolder(source, settings),
    readBuildSecrets(request.secrets, settings.scan.image ? settings.image.buildSecrets : []),
  ])
  const image = settings.scan.image ? () => imageLayout(settings, app, stamp, secrets) : null
  return namingNoSpace("the engine's disk", () => runScans({ settings, source, run, image, baseline, now }))
}

/** The image as published, for one platform. */
async function imageLayout(
  settings: Settings,
  app: Directory,
  stamp: Stamp,
  secrets: ReadonlyMap<string, Secret>,
): Promise<Directory> {
  const recipe = await chooseRecipe(settings, app)
  const image = await buildOne(settings, app, recipe, { stamp, secrets, fresh: "" })
  return finishedImage([image], recipe, settings.image, stamp).layout.sync()
}
