import { type Container, dag } from "@dagger.io/dagger"
import { TollgateError } from "../shared/errors.js"
import { asExecError } from "../shared/exec-error.js"
import type { Reason, ScanName } from "./result.js"
import { readTrivyReport, type TrivyReport } from "./trivy-report.js"

const IMAGE = "aquasec/trivy:0.69.0"
const ROOM = "/tollgate"
const SETTINGS = `${ROOM}/settings`
const CACHE = `${ROOM}/cache`
const REPORT = `${ROOM}/report.json`
export const DATABASE = `${CACHE}/db`

/**
 * By default Trivy skips secrets in tests, examples and Markdown; committed secrets leak from there as well. Example values and
 * installed third-party packages stay allowed.
 */
const SECRET_SETTINGS = `disable-allow-rules: [tests, examples, markdown]
allow-rules:
  - id: example-values
    description: values that contain the word example
    regex: (?i)example
  - id: third-party-packages
    description: installed third-party packages
    path: (site|dist)-packages/
`

/** Explicit and empty, because Trivy would otherwise read trivy.yaml and .trivyignore from its working directory. */
const FILES = [
  ["trivy.yaml", "{}\n"],
  ["ignore", ""],
  ["secret.yaml", SECRET_SETTINGS],
] as const

const settingsOptions = ["--config", `${SETTINGS}/trivy.yaml`, "--cache-dir", CACHE]
const quietOptions = ["--disable-telemetry", "--skip-version-check", "--no-progress"]

/** Options of every scan. */
export function scanOptions(scanners: string[], timeout: number): string[] {
  return [
    ...settingsOptions,
    ...quietOptions,
    "--cache-backend",
    "memory",
    "--offline-scan",
    "--skip-db-update",
    "--skip-java-db-update",
    "--skip-check-update",
    "--ignorefile",
    `${SETTINGS}/ignore`,
    "--secret-config",
    `${SETTINGS}/secret.yaml`,
    "--scanners",
    scanners.join(","),
    "--timeout",
    `${timeout}s`,
    `--list-all-pkgs=${scanners.includes("vuln")}`,
    "--format",
    "json",
    "--output",
    REPORT,
  ]
}

export function downloadOptions(repository: string, timeout: number): string[] {
  return [
    "--download-db-only",
    "--db-repository",
    repository,
    ...settingsOptions,
    ...quietOptions,
    "--timeout",
    `${timeout}s`,
  ]
}

export function convertOptions(format: string, from: string, to: string): string[] {
  return ["--format", format, ...settingsOptions, "--ignorefile", `${SETTINGS}/ignore`, "--output", to, from]
}

/** A scan must not download anything, whatever the scanned files refer to. */
const NOWHERE = "http://127.0.0.1:9"

function withoutNetwork(container: Container): Container {
  return ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].reduce(
    (closed, name) => closed.withEnvVariable(name, NOWHERE),
    container,
  )
}

/** Trivy in its own working directory, and the database's repository that its image names in TRIVY_DB_REPOSITORY, if any. */
export async function trivyContainer(name = IMAGE): Promise<{ trivy: Container; repository: string | null }> {
  let settings = dag.directory()
  for (const [name, text] of FILES) settings = settings.withNewFile(name, text)
  const image = dag.container().from(name)
  try {
    const variables = await Promise.all(
      (await image.envVariables()).map(async (variable) => [await variable.name(), await variable.value()] as const),
    )
    let trivy = image
    for (const [name] of variables) if (name.startsWith("TRIVY_")) trivy = trivy.withoutEnvVariable(name)
    const repository = variables.find(([name]) => name === "TRIVY_DB_REPOSITORY")?.[1]
    return {
      trivy: trivy.withDirectory(SETTINGS, settings).withWorkdir(`${ROOM}/work`),
      repository: repository ?? null,
    }
  } catch (error) {
    throw toolMissing(name, error)
  }
}

function toolMissing(name: string, error: unknown): TollgateError {
  const cause = (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? ""
  return new TollgateError(
    "tool-missing",
    `Could not pull Trivy's image ${name}: ${cause}`,
    "Nothing was scanned. Make Docker Hub or a mirror of it reachable from the engine. On the engine without Docker, build the image with `npx tollgate engine up --with=trivy`.",
  )
}

export type TrivyRun =
  | { kind: "report"; scan: ScanName | "control"; text: string; report: TrivyReport }
  | { kind: "failed"; scan: ScanName | "control"; reason: Reason }

/** Runs Trivy and reads its report. The engine does not cache a run that failed. */
export async function runTrivy(scan: ScanName | "control", container: Container, args: string[]): Promise<TrivyRun> {
  let text: string
  try {
    const finished = withoutNetwork(container).withExec(["trivy", ...args])
    text = await finished.file(REPORT).contents()
  } catch (error) {
    const failed = asExecError(error)
    if (failed === null) throw error
    return { kind: "failed", scan, reason: scanFailed(scan, failed.exitCode, failed.stderr) }
  }
  const reading = readTrivyReport(text)
  if (reading.kind === "read") return { kind: "report", scan, text, report: reading.report }
  return {
    kind: "failed",
    scan,
    reason: {
      code: "report-invalid",
      message: `the ${scan} scan left no readable report: ${reading.why}`,
      next: "run again; if it fails again, open an issue with Trivy's output",
    },
  }
}

function scanFailed(scan: string, code: number, output: string): Reason {
  const line =
    output
      .split("\n")
      .filter((one) => /FATAL|panic:/.test(one))
      .at(-1) ??
    output.trim().split("\n").at(-1) ??
    ""
  const words = line
    .replace(/^\S+\s+FATAL\s+/, "")
    .replace(/\s+/g, " ")
    .trim()
  const next = /Java DB/.test(line)
    ? "the image has Java archives, for which Trivy needs an index that Tollgate does not download; set `image: false` under scan to leave the image out"
    : /deadline exceeded|timeout/i.test(line)
      ? "raise scan.timeout in tollgate.yaml"
      : "run again; if it fails again, open an issue with Trivy's output"
  return {
    code: "trivy-failed",
    message: `Trivy exited with code ${code} in the ${scan} scan, which therefore has no result: ${words}`,
    next,
  }
}

/** The outcome on the step's last line. */
export function trivyOutline(run: TrivyRun | null): string {
  if (run === null) return "skipped: its scanners are not enabled"
  return run.kind === "failed" ? "failed" : "done"
}
