import { z } from "zod"
import type { CoverageSettings } from "../config/qa.js"
import type { CoverageVerdict, FileCoverage } from "./result.js"

/** What decides what is measured. */
type Measured = Omit<CoverageSettings, "patch">

/** What `coverage json` writes, as far as it is used here. */
const coverageReport = z.object({
  totals: z.object({ percent_covered: z.number(), covered_lines: z.number() }),
  files: z.record(
    z.string(),
    z.object({
      summary: z.object({ num_statements: z.number(), covered_lines: z.number(), percent_covered: z.number() }),
      missing_lines: z.array(z.number()),
    }),
  ),
})

/**
 * Tollgate's own settings for coverage.py: the app's are not read, since they could leave out what is not covered.
 *
 * @param app folder of the app, absolute: a test process may work in another one
 * @param data file that each process adds its own ending to
 */
export function measuringConfiguration(settings: Measured, app: string, data: string): string {
  return configuration(settings, [
    // a process may work in another folder, and names relative to that one would be another file's
    "relative_files = false",
    `source =${list(settings.source.map((folder) => absolute(app, folder)))}`,
    `data_file = ${data}`,
    // a server that a test ends with SIGTERM has run the app's code as well
    "sigterm = true",
  ])
}

/** For the report on all data together: files are named relative to the app, and only those of the asked folders count. */
export function reportingConfiguration(settings: Measured, app: string): string {
  const folders = settings.source.filter((folder) => folder !== ".")
  return [
    configuration(settings, ["relative_files = true"]).trimEnd(),
    // a runner that measured more, its own tests for example, has left that in the data too
    ...(folders.length === settings.source.length ? [`include =${list(folders.map((folder) => `${folder}/*`))}`] : []),
    // a file that was generated for a suite alone has no source here
    "ignore_errors = true",
    "[paths]",
    ...folders.map((folder, index) => `source${index} =${list([folder, absolute(app, folder)])}`),
    "",
  ].join("\n")
}

const list = (values: string[]) => values.map((value) => `\n    ${value}`).join("")

function absolute(app: string, folder: string): string {
  return folder === "." ? app : `${app}/${folder}`
}

function configuration(settings: Measured, run: string[]): string {
  return [
    "[run]",
    ...run,
    `branch = ${settings.branch}`,
    `concurrency =${list(settings.concurrency)}`,
    ...(settings.omit.length > 0 ? [`omit =${list(settings.omit)}`] : []),
    "parallel = true",
    "disable_warnings = no-data-collected, module-not-imported, module-not-measured",
    "[report]",
    `exclude_lines =${list(["pragma: no cover", ...settings.exclude])}`,
    "include_namespace_packages = true",
    "",
  ].join("\n")
}

/** What all suites' coverage data came to: what `coverage json` wrote, or why there is nothing. */
export type CoverageReport = { kind: "json"; text: string } | { kind: "none"; why: string }

/** @param said by coverage.py, in the processes that it did not measure */
export function nothingMeasured(said: readonly string[]): string {
  const words = [...new Set(said)]
  return `no process of any suite left coverage data${words.length === 0 ? "" : `. coverage.py: ${words.join("; ")}. qa.coverage of tollgate.yaml has its settings`}`
}

/**
 * Judges the coverage of all suites together.
 *
 * @param complete all suites of tollgate.yaml ran: of some of them no total can be asked
 */
export function judgeCoverage(settings: Measured | null, report: CoverageReport, complete: boolean): CoverageVerdict {
  if (settings === null) return { kind: "not-asked" }
  const { threshold } = settings
  if (report.kind === "none") return { kind: "missing", threshold, why: report.why }
  const parsed = coverageReport.parse(JSON.parse(report.text))
  if (parsed.totals.covered_lines === 0)
    return { kind: "missing", threshold, why: `no line of ${settings.source.join(", ")} was measured in any process` }
  const percent = parsed.totals.percent_covered
  const files = Object.entries(parsed.files).map(
    ([file, { summary, missing_lines }]): FileCoverage => ({
      file,
      statements: summary.num_statements,
      covered: summary.covered_lines,
      percent: summary.percent_covered,
      missingLines: missing_lines,
    }),
  )
  if (!complete) return { kind: "partial", percent, threshold, files }
  return { kind: percent >= threshold ? "passed" : "below", percent, threshold, files }
}
