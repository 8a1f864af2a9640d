import type { ReleaseAction, ReleaseOutcome } from "../../ledger/event.js"
import type { MonitorResult } from "../monitor/judge.js"
import type { StepReport } from "../pipeline/step.js"

/** The result of a deployment or a rollback. */
export interface ReleaseResult {
  readonly action: ReleaseAction
  readonly service: string
  readonly environment: string
  readonly target: string
  readonly release: string
  readonly version: string
  /** Empty: not known yet. */
  readonly digest: string
  readonly planId: string | null
  readonly outcome: ReleaseOutcome
  /** It was refused for want of approvals alone: with them, the same command goes on. */
  readonly waiting: boolean
  readonly steps: readonly StepReport[]
  /** Causes of the failure, the first cause first; empty after success. */
  readonly causes: readonly string[]
  /** The last log lines of a release that failed. */
  readonly printed: readonly string[]
  /** Problems that did not fail the run. */
  readonly warnings: readonly string[]
  /** What is serving now, as verified from outside; null: nothing verified. */
  readonly serving: { readonly release: string; readonly version: string; readonly digest: string } | null
  readonly monitor: MonitorResult | null
  /** The ledger's head after this release, as --head takes it; null: the ledger was unreachable, or there is none. */
  readonly ledgerHead: string | null
  readonly seconds: number
  /** What to do next; empty: nothing. */
  readonly next: string
}
