import type { ReleaseRecord, StepRecord } from "../../ledger/ledger.js"
import { median } from "./median.js"

/** A run in progress: the steps that are done, running and left, and the time left, estimated from earlier runs. */

export interface RunStep {
  readonly name: string
  readonly state: StepRecord["outcome"] | "left"
  readonly seconds: number | null
  /** Expected: the median of the same step in earlier runs, and of the watch the run's own window; null: not known. */
  readonly usual: number | null
  readonly startedAt: string | null
  readonly note: string
}

export interface RunProgress {
  readonly release: ReleaseRecord
  readonly steps: readonly RunStep[]
  /** Seconds since its start, by the ledger's clock. */
  readonly elapsed: number
  /** Expected seconds until its end; null: no earlier run to compare with, or it has ended. */
  readonly left: number | null
  /** Earlier runs that the estimate is made from. */
  readonly from: number
  /** Seconds of the run's own watch, which the estimate has instead of the median; null: not known. */
  readonly watch: number | null
}

/** Earlier runs that count: older ones say little about today. */
const RUNS = 20
/** The step that takes as long as release.monitor.window says, whatever it was before. */
const WATCH = "watch"

/**
 * @param releases of the environment, the newest first
 * @param now the ledger's clock
 */
export function runProgress(release: ReleaseRecord, releases: readonly ReleaseRecord[], now: Date): RunProgress {
  const earlier = releases
    .filter(({ id, action, outcome }) => id !== release.id && action === release.action && outcome === "live")
    .slice(0, RUNS)
  const watch = release.watch ?? null
  const usualOf = (name: string) =>
    name === WATCH && watch !== null
      ? watch
      : median(
          earlier.flatMap(({ steps }) =>
            steps.flatMap((step) => (step.name === name && step.seconds !== null ? [step.seconds] : [])),
          ),
        )
  const seen = new Set(release.steps.map(({ name }) => name))
  const begun = release.steps.map(
    ({ name, outcome, seconds, startedAt, note }): RunStep => ({
      name,
      state: outcome,
      seconds: outcome === "running" ? secondsBetween(startedAt, now) : seconds,
      usual: usualOf(name),
      startedAt,
      note,
    }),
  )
  const running = release.outcome === "running"
  // the steps of the newest earlier run: their order is the order of this one
  const left = running
    ? (earlier[0]?.steps ?? [])
        .filter(({ name }) => !seen.has(name))
        .map(
          ({ name }): RunStep => ({
            name,
            state: "left",
            seconds: null,
            usual: usualOf(name),
            startedAt: null,
            note: "",
          }),
        )
    : []
  const steps = [...begun, ...left]
  return {
    release,
    steps,
    elapsed: release.seconds ?? secondsBetween(release.startedAt, now),
    left:
      running && earlier.length > 0 && !release.steps.some(({ outcome }) => outcome === "failed")
        ? secondsLeft(steps)
        : null,
    from: earlier.length,
    watch,
  }
}

function secondsLeft(steps: readonly RunStep[]): number {
  return steps.reduce((sum, { state, seconds, usual }) => {
    if (state === "left") return sum + (usual ?? 0)
    return state === "running" ? sum + Math.max(0, (usual ?? 0) - (seconds ?? 0)) : sum
  }, 0)
}

function secondsBetween(from: string, to: Date): number {
  return Math.max(0, (to.getTime() - Date.parse(from)) / 1000)
}
