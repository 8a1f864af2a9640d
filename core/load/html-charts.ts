import { figure, type Markup, markup, nothing } from "../presentation/html-markup.js"
import { count } from "../shared/figures.js"
import { binOf, EDGES, placeOf } from "./bins.js"
import { percentOf, rate, time } from "./figures.js"
import type { Figures } from "./measurement.js"
import type { ScenarioResult } from "./result.js"

/**
 * Charts without scripts. Positions are percentages of the width, so that text keeps its size on every screen.
 */

const HEIGHT = 210
const TOP = 46

interface Mark {
  name: string
  value: number
  kind: "measured" | "asked"
}

/** Distribution of response times, with failed requests beside it, since they have no time of their own. */
export function distribution({ figures, plan }: ScenarioResult): Markup {
  if (figures === null || figures.times === null) return nothing
  const { times } = figures
  const asked = Object.entries(plan.thresholds.times).map(
    ([name, value]): Mark => ({ name: `${name} threshold`, value, kind: "asked" }),
  )
  const measured = (["p50", "p95", "p99"] as const).map(
    (name): Mark => ({ name, value: times[name], kind: "measured" }),
  )
  // failed requests count as the time-out: such a mark lies beyond the bars
  const answered = figures.histogram.at(-1)?.from ?? 0
  const marks = [
    ...measured.filter(({ value }) => figures.failed === 0 || value <= Math.max(answered * 2, 1)),
    ...asked,
  ]
  const first = binOf(figures.histogram[0]?.from ?? 0)
  const last = Math.max(binOf(answered), ...marks.map(({ value }) => binOf(value)))
  const bins = last - first + 1
  const width = figures.failed > 0 ? 86 : 100
  const most = Math.max(1, figures.failed, ...figures.histogram.map((bin) => bin.count))
  const x = (place: number) => ((place - first) / bins) * width
  const bars = figures.histogram.map((bin) =>
    column(
      x(binOf(bin.from)),
      width / bins,
      bin.count / most,
      "right",
      `${time(bin.from)} to ${time(bin.to)}: ${bin.count}`,
    ),
  )
  const failed =
    figures.failed === 0
      ? nothing
      : markup`${column(90, 10, figures.failed / most, "failed", `failed: ${figures.failed}`)}<text x="95%" y="${TOP + HEIGHT + 16}" text-anchor="middle" class="bad-label">failed</text>`
  const words = `${count(figures.requests, "request")}: half within ${time(times.p50)}, 95 % within ${time(times.p95)}, 99 % within ${time(times.p99)}, ${figures.failed} failed`
  return markup`<figure class="chart"><figcaption>Response times <small>one bar for each range of times; the highest has ${most}</small></figcaption>
<svg role="img" aria-label="${words}" width="100%" height="${TOP + HEIGHT + 22}"><g>${bars}${failed}</g>
<rect class="base" x="0" y="${TOP + HEIGHT}" width="100%" height="1"/>
${marks.map((mark, index) => markLine(mark, x(placeOf(mark.value)), index))}${edgeLabels(first, bins, x, width)}</svg></figure>`
}

function column(x: number, width: number, share: number, kind: string, title: string): Markup {
  const height = share === 0 ? 0 : Math.max(2, share * HEIGHT)
  return markup`<rect class="${kind}" x="${figure(x + width * 0.06)}%" y="${figure(TOP + HEIGHT - height)}" width="${figure(width * 0.88)}%" height="${figure(height)}"><title>${title}</title></rect>`
}

/** Labels alternate between three heights, so that neighbours do not overlap. */
function markLine({ name, value, kind }: Mark, x: number, index: number): Markup {
  const y = 11 + (index % 3) * 14
  const before = x > 60
  return markup`<svg x="${figure(x)}%" overflow="visible" class="mark ${kind}"><line x1="0" x2="0" y1="${y - 8}" y2="${TOP + HEIGHT}"/><text x="${before ? -5 : 5}" y="${y}" text-anchor="${before ? "end" : "start"}">${name} ${time(value)}</text></svg>`
}

function edgeLabels(first: number, bins: number, x: (place: number) => number, width: number): Markup[] {
  const step = Math.ceil(bins / 6)
  return Array.from({ length: Math.floor(bins / step) + 1 }, (_, index) => first + index * step).map((bin) => {
    const place = x(bin)
    // no room beside the bar of failed requests
    if (width < 100 && place > width - 8) return nothing
    const anchor = bin === first ? "start" : place > 94 ? "end" : "middle"
    return markup`<text x="${figure(place)}%" y="${TOP + HEIGHT + 16}" text-anchor="${anchor}">${edge(EDGES[bin] ?? 0)}</text>`
  })
}

