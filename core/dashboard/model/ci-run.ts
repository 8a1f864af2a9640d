import type { CiRan } from "../../ledger/ci-ran.js"
import type { LedgerEvent } from "../../ledger/event.js"

/** A run of `ci` that was recorded. */
export interface CiRun extends CiRan {
  /** Of its event. */
  readonly number: number
  readonly who: string
}

export function ciRunOf({ what, number, context: { who } }: LedgerEvent): CiRun[] {
  return what.kind === "ci-ran" ? [{ ...what, number, who }] : []
}
