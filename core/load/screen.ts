import { alignColumns, fit } from "../presentation/columns.js"
import { line, safe, screenColumns, screenLines } from "../presentation/screen.js"
import { count, duration, shortDigest } from "../shared/figures.js"
import { failureInWords } from "./failure.js"
import { percentOf, rate, time } from "./figures.js"
import {
  type CheckResult,
  isPassed,
  type LoadReason,
  type LoadResult,
  reasonsOf,
  type ScenarioResult,
  type ThresholdVerdict,
} from "./result.js"
import { loadVerdictLine } from "./verdict.js"

/** One screen for a terminal or CI log: requests, response times, thresholds, and why the test failed. */
export function loadScreen(result: LoadResult, where: { report: string }): string {
  const head = [...header(result), "", ...scenarioTable(result.scenarios)]
  const generator = ["", ...generatorLines(result)]
  const foot = ["", `Full report: ${where.report}`, "", line(loadVerdictLine(result))]
  const room = screenLines - head.length - generator.length - foot.length
  const why = isPassed(result) ? [] : ["", ...whyLines(result, Math.max(6, Math.floor(room * 0.6)))]
  return `${[...head, "", ...thresholdTable(result.scenarios, Math.max(4, room - why.length - 2)), ...generator, ...why, ...foot].join("\n")}\n`
}

function header({ tollgateVersion, target, source, plan, volume, notRun }: LoadResult): string[] {
  const what =
    target.kind === "image" ? [`the image of ${target.name}`, `source ${shortDigest(source ?? "")}`] : [target.name]
  const sent = `${count(plan.scenarios.length, "scenario")}, up to ${count(volume.requests, "request")} in ${duration(volume.seconds)}; the first ${duration(plan.warmUp)} are warm-up and not counted`
  const left = notRun.length === 0 ? [] : [line(`not run: ${notRun.join(", ")}`)]
  return [line([`Tollgate ${tollgateVersion}`, ...what].join(" · ")), line(sent), ...left]
}

const MOST_SCENARIOS = 8

export const scenarioTitles = [
  "scenario",
  "requests",
  "target",
  "achieved",
  "p50",
  "p95",
  "p99",
  "max",
  "failed",
  "checks",
]

function scenarioTable(scenarios: ScenarioResult[]): string[] {
  // failed scenarios are shown first
  const shown = [...scenarios]
    .sort((one, other) => Number(other.reasons.length > 0) - Number(one.reasons.length > 0))
    .slice(0, MOST_SCENARIOS)
  const rows = scenarios.filter((scenario) => shown.includes(scenario)).map(scenarioRow)
  const table = alignColumns(
    [scenarioTitles, ...rows],
    ["left", "right", "right", "right", "right", "right", "right", "right", "right", "left"],
  )
  const hidden = scenarios.length - rows.length
  return [
    ...table.map((row) => fit(row, screenColumns)),
    ...(hidden > 0 ? [`and ${hidden} more in the full report`] : []),
  ]
}

export function scenarioRow({ plan, figures, rate: rates, checks }: ScenarioResult): string[] {
  const name = line(plan.name, 20)
  if (figures === null || figures.times === null)
    return [name, "0", rate(rates.asked), "–", "–", "–", "–", "–", "–", "–"]
  const { p50, p95, p99, max } = figures.times
  const words = checksInWords(checks)
  return [
    name,
    String(figures.requests),
    rate(rates.asked),
    rate(rates.reached),
    ...[p50, p95, p99, max].map(time),
    percentOf((figures.failed / figures.requests) * 100),
    line(words, 24),
  ]
}

function checksInWords(checks: CheckResult[]): string {
  const failed = checks.filter((check) => check.failed > 0)
  const [first] = failed
  if (first !== undefined)
    return `${first.name} failed ${first.failed}×${failed.length > 1 ? ` +${failed.length - 1}` : ""}`
  // the body of an answer with an unexpected status is not checked
  return checks.every(({ judged }) => judged === 0) ? "not checked" : `${checks.length} passed`
}

