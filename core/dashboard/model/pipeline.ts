import type { CiRan } from "../../ledger/ci-ran.js"
import type { LedgerEvent } from "../../ledger/event.js"

/** A run of `ci` that was recorded. */
export interface CiRun extends CiRan {
  /** Of its event. */
  readonly number: number
  readonly who: string
}

export interface Branch {
  /** null: runs whose branch is not known. */
  readonly name: string | null
  readonly latest: CiRun
  /** The newest first, the latest among them. */
  readonly runs: readonly CiRun[]
}

/** Runs per branch that its trend shows. */
const MOST = 20

/**
 * Branches with their runs; the one with the newest run comes first.
 *
 * @param events `ci-ran`, the newest first
 */
export function branchesOf(events: readonly LedgerEvent[]): Branch[] {
  const branches = new Map<string, CiRun[]>()
  for (const run of events.flatMap(ciRunOf)) {
    // a folder of the repository with an app of its own has runs of its own
    const key = JSON.stringify([run.branch, run.app])
    branches.set(key, [...(branches.get(key) ?? []), run])
  }
  return [...branches.values()].flatMap((runs) => {
    const [latest] = runs
    return latest === undefined ? [] : [{ name: latest.branch, latest, runs: runs.slice(0, MOST) }]
  })
}

export function ciRunOf({ what, number, context: { who } }: LedgerEvent): CiRun[] {
  return what.kind === "ci-ran" ? [{ ...what, number, who }] : []
}
