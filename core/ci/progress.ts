import type { CiGate } from "../config/gates.js"
import { alignColumns, fit } from "../presentation/columns.js"
import { line } from "../presentation/screen.js"
import { duration } from "../shared/figures.js"
import type { GateState, States } from "./graph.js"
import type { Times } from "./times.js"

/** Told of each change of a gate's state. */
export type OnChange = (gate: CiGate, states: States<unknown>, usual: Times) => void

/** The line that is printed when a gate's state changes, where there is no terminal to draw a table on. */
export function progressLine(gate: CiGate, states: States<unknown>, usual: Times): string {
  const state = states.get(gate)
  const running = [...states].flatMap(([name, { kind }]) => (kind === "running" ? [name] : []))
  switch (state?.kind) {
    case "running": {
      const expected = usual.get(gate)
      return `ci: ${gate} running${expected === undefined ? "" : `, usually ${duration(expected)}`}`
    }
    case "skipped":
      return line(`ci: ${gate} skipped: ${state.why}`)
    case "ended": {
      const others = running.length === 0 ? "" : `; running: ${running.join(", ")}`
      return `ci: ${gate} ${state.outcome.verdict}, ${duration(state.seconds)}${others}`
    }
    default:
      return `ci: ${gate} waiting`
  }
}

/**
 * The table that a terminal shows while the gates run: each with its state, its time, and the time that it usually takes.
 *
 * @param now the clock that the states were stamped by, in milliseconds
 */
export function progressTable(states: States<unknown>, usual: Times, now: number, columns: number): string[] {
  const rows = [...states].map(([name, state]) => [
    name,
    stateIn(state),
    timeOf(state, now),
    state.kind === "skipped" ? "" : expectedOf(name, usual),
    state.kind === "skipped" ? line(state.why) : state.kind === "ended" ? line(state.outcome.words) : "",
  ])
  const shown = rows.some(([, , , expected]) => expected !== "")
  const titles = ["gate", "state", "time", "usually", ""]
  const kept = [titles, ...rows].map((row) => (shown ? row : row.toSpliced(3, 1)))
  const sides: ("left" | "right")[] = ["left", "left", "right", ...(shown ? (["right"] as const) : []), "left"]
  return alignColumns(kept, sides).map((row) => fit(row, columns))
}

function stateIn(state: GateState<unknown>): string {
  if (state.kind !== "ended") return state.kind
  const { verdict } = state.outcome
  return verdict === "passed" ? verdict : verdict.toUpperCase()
}

/** Whole seconds while it runs: a digit that changes with each drawing only distracts. */
function timeOf(state: GateState<unknown>, now: number): string {
  switch (state.kind) {
    case "running":
      return duration(Math.max(1, Math.floor((now - state.since) / 1000)))
    case "ended":
      return duration(state.seconds)
    default:
      return ""
  }
}

function expectedOf(gate: string, usual: Times): string {
  const expected = usual.get(gate)
  return expected === undefined ? "" : duration(expected)
}
