import { type Container, dag } from "@dagger.io/dagger"
import { TollgateError } from "../errors.js"
import { asExecError } from "../exec-error.js"
import type { Reason, ScanName } from "./result.js"
import { readTrivyReport, type TrivyReport } from "./trivy-report.js"

const IMAGE = "aquasec/trivy:0.69.0"
const ROOM = "/tollgate"
const SETTINGS = `${ROOM}/settings`
const CACHE = `${ROOM}/cache`
const REPORT = `${ROOM}/report.json`
export const DATABASE = `${CACHE}/db`

/**
 * Trivy takes no notice of secrets in tests, examples and Markdown: what is committed there can be read just as well. Example
 * values stay allowed, and what packages of others bring along.
 */
const SECRET_SETTINGS = `disable-allow-rules: [tests, examples, markdown]
allow-rules:
  - id: example-values
    description: values that say they are an example
    regex: (?i)example
  - id: third-party-packages
    description: installed packages of others
    path: (site|dist)-packages/
`

/** Explicit and empty: Trivy would take trivy.yaml and .trivyignore from the folder it works in. */
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
    ...settingsOptions, ...quietOptions, "--cache-backend", "memory", "--offline-scan", "--skip-db-update", "--skip-java-db-update", "--skip-check-update",
    "--ignorefile", `${SETTINGS}/ignore`, "--secret-config", `${SETTINGS}/secret.yaml`,
    "--scanners", scanners.join(","), "--timeout", `${timeout}s`, `--list-all-pkgs=${scanners.includes("vuln")}`, "--format", "json", "--output", REPORT,
  ]
}

export function downloadOptions(repository: string, timeout: number): string[] {
  return ["--download-db-only", "--db-repository", repository, ...settingsOptions, ...quietOptions, "--timeout", `${timeout}s`]
}

export function convertOptions(format: string, from: string, to: string): string[] {
  return ["--format", format, ...settingsOptions, "--ignorefile", `${SETTINGS}/ignore`, "--output", to, from]
}

/** Nothing is to be fetched while a scan runs, whatever the files under it refer to. */
const NOWHERE = "http://127.0.0.1:9"

function withoutNetwork(container: Container): Container {
  return ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].reduce((closed, name) => closed.withEnvVariable(name, NOWHERE), container)
}

/** Trivy in a folder of its own, and the repository that its image names for the database, if it names one. */
export async function trivyContainer(name = IMAGE): Promise<{ trivy: Container; repository: string | null }> {
  let settings = dag.directory()
  for (const [name, text] of FILES) settings = settings.withNewFile(name, text)
  const image = dag.container().from(name)
  try {
    const variables = await Promise.all((await image.envVariables()).map(async (variable) => [await variable.name(), await variable.value()] as const))
    let trivy = image
    for (const [name] of variables) if (name.startsWith("TRIVY_")) trivy = trivy.withoutEnvVariable(name)
    const repository = variables.find(([name]) => name === "TRIVY_DB_REPOSITORY")?.[1]
    return { trivy: trivy.withDirectory(SETTINGS, settings).withWorkdir(`${ROOM}/work`), repository: repository ?? null }
  } catch (error) {
    throw toolMissing(name, error)
  }
}

function toolMissing(name: string, error: unknown): TollgateError {
  const said = (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? ""
  return new TollgateError(
    "tool-missing",
    `Trivy's image ${name} cannot be had: ${said}`,
    "Nothing was scanned. The engine must reach Docker Hub or a mirror of it; for the engine without Docker `npx tollgate engine up --with=trivy` builds the image.",
  )
}

export type TrivyRun = { kind: "report"; scan: ScanName | "control"; text: string; report: TrivyReport } | { kind: "failed"; scan: ScanName | "control"; reason: Reason }

/** Runs a command of Trivy's and reads its report. A run that failed is not kept by the engine's cache. */
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
  return { kind: "failed", scan, reason: { code: "report-invalid", message: `the ${scan} scan left no report that can be read: ${reading.why}`, next: "run it again; if it stays, open an issue with what Trivy printed" } }
}

function scanFailed(scan: string, code: number, said: string): Reason {
  const line = said.split("\n").filter((one) => /FATAL|panic:/.test(one)).at(-1) ?? said.trim().split("\n").at(-1) ?? ""
  const words = line.replace(/^\S+\s+FATAL\s+/, "").replace(/\s+/g, " ").trim()
  const next = /Java DB/.test(line)
    ? "it holds Java archives, which Trivy cannot tell apart without an index that is not downloaded here"
    : /deadline exceeded|timeout/i.test(line)
      ? "give it longer: scan.timeout"
      : ""
  return { code: "scan-failed", message: `Trivy ended with ${code} in the ${scan} scan, so nothing is known of it: ${words}`, next }
}

/** For the line that ends its step. */
export function trivyOutline(run: TrivyRun | null): string {
  if (run === null) return "nothing to look for"
  return run.kind === "failed" ? "RED" : "done"
}
