import { readFile } from "node:fs/promises"
import { type Container, type Directory, dag, ReturnType } from "@dagger.io/dagger"
import { layoutDigest } from "../image/layout.js"
import { controlFiles } from "./control.js"
import type { Scanner, Warning } from "./result.js"
import { DATABASE, runTrivy, scanOptions, type TrivyRun } from "./trivy.js"

/** Trivy's names for the scanners. */
const TRIVY: Record<Scanner, string> = { vulnerabilities: "vuln", secrets: "secret", misconfiguration: "misconfig" }

const IMAGE = "/tollgate/image"
const LOCKFILES = "/tollgate/lockfiles"
const REPOSITORY = "/tollgate/repository"
const CONTROL = "/tollgate/control"
const SCRIPT = "/tollgate/remove-suppressions.sh"

export interface ScanContext {
  trivy: Container
  /** null if no scan checks for vulnerabilities. */
  database: Directory | null
  scanners: Scanner[]
  /** Seconds for one scan. */
  timeout: number
}

const withDatabase = ({ trivy, database }: ScanContext) =>
  database === null ? trivy : trivy.withMountedDirectory(DATABASE, database)

/** The given scanners that are enabled and can run. */
function chosen({ scanners, database }: ScanContext, wanted: Scanner[]): string[] {
  return wanted
    .filter((one) => scanners.includes(one) && (one !== "vulnerabilities" || database !== null))
    .map((one) => TRIVY[one])
}

/** null if none of its scanners is enabled. */
export async function scanControl(context: ScanContext): Promise<TrivyRun | null> {
  const scanners = chosen(context, ["vulnerabilities", "secrets", "misconfiguration"])
  if (scanners.length === 0) return null
  let files = dag.directory()
  for (const [path, text] of controlFiles()) files = files.withNewFile(path, text)
  return runTrivy("control", withDatabase(context).withMountedDirectory(CONTROL, files), [
    "rootfs",
    ...scanOptions(scanners, context.timeout),
    CONTROL,
  ])
}

export interface ImageScan {
  run: TrivyRun
  /** Digest of the image's manifest. */
  digest: string
}

/**
 * Scans the image's system packages and libraries, and its files and configuration for secrets.
 *
 * @param layout the image as an OCI layout, with the digest under which it is published
 */
export async function scanImage(context: ScanContext, layout: Directory): Promise<ImageScan | null> {
  const scanners = chosen(context, ["vulnerabilities", "secrets"])
  if (scanners.length === 0) return null
  const container = withDatabase(context).withMountedDirectory(IMAGE, layout)
  const settings = scanners.includes(TRIVY.secrets) ? ["--image-config-scanners", TRIVY.secrets] : []
  const [run, digest] = await Promise.all([
    runTrivy("image", container, ["image", ...scanOptions(scanners, context.timeout), ...settings, "--input", IMAGE]),
    layoutDigest(layout),
  ])
  return { run, digest }
}

/** Whether the database covers an operating system. Without it, Trivy finds nothing there. */
export async function databaseKnows(context: ScanContext, system: string): Promise<boolean> {
  const asked = withDatabase(context).withExec(["grep", "-qF", system, `${DATABASE}/trivy.db`], {
    expect: ReturnType.Any,
  })
  return (await asked.exitCode()) === 0
}

/**
 * Scans the files that pin the service's dependencies.
 *
 * @param files requirements files under names that Trivy does not know, relative to the folder
 */
export async function scanLockfiles(
  context: ScanContext,
  folder: Directory,
  files: string[],
): Promise<TrivyRun | null> {
  const scanners = chosen(context, ["vulnerabilities"])
  if (scanners.length === 0) return null
  const patterns = [
    String.raw`(^|/)(requirements|constraints)[^/]*\.(txt|in)$`,
    String.raw`(^|/)requirements/[^/]+\.(txt|in)$`,
  ]
  for (const file of files) patterns.push(`^${file.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")}$`)
  const options = patterns.flatMap((pattern) => ["--file-patterns", `pip:${pattern}`])
  const container = withDatabase(context).withMountedDirectory(LOCKFILES, folder)
  return runTrivy("lockfiles", container, ["fs", ...scanOptions(scanners, context.timeout), ...options, LOCKFILES])
}

