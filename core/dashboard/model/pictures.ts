import type { ReleaseRecord } from "../../ledger/ledger.js"
import type { StoredSample } from "../../ledger/samples/rows.js"
import { inOrder, type Point, type Scale, scaleOf, thinned } from "../../presentation/chart-scale.js"
import type { Metric } from "../../release/monitor/samples.js"
import { duration } from "../../shared/figures.js"

/** Pictures of what the watch of a release measures, from the samples that the ledger has. */

export type PictureState = "within" | "broken" | "few" | "unclear" | "unjudged" | "none"

export interface Picture {
  readonly metric: Metric
  readonly name: string
  /** Of the vertical axis. */
  readonly unit: string
  readonly state: PictureState
  /** The latest figure. */
  readonly now: string
  /** null: it is not judged. */
  readonly threshold: { readonly value: number; readonly words: string } | null
  /** Of the release before; null: there was none, or it was not measured. */
  readonly before: { readonly value: number | null; readonly words: string } | null
  readonly points: readonly PicturePoint[]
  readonly scale: Scale
  readonly tick: (value: number) => string
  /** When the release got the traffic, and the latest sample, in milliseconds since 1970. */
  readonly switchedAt: number
  readonly until: number
  /** All of it in words. */
  readonly words: string
}

export interface PicturePoint extends Point {
  /** Larger than what can be measured. */
  readonly beyond: boolean
  /** The figure with its unit, and how many measurements it is made of. */
  readonly words: string
}

export interface Pictures {
  readonly pictures: readonly Picture[]
  /** Names of metrics that the run did not measure. */
  readonly unmeasured: readonly string[]
  /** The same figures as a table, the latest first. */
  readonly rows: readonly ValueRow[]
  /** How many rows there would be with all samples. */
  readonly allRows: number
}

export interface ValueRow {
  readonly at: number
  /** Of each picture. */
  readonly words: readonly string[]
}

interface Kind {
  readonly metric: Metric
  readonly name: string
  readonly unit: string
  readonly limit: "most" | "least"
  readonly ceiling: number | null
  /** What a figure is made of. */
  readonly of: string
  readonly value: (value: number) => string
  readonly tick: (value: number) => string
}

const percents = {
  unit: "%",
  ceiling: 100,
  value: (value: number) => `${value.toFixed(2)} %`,
  tick: (value: number) => `${value} %`,
} as const

const KINDS: readonly Kind[] = [
  { metric: "payments", name: "Payment success rate", limit: "least", of: "payments", ...percents },
  {
    metric: "p95",
    name: "Response time, 95th percentile",
    unit: "time",
    limit: "most",
    ceiling: null,
    of: "requests",
    value: duration,
    tick: duration,
  },
  { metric: "errors", name: "Error rate", limit: "most", of: "requests", ...percents },
  { metric: "connections", name: "Database connections", limit: "most", of: "connections", ...percents },
]

/** Points of one picture: it is not wider on any screen. */
export const MOST_POINTS = 300
/** Of the table: a page is read again at each sample, so it has no more than a person reads. */
export const MOST_ROWS = 20

/** @param samples of one release, in any order; null when it has none */
export function picturesOf(samples: readonly StoredSample[], { steps }: Pick<ReleaseRecord, "steps">): Pictures | null {
  const newest = samples.reduce<StoredSample | null>(
    (one, other) => (one === null || other.at > one.at ? other : one),
    null,
  )
  if (newest === null) return null
  // a run that went on after another was killed watches from the begin
  const own = samples.filter(({ run }) => run === newest.run)
  const switched = switchTime(steps, own)
  const pictures = KINDS.flatMap((kind) => pictureOf(kind, own, switched) ?? [])
  const drawn = new Set(pictures.map(({ metric }) => metric))
  return {
    pictures,
    unmeasured: KINDS.filter(({ metric }) => !drawn.has(metric)).map(({ name }) => name),
    ...tableOf(
      KINDS.filter(({ metric }) => drawn.has(metric)),
      own.filter(({ phase }) => phase === "watch"),
    ),
  }
}

/** Of all samples, and not of the points that are drawn: those of two pictures may be of different times. */
function tableOf(kinds: readonly Kind[], watched: readonly StoredSample[]): Pick<Pictures, "rows" | "allRows"> {
  const known = new Set<string>(kinds.map(({ metric }) => metric))
  const samples = new Map(watched.map((sample) => [`${sample.metric} ${sample.at}`, sample]))
  const times = [...new Set(watched.filter(({ metric }) => known.has(metric)).map(({ at }) => at))].sort(
    (a, b) => b - a,
  )
  const part = (place: number) => Math.floor((place * (MOST_ROWS - 1)) / (times.length - 1))
  // the first and the last stay
  const shown = times.filter((_, place) => times.length <= MOST_ROWS || place === 0 || part(place) > part(place - 1))
  const words = (kind: Kind, at: number) => {
    const sample = samples.get(`${kind.metric} ${at}`)
    return sample === undefined ? "not measured at this time" : figureWords(kind, sample)
  }
  return { rows: shown.map((at) => ({ at, words: kinds.map((kind) => words(kind, at)) })), allRows: times.length }
}

/** The end of the step that switched, unless it was in another run. */
function switchTime(steps: ReleaseRecord["steps"], samples: readonly StoredSample[]): number {
  const watched = samples.filter(isWatched)
  const began = (watched.length > 0 ? watched : samples).reduce((time, one) => Math.min(time, one.since), Infinity)
  const step = steps.findLast(({ name, outcome }) => name === "switch" && outcome === "done")
  const ended = step === undefined ? Number.NaN : Date.parse(step.startedAt) + (step.seconds ?? 0) * 1000
  return ended <= began && began - ended < LONGEST_BETWEEN ? ended : began
}

