import type { Sample } from "../../core/ledger/samples/sample.js"

/** As the ledger has it. */
export type RunSample = Sample & { readonly run: string }

export const SWITCHED = Date.parse("2026-11-27T10:00:00Z")

/** A sample of the watch, so many seconds after the switch. */
export function sampleOf(
  metric: string,
  value: number | null,
  seconds: number,
  more: Partial<RunSample> = {},
): RunSample {
  return {
    run: "run-1",
    metric,
    phase: "watch",
    since: SWITCHED + 500,
    at: SWITCHED + seconds * 1000,
    value,
    beyond: false,
    outOf: value === null ? 0 : 100,
    least: 20,
    threshold: 1,
    ...more,
  }
}
