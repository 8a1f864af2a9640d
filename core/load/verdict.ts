import { count } from "../report/figures.js"
import { isKept, type LoadResult, reasonsOf, type ThresholdVerdict } from "./result.js"

/** The verdict in words, for the last line of a log and the head of a page. */
export function loadVerdictLine(result: LoadResult): string {
  if (!isKept(result)) return `RED: ${problems(result).join("; ")}`
  const { scenarios, notRun } = result
  const parts = [count(thresholdsOf(result).length, "threshold") + " kept", `${count(requestsOf(result), "request")} measured`]
  const all = scenarios.length + notRun.length
  return `PROVEN: ${notRun.length > 0 ? `${scenarios.length} of ${count(all, "scenario")}` : count(all, "scenario")}, ${parts.join(", ")}`
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
  const broken = result.scenarios.flatMap(({ plan, thresholds }) => thresholds.filter(({ verdict }) => verdict.kind === "broken").map(({ name }) => `${plan.name} ${name}`))
  const open = thresholdsOf(result).filter(({ verdict }) => verdict.kind === "inconclusive").length
  const words = [...whole]
  if (broken.length > 0) words.push(`${broken.length} of ${count(thresholdsOf(result).length, "threshold")} broken (${shortList(broken)})`)
  // of a run without any figures that goes without saying
  if (open > 0 && whole.length === 0) words.push(`${count(open, "threshold")} could not be judged`)
  const others = reasonsOf(result).filter(({ code }) => code === "figures-disagree").length
  return words.length > 0 ? words : [count(others, "reason")]
}

function firstClause(message: string): string {
  return message.split(/[:;] /)[0] ?? message
}

function shortList(names: string[]): string {
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`
}