function isWatched({ phase }: StoredSample): boolean {
  return phase === "watch" || phase === "watch-maintenance"
}

/** Of time that is not judged: the proxy answered 503 itself. */
function isInMaintenance({ phase }: StoredSample): boolean {
  return phase.endsWith("-maintenance")
}

/** Between the switch and the first reading after it: verifying what serves. */
const LONGEST_BETWEEN = 120_000

function pictureOf(kind: Kind, samples: readonly StoredSample[], switchedAt: number): Picture | null {
  const own = inOrder(samples.filter(({ metric }) => metric === kind.metric))
  const watched = own.filter(isWatched)
  const before = own.findLast(({ phase }) => phase === "before" || phase === "before-maintenance") ?? null
  const last = watched.at(-1) ?? null
  if (last === null && before === null) return null
  const threshold = last?.threshold ?? before?.threshold ?? null
  const points = thinned(watched, MOST_POINTS)
  const values = [...points, ...(before === null ? [] : [before])].flatMap(({ value }) => value ?? [])
  const words = {
    now: figureWords(kind, last),
    threshold: threshold === null ? null : thresholdWords(kind, threshold),
    before: before === null ? null : beforeWords(kind, before),
  }
  const state = stateOf(kind, last)
  return {
    metric: kind.metric,
    name: kind.name,
    unit: kind.unit,
    state,
    now: words.now,
    threshold: threshold === null || words.threshold === null ? null : { value: threshold, words: words.threshold },
    before: before === null || words.before === null ? null : { value: before.value, words: words.before },
    points: points.map((sample) => ({
      at: sample.at,
      value: sample.value,
      beyond: sample.beyond && sample.value !== null,
      words: figureWords(kind, sample),
    })),
    scale: scaleOf({ values, threshold, limit: kind.limit, ceiling: kind.ceiling }),
    tick: kind.tick,
    switchedAt,
    until: Math.max(switchedAt + 1000, last?.at ?? 0),
    words: allWords(kind, state, words, watched),
  }
}

/** As the monitor judges it. */
function stateOf({ limit }: Kind, last: StoredSample | null): PictureState {
  if (last === null || last.value === null) return "none"
  const { value, threshold, outOf, least, beyond } = last
  if (threshold === null) return "unjudged"
  if (outOf === null || outOf < least) return "few"
  if (beyond) return value >= threshold ? "broken" : "unclear"
  return (limit === "most" ? value > threshold : value < threshold) ? "broken" : "within"
}

export const STATES: Record<PictureState, string> = {
  within: "within the threshold",
  broken: "outside the threshold",
  few: "too few for a verdict",
  unclear: "beyond what the proxy measures",
  unjudged: "no threshold",
  none: "no data",
}

function figureWords({ of, value: written, metric }: Kind, sample: StoredSample | null): string {
  if (sample !== null && isInMaintenance(sample)) return "no data: maintenance mode"
  if (sample === null || (sample.value === null && sample.outOf === null)) return "no data"
  const { value, outOf, least, threshold, beyond } = sample
  if (value === null) return `no data: ${outOf === 0 ? `no ${of}` : `${outOf} ${of}`}`
  const text = `${beyond ? "> " : ""}${written(value)}`
  if (outOf === null) return text
  if (metric === "connections") return `${text}: ${Math.round((value * outOf) / 100)} of ${outOf}`
  return `${text} of ${outOf} ${of}${threshold !== null && outOf < least ? `, ${least} are needed` : ""}`
}

/** Of its requests, those until the switch are counted; of its payments, all. */
function beforeWords(kind: Kind, sample: StoredSample): string {
  const words = figureWords(kind, sample)
  return kind.metric === "payments" && sample.value !== null ? `${words} since it started` : words
}

function thresholdWords({ limit, tick }: Kind, threshold: number): string {
  return `threshold: at ${limit} ${tick(threshold)}`
}

function allWords(
  kind: Kind,
  state: PictureState,
  words: { readonly now: string; readonly threshold: string | null; readonly before: string | null },
  watched: readonly StoredSample[],
): string {
  const values = watched.flatMap(({ value }) => value ?? [])
  const empty = watched.length - values.length
  const closed = watched.filter(isInMaintenance).length
  const [first, last] = [watched[0], watched.at(-1)]
  const range =
    values.length === 0
      ? ""
      : `, from ${kind.value(values.reduce((one, other) => Math.min(one, other)))} to ${kind.value(values.reduce((one, other) => Math.max(one, other)))}`
  return [
    `${kind.name}: ${words.now}${state === "none" ? "" : `, ${STATES[state]}`}.`,
    words.threshold === null ? "It has no threshold." : `${capital(words.threshold)}.`,
    words.before === null ? "" : `Release before: ${words.before}.`,
    first === undefined || last === undefined
      ? "No sample since the switch."
      : `${watched.length === 1 ? "1 sample" : `${watched.length} samples`} in ${duration(Math.max(0, last.at - first.since) / 1000)}${range}${empty === 0 ? "" : `; ${empty} without data${closed === 0 ? "" : `, ${closed} of them in maintenance mode`}`}.`,
  ]
    .filter((part) => part !== "")
    .join(" ")
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
