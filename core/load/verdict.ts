import { count } from "../shared/figures.js"
import { isPassed, type LoadResult, reasonsOf, type ThresholdVerdict } from "./result.js"

/** The verdict as one line, for the end of a log and the top of a page. */
export function loadVerdictLine(result: LoadResult): string {
  if (!isPassed(result)) return `FAILED: ${problems(result).join("; ")}`
  const { scenarios, notRun } = result
  const parts = [
    `${count(thresholdsOf(result).length, "threshold")} passed`,
    `${count(requestsOf(result), "request")} measured`,
  ]
  const all = scenarios.length + notRun.length
  return `PASSED: ${notRun.length > 0 ? `${scenarios.length} of ${count(all, "scenario")}` : count(all, "scenario")}, ${parts.join(", ")}`
}

export function requestsOf(result: LoadResult): number {
  return result.scenarios.reduce((sum, { figures }) => sum + (figures?.requests ?? 0), 0)
}

export function failedOf(result: LoadResult): number {
  return result.scenarios.reduce((sum, { figures }) => sum + (figures?.failed ?? 0), 0)
}

export function thresholdsOf(result: LoadResult): ThresholdVerdict[] {
  return result.scenarios.flatMap(({ thresholds }) => thresholds)
}

function problems(result: LoadResult): string[] {
  if (result.scenarios.length === 0) return ["no scenario ran"]
  const whole = result.reasons.map(({ message }) => firstClause(message))
  const failed = result.scenarios.flatMap(({ plan, thresholds }) =>
    thresholds.filter(({ verdict }) => verdict.kind === "failed").map(({ name }) => `${plan.name} ${name}`),
  )
  const open = thresholdsOf(result).filter(({ verdict }) => verdict.kind === "inconclusive").length
  const words = [...whole]
  if (failed.length > 0)
    words.push(`${failed.length} of ${count(thresholdsOf(result).length, "threshold")} failed (${shortList(failed)})`)
  // not worth mentioning in a run without figures
  if (open > 0 && whole.length === 0) words.push(`${count(open, "threshold")} inconclusive`)
  const others = reasonsOf(result).filter(({ code }) => code === "figures-disagree").length
  return words.length > 0 ? words : [count(others, "reason")]
}

function firstClause(message: string): string {
  return message.split(/[:;] /)[0] ?? message
}

function shortList(names: string[]): string {
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`
}
