import type { CiRun } from "./ci-run.js"

/** A figure of a run, compared with the branch that the change goes into. */
export interface GateFigure {
  readonly gate: string
  readonly name: string
  readonly value: number
  /** The latest earlier run with this figure, on the base branch; null: none is recorded. */
  readonly base: { readonly run: CiRun; readonly value: number } | null
  /** The same figure in the last runs of the branch, this one included; oldest first. */
  readonly trend: readonly { readonly run: CiRun; readonly value: number }[]
}

/**
 * @param branch runs of the run's branch up to it, the newest first
 * @param all runs of all branches, the newest first
 */
export function gateFigures(run: CiRun, branch: readonly CiRun[], all: readonly CiRun[]): GateFigure[] {
  const before = all.filter(
    (one) => one.number < run.number && one.app === run.app && one.branch !== null && one.branch === baseOf(run),
  )
  return run.gates.flatMap(({ name: gate, figures }) =>
    figures.map(({ name, value }) => {
      const base = before.flatMap((one) => valuesOf(one, name))[0] ?? null
      return { gate, name, value, base, trend: [...branch].reverse().flatMap((one) => valuesOf(one, name)) }
    }),
  )
}

/** The branch that a run is compared with: its own when it is not known to go into another. */
export function baseOf({ base, branch }: CiRun): string | null {
  return base ?? branch
}

function valuesOf(run: CiRun, name: string): { run: CiRun; value: number }[] {
  const found = run.gates.flatMap(({ figures }) => figures).find((figure) => figure.name === name)
  return found === undefined ? [] : [{ run, value: found.value }]
}
