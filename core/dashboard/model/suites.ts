import type { CiRun } from "./ci-run.js"

/** How a suite did in the last runs of a branch. */
export interface SuiteTrend {
  readonly name: string
  readonly latest: CiSuite
  /** Runs in which it ran, and not only its evidence of an earlier one was used; oldest first. */
  readonly ran: readonly SuiteRun[]
  readonly flakiness: Flakiness
}

export type CiSuite = CiRun["gates"][number]["suites"][number]

export interface SuiteRun {
  readonly run: CiRun
  readonly suite: CiSuite
}

export type Flakiness =
  /** No source was tested more than once. */
  | { readonly kind: "unknown" }
  | {
      readonly kind: "steady" | "flaky"
      /** Sources that were tested more than once. */
      readonly sources: number
      /** Those of them on which it both passed and failed. */
      readonly both: number
      /** Runs on sources that were tested more than once. */
      readonly runs: number
      readonly failed: number
      readonly tests: readonly FlakyTest[]
    }

/** A test that failed on a source on which its suite passed as well. */
export interface FlakyTest {
  readonly id: string
  /** Runs on such sources in which it failed. */
  readonly failed: number
  readonly runs: number
}

export const FLAKINESS = `Flaky is a suite that both passed and failed on one source, which is known by its digest, in the recorded runs of this branch that the page shows. A test is flaky when it failed on a source on which its suite passed as well. Runs that only used the evidence of an earlier run do not count.`

/** The suites of the latest run. @param runs of one branch, the newest first */
export function suiteTrends(runs: readonly CiRun[]): SuiteTrend[] {
  const [latest] = runs
  return suitesOf(latest).map((suite) => {
    const ran = [...runs].reverse().flatMap((run): SuiteRun[] => {
      const found = suitesOf(run).find(({ name }) => name === suite.name)
      return found === undefined || found.cached ? [] : [{ run, suite: found }]
    })
    return { name: suite.name, latest: suite, ran, flakiness: flakinessOf(ran) }
  })
}

function suitesOf(run: CiRun | undefined): CiSuite[] {
  return run?.gates.flatMap(({ suites }) => suites) ?? []
}

export function flakinessOf(ran: readonly SuiteRun[]): Flakiness {
  const repeated = [...bySource(ran).values()].filter((runs) => runs.length > 1)
  if (repeated.length === 0) return { kind: "unknown" }
  const both = repeated.filter((runs) => runs.some(failed) && !runs.every(failed))
  const runs = repeated.flat()
  return {
    kind: both.length > 0 ? "flaky" : "steady",
    sources: repeated.length,
    both: both.length,
    runs: runs.length,
    failed: runs.filter(failed).length,
    tests: flakyTests(both.flat()),
  }
}

function bySource(ran: readonly SuiteRun[]): Map<string, SuiteRun[]> {
  const sources = new Map<string, SuiteRun[]>()
  for (const one of ran) sources.set(one.run.source, [...(sources.get(one.run.source) ?? []), one])
  return sources
}

const failed = ({ suite }: SuiteRun): boolean => suite.verdict === "failed"

/** The most often failed first. */
function flakyTests(runs: readonly SuiteRun[]): FlakyTest[] {
  const ids = [...new Set(runs.flatMap(({ suite }) => suite.failedTests))]
  return ids
    .map((id) => ({
      id,
      failed: runs.filter(({ suite }) => suite.failedTests.includes(id)).length,
      runs: runs.length,
    }))
    .sort((one, other) => other.failed - one.failed || (one.id < other.id ? -1 : 1))
}
