import type { ReleaseAction, ReleaseOutcome } from "../../ledger/event.js"
import type { MonitorResult } from "../monitor/judge.js"
import type { StepReport } from "../pipeline/step.js"

/** How a deployment or a rollback went. */
export interface ReleaseResult {
  readonly action: ReleaseAction
  readonly service: string
  readonly environment: string
  readonly target: string
  readonly release: string
  readonly version: string
  /** Empty: it was not known yet. */
  readonly digest: string
  readonly planId: string | null
  readonly outcome: ReleaseOutcome
  readonly steps: readonly StepReport[]
  /** Why it did not go well, the first cause first; none when it did. */
  readonly causes: readonly string[]
  /** What the release printed last, when it was given up. */
  readonly printed: readonly string[]
  /** What did not work behind a release that is proven. */
  readonly warnings: readonly string[]
  /** What serves now, as it was seen. */
  readonly serving: { readonly release: string; readonly version: string; readonly digest: string } | null
  readonly monitor: MonitorResult | null
  readonly seconds: number
  /** What the reader can do next; empty: nothing needs to be done. */
  readonly next: string
}