export interface RepositoryScan {
  run: TrivyRun
  warnings: Warning[]
}

/** Scans the files tracked by Git for secrets and misconfiguration. Files and comments that suppress Trivy's findings have no effect. */
export async function scanRepository(context: ScanContext, source: Directory): Promise<RepositoryScan | null> {
  const scanners = chosen(context, ["secrets", "misconfiguration"])
  if (scanners.length === 0) return null
  const script = await readFile(new URL("container/remove-suppressions.sh", import.meta.url), "utf8")
  const prepared = context.trivy
    .withNewFile(SCRIPT, script)
    .withDirectory(REPOSITORY, source)
    .withExec(["sh", SCRIPT, REPOSITORY])
  const [run, suppressions] = await Promise.all([
    runTrivy("repository", prepared, ["fs", ...scanOptions(scanners, context.timeout), REPOSITORY]),
    prepared.stdout(),
  ])
  const checked =
    run.kind === "report"
      ? run.report.Results.filter((result) => result.Class === "config").map((result) => result.Target)
      : []
  return { run, warnings: notHonoured(suppressions, checked) }
}

/** @param checked the files checked for misconfiguration; such a comment means nothing in other files */
function notHonoured(suppressions: string, checked: string[]): Warning[] {
  const paths = (kind: string) =>
    suppressions.split("\n").flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1)] : []))
  const files = paths("file")
  const comments = paths("comment").filter((path) => checked.includes(path))
  return [
    ...(files.length === 0
      ? []
      : [
          {
            code: "file-not-honoured" as const,
            message: `${some(files)} has no effect. Ignore findings with scan.ignore in tollgate.yaml, with a reason and a last day`,
          },
        ]),
    ...(comments.length === 0
      ? []
      : [
          {
            code: "comment-not-honoured" as const,
            message: `trivy:ignore comments have no effect: ${some(comments)}. Add the finding to scan.ignore in tollgate.yaml`,
          },
        ]),
  ]
}

/** Files that often hold keys. Scanning everything that Git ignores may mean gigabytes of build output. */
const KEY_FILES = [
  "env",
  "env.*",
  "pem",
  "key",
  "json",
  "yaml",
  "yml",
  "toml",
  "ini",
  "cfg",
  "conf",
  "properties",
  "txt",
  "py",
].flatMap((ending) => [`**/*.${ending}`, `**/.${ending}`])

/** Secrets in files that Git ignores and does not track. They are only a warning, because no clone contains them. */
export async function secretsInIgnoredFiles(context: ScanContext, ignored: Directory): Promise<Warning[]> {
  const scanners = chosen(context, ["secrets"])
  const files = ignored.filter({ include: KEY_FILES })
  if (scanners.length === 0 || (await files.entries()).length === 0) return []
  const run = await runTrivy("repository", context.trivy.withMountedDirectory(REPOSITORY, files), [
    "fs",
    ...scanOptions(scanners, context.timeout),
    REPOSITORY,
  ])
  if (run.kind === "failed")
    return [
      {
        code: "secret-in-ignored-file",
        message: `the files that Git ignores could not be scanned: ${run.reason.message}`,
      },
    ]
  const paths = run.report.Results.filter((result) => result.Secrets.length > 0).map((result) => result.Target)
  if (paths.length === 0) return []
  return [
    {
      code: "secret-in-ignored-file",
      message: `secrets in files that Git ignores do not fail the gate: ${some(paths)}. No clone has these files`,
    },
  ]
}

function some(paths: string[]): string {
  return paths.length > 3 ? `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more` : paths.join(", ")
}
