import { readFile } from "node:fs/promises"
import { type Container, dag, type Directory, ReturnType } from "@dagger.io/dagger"
import { layoutDigest } from "../image/layout.js"
import type { Scanner, Warning } from "./result.js"
import { controlFiles } from "./control.js"
import { DATABASE, runTrivy, scanOptions, type TrivyRun } from "./trivy.js"

/** Trivy's names of the scanners. */
const TRIVY: Record<Scanner, string> = { vulnerabilities: "vuln", secrets: "secret", misconfiguration: "misconfig" }

const IMAGE = "/tollgate/image"
const LOCKFILES = "/tollgate/lockfiles"
const REPOSITORY = "/tollgate/repository"
const CONTROL = "/tollgate/control"
const SCRIPT = "/tollgate/unheard.sh"

export interface ScanContext {
  trivy: Container
  /** null: no scan may look for vulnerabilities. */
  database: Directory | null
  scanners: Scanner[]
  /** Seconds for one scan. */
  timeout: number
}

const withDatabase = ({ trivy, database }: ScanContext) => (database === null ? trivy : trivy.withMountedDirectory(DATABASE, database))

/** Of these scanners, those that were asked for and can run. */
function chosen({ scanners, database }: ScanContext, wanted: Scanner[]): string[] {
  return wanted.filter((one) => scanners.includes(one) && (one !== "vulnerabilities" || database !== null)).map((one) => TRIVY[one])
}

/** null: there is nothing that this scan could look for. */
export async function scanControl(context: ScanContext): Promise<TrivyRun | null> {
  const scanners = chosen(context, ["vulnerabilities", "secrets", "misconfiguration"])
  if (scanners.length === 0) return null
  let files = dag.directory()
  for (const [path, text] of controlFiles()) files = files.withNewFile(path, text)
  return runTrivy("control", withDatabase(context).withMountedDirectory(CONTROL, files), ["rootfs", ...scanOptions(scanners, context.timeout), CONTROL])
}

export interface ImageScan {
  run: TrivyRun
  /** Digest of the image's manifest. */
  digest: string
}

/**
 * The image's system packages, libraries and secrets, in its files and in its settings.
 *
 * @param layout the image as an OCI layout: what is published, with the digest that it is published under
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

/** Whether the database has a word of a system: one that does not know it finds nothing there. */
export async function databaseKnows(context: ScanContext, system: string): Promise<boolean> {
  const asked = withDatabase(context).withExec(["grep", "-qF", system, `${DATABASE}/trivy.db`], { expect: ReturnType.Any })
  return (await asked.exitCode()) === 0
}

/**
 * The files that pin the service's dependencies.
 *
 * @param files requirements files by other names than Trivy knows, relative to the folder
 */
export async function scanLockfiles(context: ScanContext, folder: Directory, files: string[]): Promise<TrivyRun | null> {
  const scanners = chosen(context, ["vulnerabilities"])
  if (scanners.length === 0) return null
  const patterns = [String.raw`(^|/)(requirements|constraints)[^/]*\.(txt|in)$`, String.raw`(^|/)requirements/[^/]+\.(txt|in)$`]
  for (const file of files) patterns.push(`^${file.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")}$`)
  const options = patterns.flatMap((pattern) => ["--file-patterns", `pip:${pattern}`])
  const container = withDatabase(context).withMountedDirectory(LOCKFILES, folder)
  return runTrivy("lockfiles", container, ["fs", ...scanOptions(scanners, context.timeout), ...options, LOCKFILES])
}

export interface RepositoryScan {
  run: TrivyRun
  warnings: Warning[]
}

/** Secrets and misconfiguration in what git has. What stands there to silence Trivy is not heard. */
export async function scanRepository(context: ScanContext, source: Directory): Promise<RepositoryScan | null> {
  const scanners = chosen(context, ["secrets", "misconfiguration"])
  if (scanners.length === 0) return null
  const script = await readFile(new URL("container/unheard.sh", import.meta.url), "utf8")
  const heard = context.trivy.withNewFile(SCRIPT, script).withDirectory(REPOSITORY, source).withExec(["sh", SCRIPT, REPOSITORY])
  const [run, said] = await Promise.all([
    runTrivy("repository", heard, ["fs", ...scanOptions(scanners, context.timeout), REPOSITORY]),
    heard.stdout(),
  ])
  const looked = run.kind === "report" ? run.report.Results.filter((result) => result.Class === "config").map((result) => result.Target) : []
  return { run, warnings: notHonoured(said, looked) }
}

/** @param looked the files that misconfiguration was looked for in: such a comment means nothing in others */
function notHonoured(said: string, looked: string[]): Warning[] {
  const paths = (kind: string) => said.split("\n").flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1)] : []))
  const files = paths("file")
  const comments = paths("comment").filter((path) => looked.includes(path))
  return [
    ...(files.length === 0 ? [] : [{ code: "file-not-honoured" as const, message: `not read: ${some(files)}. What may be ignored stands in scan.ignore of tollgate.yaml, with a reason and a day` }]),
    ...(comments.length === 0 ? [] : [{ code: "comment-not-honoured" as const, message: `trivy:ignore comments are not heard: ${some(comments)}. Write the finding into scan.ignore` }]),
  ]
}

/** Of what git ignores, the files that people keep keys in: the rest may be gigabytes of what was built. */
const KEY_FILES = ["env", "env.*", "pem", "key", "json", "yaml", "yml", "toml", "ini", "cfg", "conf", "properties", "txt", "py"].flatMap((ending) => [`**/*.${ending}`, `**/.${ending}`])

/**
 * Secrets in files that git ignores. A clone has none of them, so they do not count; but a file can be ignored and committed
 * all the same.
 */
export async function secretsInIgnoredFiles(context: ScanContext, ignored: Directory): Promise<Warning[]> {
  const scanners = chosen(context, ["secrets"])
  const files = ignored.filter({ include: KEY_FILES })
  if (scanners.length === 0 || (await files.entries()).length === 0) return []
  const run = await runTrivy("repository", context.trivy.withMountedDirectory(REPOSITORY, files), ["fs", ...scanOptions(scanners, context.timeout), REPOSITORY])
  if (run.kind === "failed") return [{ code: "secret-in-ignored-file", message: `files that git ignores could not be looked at: ${run.reason.message}` }]
  const paths = run.report.Results.filter((result) => result.Secrets.length > 0).map((result) => result.Target)
  if (paths.length === 0) return []
  return [{ code: "secret-in-ignored-file", message: `secrets in files that git ignores do not count: ${some(paths)}. \`git ls-files -ci --exclude-standard\` shows whether one is committed all the same` }]
}

function some(paths: string[]): string {
  return paths.length > 3 ? `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more` : paths.join(", ")
}
