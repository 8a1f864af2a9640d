import type { LedgerEvent } from "../../ledger/event.js"
import { type CiRun, ciRunOf } from "./ci-run.js"
import { type GateFigure, gateFigures } from "./gate-figures.js"
import { type SuiteTrend, suiteTrends } from "./suites.js"

export interface Branch {
  /** null: runs whose branch is not known. */
  readonly name: string | null
  readonly latest: CiRun
  /** The newest first, the latest among them. */
  readonly runs: readonly CiRun[]
  /** Of the latest run. */
  readonly suites: readonly SuiteTrend[]
  readonly figures: readonly GateFigure[]
}

/** Runs per branch that its trends show. */
const MOST = 20

/**
 * Branches with their runs; the one with the newest run comes first.
 *
 * @param events `ci-ran`, the newest first
 */
export function branchesOf(events: readonly LedgerEvent[]): Branch[] {
  const all = events.flatMap(ciRunOf)
  const latest = new Map<string, CiRun>()
  for (const run of all) if (!latest.has(keyOf(run))) latest.set(keyOf(run), run)
  return [...latest.values()].map((run) => branchUntil(run, all))
}

/**
 * A run with the runs of its branch before it.
 *
 * @param all the newest first
 */
export function branchUntil(run: CiRun, all: readonly CiRun[]): Branch {
  const earlier = all.filter((one) => keyOf(one) === keyOf(run) && one.number < run.number)
  const runs = [run, ...earlier].slice(0, MOST)
  return { name: run.branch, latest: run, runs, suites: suiteTrends(runs), figures: gateFigures(run, runs, all) }
}

/** A folder of the repository with an app of its own has runs of its own. */
function keyOf({ branch, app }: CiRun): string {
  return JSON.stringify([branch, app])
}
