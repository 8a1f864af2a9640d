import type { Container, Directory } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { runId } from "../qa/run-id.js"
import { step } from "../shared/progress.js"
import { missedInControl } from "./control.js"
import { type FetchedDatabase, fetchDatabase } from "./database.js"
import { type ImageScan, type ScanContext, scanControl, scanImage, scanLockfiles } from "./scans.js"
import { type TrivyRun, trivyOutline } from "./trivy.js"

export interface LookupWork {
  settings: Settings
  trivy: Container
  /** TRIVY_DB_REPOSITORY of Trivy's image, if set. */
  repository: string | null
  /** An OCI layout; null if the image is not scanned. */
  image: Directory | null
  /** The app's own folder. */
  app: Directory
  /** Files that the installation reads, relative to it. */
  files: string[]
  /** Id of a run that downloads the database again; empty to reuse a copy of the last six hours. */
  run: string
  now: Date
}

/** The scans that use the vulnerability database, all with the same copy. */
export interface Lookups {
  /** null if scan.scanners does not include vulnerabilities. */
  fetched: FetchedDatabase | null
  context: ScanContext
  control: TrivyRun | null
  image: ImageScan | null
  lockfiles: TrivyRun | null
}

/** Runs the scans, and again with a new download if the reused database is empty: it may have been repaired since. */
export async function lookUp(work: LookupWork): Promise<Lookups> {
  const first = await lookUpOnce(work)
  return first.fetched?.reused === true && showsEmptyDatabase(first)
    ? lookUpOnce({ ...work, run: runId(work.now) })
    : first
}

async function lookUpOnce({ settings, trivy, repository, image, app, files, run, now }: LookupWork): Promise<Lookups> {
  const { scanners, timeout } = settings.scan
  const fetched = scanners.includes("vulnerabilities")
    ? await step(
        "vulnerability database",
        () => fetchDatabase(trivy, settings.scan, repository, run, now),
        ({ verdict }) => (verdict.kind === "ready" ? "ready" : "failed"),
      )
    : null
  const context: ScanContext = {
    trivy,
    database: fetched?.verdict.kind === "ready" ? fetched.directory : null,
    scanners,
    timeout,
  }
  const [control, ofImage, lockfiles] = await Promise.all([
    step("control", () => scanControl(context), trivyOutline),
    image === null
      ? null
      : step(
          "scan image",
          () => scanImage(context, image),
          (scan) => trivyOutline(scan?.run ?? null),
        ),
    step("scan lockfiles", () => scanLockfiles(context, app, files), trivyOutline),
  ])
  return { fetched, context, control, image: ofImage, lockfiles }
}

function showsEmptyDatabase({ context, control, image }: Lookups): boolean {
  if (context.database === null || control?.kind !== "report") return false
  const debian = image?.run.kind === "report" && image.run.report.Metadata.OS?.Family === "debian"
  return missedInControl(control.report, ["vulnerabilities"], debian).length > 0
}
