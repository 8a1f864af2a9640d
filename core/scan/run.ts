import type { Container, Directory } from "@dagger.io/dagger"
import { filesOfInstallation } from "../app/python/read-files.js"
import type { ScanSettings } from "../config/scan.js"
import type { Settings } from "../config/schema.js"
import { step } from "../shared/progress.js"
import { version } from "../shared/version.js"
import { takeSource } from "../source/take.js"
import type { Baseline } from "./baseline.js"
import { isSmallDatabase } from "./database-verdict.js"
import { judgeFindings } from "./judge.js"
import { lockfileFacts } from "./lockfile-facts.js"
import { lookUp } from "./lookups.js"
import { withoutQuotes } from "./masking.js"
import { remarksOn } from "./remarks.js"
import type { Reason, ScanName, ScanResult, Warning } from "./result.js"
import { type ScanContext, scanRepository, secretsInIgnoredFiles } from "./scans.js"
import { trivyContainer, trivyOutline } from "./trivy.js"
import type { TrivyReport } from "./trivy-report.js"

export interface ScanRequest {
  settings: Settings
  /** The repository; the app is a folder in it. */
  source: Directory
  /** Id of a run that downloads the database again; empty to reuse a copy of the last six hours. */
  run: string
  /** Builds the image as an OCI layout; null if the image is not scanned. */
  image: (() => Promise<Directory>) | null
  baseline: Baseline | null
  now: Date
}

export interface ScanRun {
  result: ScanResult
  /** Trivy's own reports, without quotes from the scanned files. */
  reports: Map<ScanName, string>
  trivy: Container
  /** image.name; null if not set. */
  imageName: string | null
  /** ISO 8601. */
  endedAt: string
}

/** Scans image, lockfiles and repository in parallel, and judges the findings. */
export async function runScans(request: ScanRequest): Promise<ScanRun> {
  const { settings, run, now } = request
  const { scanners, timeout } = settings.scan
  const taken = await takeSource(request.source)
  const source = taken.root.filter({ exclude: settings.scan.skip })
  const app = source.directory(settings.app.path)
  const [files, digest, { trivy, repository }, image] = await Promise.all([
    filesOfInstallation(settings.app, { root: source, path: settings.app.path }),
    source.digest(),
    trivyContainer(),
    request.image === null ? null : step("build image", request.image),
  ])
  // these scans need no database
  const offline: ScanContext = { trivy, database: null, scanners, timeout }
  const [{ fetched, context, control, image: ofImage, lockfiles }, ofRepository, facts, inIgnored] = await Promise.all([
    lookUp({ settings, trivy, repository, image, app, files, run, now }),
    step(
      "scan repository",
      () => scanRepository(offline, source),
      (scan) => trivyOutline(scan?.run ?? null),
    ),
    lockfileFacts(source, settings.app.path, files),
    secretsInIgnoredFiles(offline, source.diff(taken.everything().filter({ exclude: settings.scan.skip }))),
  ])
  const runs = [ofImage?.run, lockfiles, ofRepository?.run].flatMap((run) =>
    run === null || run === undefined ? [] : [run],
  )
  const done = runs.flatMap((run) =>
    run.kind === "report" && run.scan !== "control" ? [{ scan: run.scan, report: run.report, text: run.text }] : [],
  )
  const failures: Reason[] = [
    ...(fetched?.verdict.kind === "unusable" ? [fetched.verdict.reason] : []),
    ...[control, ...runs].flatMap((run) => (run?.kind === "failed" ? [run.reason] : [])),
  ]

  const remarks = await remarksOn(context, done, control, facts)
  const judged = judgeFindings({
    settings: settings.scan,
    app: settings.app.path,
    reports: done.map(({ scan, report }): [ScanName, TrivyReport] => [scan, report]),
    complete: failures.length === 0,
    baseline: request.baseline,
    now,
  })
  const { failOn, ignoreUnfixed, skip, maxDatabaseAge } = settings.scan
  return {
    trivy,
    imageName: settings.image.name ?? null,
    endedAt: new Date().toISOString(),
    reports: new Map(done.map(({ scan, text }) => [scan, withoutQuotes(text)])),
    result: {
      app: settings.app.path,
      source: digest,
      tollgateVersion: version,
      trivyVersion: done[0]?.report.Trivy.Version ?? "",
      startedAt: now.toISOString(),
      settings: { failOn, ignoreUnfixed, scanners, skip, maxDatabaseAge },
      image: ofImage?.digest ?? null,
      database: fetched?.verdict.database ?? null,
      scanned: remarks.scanned,
      findings: judged.findings,
      reasons: [...failures, ...remarks.reasons, ...judged.reasons],
      warnings: [
        ...remarks.warnings,
        ...(ofRepository?.warnings ?? []),
        ...inIgnored,
        ...judged.warnings,
        ...exclusions(settings.scan, fetched?.verdict.database.repository ?? ""),
      ],
      change: judged.change,
    },
  }
}

/** Warnings about exclusions in the settings, and about the small database. */
function exclusions({ image, skip }: ScanSettings, repository: string): Warning[] {
  const warnings: Warning[] = []
  if (!image)
    warnings.push({
      code: "not-scanned",
      message: "the image was not scanned (scan.image is false): its installed packages were not checked",
    })
  if (skip.length > 0) warnings.push({ code: "not-scanned", message: `not scanned (scan.skip): ${skip.join(", ")}` })
  if (isSmallDatabase(repository))
    warnings.push({
      code: "small-database",
      message: "the database is Tollgate's small one, for trying out the gate: it covers about fifty packages",
    })
  return warnings
}