function thresholdTable(scenarios: ScenarioResult[], room: number): string[] {
  const all = scenarios.flatMap(({ plan, thresholds }) =>
    thresholds.map((threshold) => ({ scenario: plan.name, threshold })),
  )
  const shown =
    room >= all.length ? all : all.filter(({ threshold }) => threshold.verdict.kind !== "passed").slice(0, room - 1)
  const rows = shown.map(({ scenario, threshold }) => [
    line(scenario, 20),
    threshold.name,
    askedInWords(threshold),
    measuredInWords(threshold),
    verdictInWords(threshold),
  ])
  const table = alignColumns(
    [["scenario", "figure", "threshold", "measured", "verdict"], ...rows],
    ["left", "left", "right", "right", "left"],
  )
  const hidden = all.slice().filter((one) => !shown.includes(one))
  const passed = hidden.filter(({ threshold }) => threshold.verdict.kind === "passed").length
  if (hidden.length === 0) return table
  return [
    ...table,
    `and ${passed} more passed${hidden.length > passed ? `, ${hidden.length - passed} more did not` : ""}`,
  ]
}

export function askedInWords({ name, unit, asked }: ThresholdVerdict): string {
  return name === "rate" ? `≥ ${asked} %` : `≤ ${unit === "ms" ? time(asked) : `${asked} %`}`
}

export function measuredInWords({ name, unit, measured, requests }: ThresholdVerdict): string {
  if (measured === null) return "–"
  if (name === "rate") return percentOf(measured)
  return `${unit === "ms" ? time(measured) : percentOf(measured)} of ${requests}`
}

export function verdictInWords({ verdict }: ThresholdVerdict): string {
  switch (verdict.kind) {
    case "passed":
      return "passed"
    case "failed":
      return "FAILED"
    case "inconclusive":
      return "INCONCLUSIVE"
  }
}

function generatorLines({ generator, warnings }: LoadResult): string[] {
  const { cpu } = generator
  const use =
    cpu === null
      ? []
      : [
          `load generator: ${percentOf(cpu.mean * 100)} of ${cpu.cores} cores, peak ${percentOf(cpu.peak * 100)}; CPU of the machine: ${percentOf(cpu.machine * 100)}`,
        ]
  const lines = [...use, ...warnings.map((warning) => line(`warning: ${warning}`))]
  return lines.length === 0 ? ["load generator: not run"] : lines
}

/** As many reasons as there is room for. */
function whyLines(result: LoadResult, room: number): string[] {
  const groups = [
    { name: "whole run", reasons: result.reasons },
    ...result.scenarios.map(({ plan, reasons }) => ({ name: plan.name, reasons })),
  ].filter(({ reasons }) => reasons.length > 0)
  const lines = groups.flatMap(({ name, reasons }) => [`  ${line(name, 40)}`, ...reasons.map(reasonLine)])
  const examples = exampleLines(result)
  const all = [...lines, ...examples]
  const most = room - 1
  const shown =
    all.length <= most
      ? all
      : [...all.slice(0, most - 1), `  more in the full report (${count(reasonsOf(result).length, "reason")} in all)`]
  return ["Why it failed", ...shown]
}

function reasonLine({ code, message }: LoadReason): string {
  return `    ${line(`${code}: ${message}`, screenColumns - 4)}`
}

/** The first wrong answer. Never at the start of a line, where `::error::` would be a command to GitHub. */
function exampleLines({ scenarios }: LoadResult): string[] {
  return scenarios.flatMap(({ plan, failures }) => {
    const [failure] = failures
    const said = safe(failure?.example ?? "")
    if (failure === undefined || said === "" || failure.kind === "connection" || failure.kind === "timeout") return []
    return [
      `  ${line(`first answer of ${plan.name} with ${failureInWords(failure)}:`, screenColumns - 2)}`,
      fit(`    | ${said}`, screenColumns),
    ]
  })
}
