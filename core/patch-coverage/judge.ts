import { z } from "zod"
import type { Judged } from "../gate/outcome.js"
import { count, lineRanges, percent, threshold } from "../shared/figures.js"

/** diff-cover's JSON report, as far as it is used here. */
const patchReport = z.object({
  src_stats: z.record(
    z.string(),
    z.object({ violation_lines: z.array(z.number().int()), covered_lines: z.array(z.number().int()).default([]) }),
  ),
  total_num_lines: z.number().int(),
  total_num_violations: z.number().int(),
})

export type PatchReport = z.output<typeof patchReport>

export function readPatchReport(text: string): PatchReport {
  return patchReport.parse(JSON.parse(text))
}

export interface PatchRule {
  threshold: number
  /** Below this number of changed lines, the figure is only reported. */
  fewestLines: number
}

/** Coverage of the lines that the change touches. */
export function judgePatch(report: PatchReport, rule: PatchRule): Omit<Judged, "cached"> {
  const { total_num_lines: lines, total_num_violations: missing } = report
  if (lines === 0)
    return { verdict: "passed", words: "no measured line changed: nothing to cover", reasons: [], figures: [] }
  const covered = ((lines - missing) / lines) * 100
  const enough = covered >= rule.threshold
  const small = lines < rule.fewestLines
  const figure = `${percent(covered)} of ${count(lines, "changed line")}`
  const verdict = enough || small ? "passed" : "failed"
  return {
    verdict,
    words: enough
      ? `${figure}, threshold ${threshold(rule.threshold)}`
      : `${figure} is below ${threshold(rule.threshold)}${small ? `; not enforced below ${count(rule.fewestLines, "changed line")}` : ""}`,
    reasons: verdict === "passed" ? [] : uncovered(report),
    figures: [{ name: "patch-coverage", value: covered }],
  }
}

function uncovered({ src_stats: files }: PatchReport): string[] {
  return Object.entries(files)
    .filter(([, { violation_lines: missing }]) => missing.length > 0)
    .sort(([, one], [, other]) => other.violation_lines.length - one.violation_lines.length)
    .map(
      ([file, { violation_lines: missing }]) =>
        `${file}: no suite runs ${missing.length === 1 ? "line" : "lines"} ${lineRanges(missing)}`,
    )
}
