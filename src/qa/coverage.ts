import { z } from "zod"
import type { CoverageSettings } from "../config/qa.js"
import type { CoverageVerdict, FileCoverage } from "./result.js"

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

/** Tollgate's own settings for coverage.py: the app's are not read, since they could leave out what is not covered. */
export function measuringConfiguration(settings: CoverageSettings): string {
  return configuration(settings, [`source =${list(settings.source)}`])
}

/** The same without the folders: a report then names files relative to the app, not to each of the folders. */
export function reportingConfiguration(settings: CoverageSettings): string {
  return configuration(settings, [])
}

const list = (values: string[]) => values.map((value) => `\n    ${value}`).join("")

function configuration(settings: CoverageSettings, run: string[]): string {
  return [
    "[run]",
    ...run,
    `branch = ${settings.branch}`,
    `concurrency =${list(settings.concurrency)}`,
    ...(settings.omit.length > 0 ? [`omit =${list(settings.omit)}`] : []),
    "parallel = true",
    "relative_files = true",
    // a server that a test ends with SIGTERM has run the app's code as well
    "sigterm = true",
    "disable_warnings = no-data-collected, module-not-imported, module-not-measured",
    "[report]",
    `exclude_lines =${list(["pragma: no cover", ...settings.exclude])}`,
    "include_namespace_packages = true",
    "ignore_errors = false",
    "",
  ].join("\n")
}

/**
 * Judges the coverage of all suites together.
 *
 * @param report what `coverage json` wrote; null when no process left any data
 * @param complete all suites of tollgate.yaml ran: of some of them no total can be asked
 */
export function judgeCoverage(settings: CoverageSettings | null, report: string | null, complete: boolean): CoverageVerdict {
  if (settings === null) return { kind: "not-asked" }
  const { threshold } = settings
  if (report === null) return { kind: "missing", threshold, why: "no process of any suite left coverage data" }
  const parsed = coverageReport.parse(JSON.parse(report))
  if (parsed.totals.covered_lines === 0)
    return { kind: "missing", threshold, why: `no line of ${settings.source.join(", ")} was measured in any process` }
  const percent = parsed.totals.percent_covered
  const files = Object.entries(parsed.files).map(([file, { summary, missing_lines }]): FileCoverage => ({
    file,
    statements: summary.num_statements,
    covered: summary.covered_lines,
    percent: summary.percent_covered,
    missingLines: missing_lines,
  }))
  if (!complete) return { kind: "partial", percent, threshold, files }
  return { kind: percent >= threshold ? "proven" : "below", percent, threshold, files }
}