function edge(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`
}

const MOST_BARS = 90

interface Bucket {
  from: number
  seconds: number
  right: number
  failed: number
  dropped: number
  p50: number
  p95: number
}

/** In a long run several seconds share a bar, which shows the times of the slowest one. */
function buckets({ seconds }: Figures): Bucket[] {
  const size = Math.max(1, Math.ceil(seconds.length / MOST_BARS))
  return Array.from({ length: Math.ceil(seconds.length / size) }, (_, index) => {
    const part = seconds.slice(index * size, (index + 1) * size)
    const sum = (of: (second: Figures["seconds"][number]) => number) =>
      part.reduce((total, second) => total + of(second), 0)
    return {
      from: index * size,
      seconds: part.length,
      right: sum((second) => second.requests - second.failed),
      failed: sum((second) => second.failed),
      dropped: sum((second) => second.dropped),
      p50: Math.max(...part.map((second) => second.p50)),
      p95: Math.max(...part.map((second) => second.p95)),
    }
  })
}

/** Requests by the second in which they started, stacked: correct, failed, not sent. */
export function overTime(result: ScenarioResult): Markup {
  const { figures, rate: rates, plan } = result
  if (figures === null || figures.requests + figures.dropped === 0) return nothing
  const parts = buckets(figures)
  const perSecond = (value: number, { seconds }: Bucket) => value / seconds
  const most =
    Math.max(rates.asked, ...parts.map((part) => perSecond(part.right + part.failed + part.dropped, part))) * 1.05
  const width = 100 / parts.length
  const bars = parts.map((part, index) => {
    const title = `second ${part.from + 1}: ${part.right} correct, ${part.failed} failed, ${part.dropped} not sent`
    return stack(
      index * width,
      width,
      [
        { kind: "right", share: perSecond(part.right, part) / most },
        { kind: "failed", share: perSecond(part.failed, part) / most },
        { kind: "dropped", share: perSecond(part.dropped, part) / most },
      ],
      title,
    )
  })
  const asked = LOW * (1 - rates.asked / most)
  const words = `target ${rate(rates.asked)}, achieved ${rate(rates.reached)}; ${percentOf((figures.failed / Math.max(1, figures.requests)) * 100)} failed, ${figures.dropped} not sent`
  return markup`<figure class="chart"><figcaption>Requests, second by second <small>${words}</small></figcaption>
<svg role="img" aria-label="${words}" width="100%" height="${LOW + 22}"><g>${bars}</g><rect class="base" x="0" y="${LOW}" width="100%" height="1"/>
<g class="mark asked"><line x1="0" x2="100%" y1="${figure(asked)}" y2="${figure(asked)}"/></g>${secondLabels(plan.duration, LOW)}</svg></figure>
${timesOverTime(result, parts)}`
}

const LOW = 90
/** Space for a label above a line at the top. */
const HEADROOM = 16

function stack(x: number, width: number, parts: { kind: string; share: number }[], title: string): Markup {
  let top = LOW
  const rects = parts
    .filter(({ share }) => share > 0)
    .map(({ kind, share }) => {
      const height = Math.max(1, share * LOW)
      top -= height
      return markup`<rect class="${kind}" x="${figure(x + width * 0.08)}%" y="${figure(top)}" width="${figure(width * 0.84)}%" height="${figure(height)}"/>`
    })
  return markup`<g><title>${title}</title>${rects}</g>`
}

function timesOverTime({ plan }: ScenarioResult, parts: Bucket[]): Markup {
  const asked = plan.thresholds.times["p95"]
  const most = Math.max(1, asked ?? 0, ...parts.map(({ p95 }) => p95)) * 1.08
  const y = (value: number) => HEADROOM + LOW * (1 - value / most)
  // seconds without requests leave a gap in the line
  const line = (of: (part: Bucket) => number) =>
    parts
      .map((part, index) =>
        part.right + part.failed === 0
          ? ""
          : `${index === 0 || empty(parts[index - 1]) ? "M" : "L"}${figure(((index + 0.5) / parts.length) * 1000)} ${figure(y(of(part)))}`,
      )
      .join("")
  const dots =
    parts.filter((part) => !empty(part)).length === 1
      ? parts.map((part, index) =>
          empty(part)
            ? nothing
            : markup`<circle cx="${figure(((index + 0.5) / parts.length) * 100)}%" cy="${figure(y(part.p95))}" r="3"/>`,
        )
      : []
  const highest = Math.max(0, ...parts.map(({ p95 }) => p95))
  const askedLine =
    asked === undefined
      ? nothing
      : markup`<g class="mark asked"><line x1="0" x2="100%" y1="${figure(y(asked))}" y2="${figure(y(asked))}"/><text x="2" y="${figure(y(asked) - 5)}">p95 threshold ${time(asked)}</text></g>`
  return markup`<figure class="chart"><figcaption>Response time, second by second <small>p95 (thick line), at most ${time(highest)}; p50 (thin line)</small></figcaption>
<svg role="img" aria-label="p95 of each second, at most ${time(highest)}" width="100%" height="${HEADROOM + LOW + 22}">
<svg class="lines" width="100%" height="${HEADROOM + LOW}" viewBox="0 0 1000 ${HEADROOM + LOW}" preserveAspectRatio="none"><path class="p50" d="${line(({ p50 }) => p50)}"/><path class="p95" d="${line(({ p95 }) => p95)}"/></svg>
<g class="dots">${dots}</g><rect class="base" x="0" y="${HEADROOM + LOW}" width="100%" height="1"/>${askedLine}${secondLabels(plan.duration, HEADROOM + LOW)}</svg></figure>`
}

function empty(part: Bucket | undefined): boolean {
  return part === undefined || part.right + part.failed === 0
}

function secondLabels(duration: number, base: number): Markup[] {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find((one) => duration / one <= 6) ?? 7200
  return Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step).map((second) => {
    const place = (second / duration) * 100
    const anchor = second === 0 ? "start" : place > 94 ? "end" : "middle"
    return markup`<text x="${figure(place)}%" y="${base + 16}" text-anchor="${anchor}">${second === 0 ? "0" : second % 60 === 0 ? `${second / 60} min` : `${second} s`}</text>`
  })
}
