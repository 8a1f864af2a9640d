import { figure, type Markup, markup, nothing } from "../presentation/html-markup.js"
import type { QaResult, SuiteResult } from "../qa/result.js"
import { duration, moment } from "../shared/figures.js"

interface Span {
  suite: SuiteResult
  from: number
  to: number
}

/** Shows which suites ran in parallel, and which one took longest. */
export function timeline(result: QaResult): Markup {
  const spans = result.suites.flatMap(spanOf)
  if (spans.length === 0) return nothing
  const latest = lastRun(spans)
  const start = Math.min(...latest.map((span) => span.from))
  const length = Math.max(
    0.001,
    ...spans.map((span) => (latest.includes(span) ? span.to - start : span.to - span.from)),
  )
  const ticks = ticksOf(length)
  const rows = spans.map((span) => row(span, latest.includes(span) ? span.from - start : null, length, ticks))
  return markup`<div class="card"><h3>Timeline</h3>
<ol class="timeline">${rows}</ol>
<div class="axis" aria-hidden="true"><svg>${ticks.map((tick) => label(tick, (tick / length) * 100))}</svg></div></div>`
}

function spanOf(suite: SuiteResult): Span[] {
  const from = Date.parse(suite.evidence?.startedAt ?? "") / 1000
  return Number.isNaN(from) ? [] : [{ suite, from, to: from + suite.seconds }]
}

/** Cached evidence may be a day old: only suites of the latest run share a time axis. */
function lastRun(spans: Span[]): Span[] {
  const byEnd = [...spans].sort((a, b) => b.to - a.to)
  const run: Span[] = []
  let start = Infinity
  for (const span of byEnd) {
    if (run.length > 0 && span.to < start - 60) break
    run.push(span)
    start = Math.min(start, span.from)
  }
  return run
}

function row({ suite, from, to }: Span, offset: number | null, length: number, ticks: number[]): Markup {
  const x = ((offset ?? 0) / length) * 100
  const width = ((to - from) / length) * 100
  const kind = offset === null ? "earlier" : suite.verdict.kind === "passed" ? "passed" : "failed"
  const when =
    offset === null
      ? `earlier run, ${moment(suite.evidence?.startedAt ?? "")}`
      : `from ${duration(offset)} to ${duration(offset + to - from)}`
  const grid = ticks.map(
    (tick) => markup`<rect class="grid" x="${figure((tick / length) * 100)}%" width="1" height="22"/>`,
  )
  return markup`<li><span class="name">${suite.suite}${offset === null ? markup`<small>earlier run</small>` : ""}</span>
<svg class="track" role="img" aria-label="${when}">${grid}<rect class="${kind}" x="${figure(x)}%" y="3" width="${figure(Math.max(width, 0.4))}%" height="16" rx="3"/></svg>
<span class="time">${duration(suite.seconds)}</span></li>`
}

function ticksOf(length: number): number[] {
  const step =
    [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find((one) => length / one <= 6) ?? 7200
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
}

/** The outermost labels stay within the axis. */
function label(tick: number, percent: number): Markup {
  const anchor = tick === 0 ? "start" : percent > 94 ? "end" : "middle"
  return markup`<text x="${figure(percent)}%" y="13" text-anchor="${anchor}">${tick === 0 ? "0" : tickLabel(tick)}</text>`
}

function tickLabel(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  return seconds < 60 || seconds % 60 !== 0 ? `${seconds} s` : `${seconds / 60} min`
}
