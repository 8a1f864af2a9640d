import { differenceOf, shownValue, titleOf } from "../../ci/change.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { sparkline } from "../../presentation/html-sparkline.js"
import { trendLine } from "../../presentation/html-trend.js"
import { count, duration } from "../../shared/figures.js"
import type { CiRun } from "../model/ci-run.js"
import { baseOf, type GateFigure } from "../model/gate-figures.js"
import { median } from "../model/median.js"
import { placeOfFigure, type ReportLink } from "../model/report-links.js"
import type { Flakiness, SuiteTrend } from "../model/suites.js"
import { chip, path } from "./parts.js"

/** Parts of the pages about runs of `ci`. */

export function runLink({ number }: CiRun, words: Markup): Markup {
  return markup`<a href="${path("pipeline", String(number))}">${words}</a>`
}

export function verdictChip(verdict: CiRun["gates"][number]["verdict"]): Markup {
  return chip(verdict === "passed" ? "pass" : verdict === "failed" ? "fail" : "skip", verdict)
}

/** A link where the report is kept; otherwise the words alone. */
export function reportWords(href: string | null, words: Markup): Markup {
  return href === null ? words : markup`<a href="${href}">${words}</a>`
}

/** `41.0 s, median of 7 runs before 38.0 s`. */
export function timeWords({ ran, latest }: SuiteTrend): string {
  if (latest.seconds === null) return "no time: it left no evidence"
  const before = (latest.cached ? ran : ran.slice(0, -1)).flatMap(({ suite: { seconds } }) => seconds ?? [])
  const usual = median(before)
  return [
    `${duration(latest.seconds)}${latest.cached ? " in an earlier run (cached)" : ""}`,
    ...(usual === null ? [] : [`median of ${count(before.length, "run")} before ${duration(usual)}`]),
  ].join(", ")
}

export function suiteTrend({ name, ran }: SuiteTrend): Markup {
  if (ran.length < 2) return nothing
  const failed = ran.filter(({ suite }) => suite.verdict === "failed").length
  return sparkline(
    ran.map(({ run, suite: { seconds, verdict } }) => ({
      value: seconds ?? 0,
      failed: verdict === "failed",
      title: `${run.startedAt}: ${verdict}, ${seconds === null ? "no time" : duration(seconds)}`,
    })),
    `Duration of ${name} in its last ${count(ran.length, "run")}, ${failed} failed`,
  )
}

/** Nothing about a suite that is steady: only what asks for attention stands out. */
export function flakyNote(flakiness: Flakiness): Markup {
  if (flakiness.kind !== "flaky") return nothing
  return markup`${chip("fail", "flaky")} ${flakyWords(flakiness)}`
}

export function flakyWords(flakiness: Flakiness): string {
  if (flakiness.kind === "unknown") return "not known: no source was tested twice"
  const { sources, both, runs, failed } = flakiness
  return `passed and failed on ${both} of ${count(sources, "source")} tested more than once; failed in ${failed} of ${runs} runs on them`
}

/** The figure, and how it changed on the way into the base branch. */
export function figureWords(figure: GateFigure, run: CiRun, link: ReportLink): Markup {
  const { gate, name, value, base } = figure
  const title = reportWords(link(run, placeOfFigure(gate, name)), markup`${titleOf(figure)}`)
  const shown = markup`${title} ${shownValue(name, value)}`
  const branch = baseOf(run)
  if (base === null)
    return markup`${shown} <small>${branch === null ? "no base branch is known" : `no earlier run of ${branch} has it`}</small>`
  const change = differenceOf({ name, value, before: base.value })
  return markup`${shown} <small>${change === "" ? "unchanged since" : `${change} since`} ${runLink(base.run, markup`run ${base.run.number}`)} of ${branch ?? ""} (${shownValue(name, base.value)})</small>`
}

export function figureTrend({ name, trend }: GateFigure): Markup {
  if (trend.length < 2) return nothing
  const values = trend.map(({ value }) => value)
  const shown = (one: number | undefined) => (one === undefined ? "" : shownValue(name, one))
  return trendLine(
    trend.map(({ run, value }) => ({ value, title: `${run.startedAt}: ${shownValue(name, value)}` })),
    `${titleOf({ name })} in the last ${count(trend.length, "run")}: first ${shown(values[0])}, lowest ${shown(Math.min(...values))}, highest ${shown(Math.max(...values))}, last ${shown(values.at(-1))}`,
  )
}
