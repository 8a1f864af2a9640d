import { type CiGate, gates } from "../config/gates.js"
import type { GateOutcome } from "../gate/outcome.js"
import { lastCause } from "../shared/engine-cause.js"
import { TollgateError } from "../shared/errors.js"
import type { PlannedGate } from "./plan.js"

export type GateState<Product> =
  | { kind: "waiting" }
  | { kind: "running"; since: number }
  | { kind: "skipped"; why: string }
  | { kind: "ended"; outcome: GateOutcome<Product>; from: number; seconds: number }

export type States<Product> = ReadonlyMap<CiGate, GateState<Product>>

export interface GraphOptions<Product> {
  plan: readonly PlannedGate[]
  run(gate: CiGate, states: States<Product>): Promise<GateOutcome<Product>>
  /** Ends with the first gate that does not pass. */
  failFast: boolean
  /** Told of every change of a gate's state. */
  onChange(gate: CiGate, states: States<Product>): void
  /** Milliseconds. */
  now?(): number
}

/** Runs the gates, as parallel as their needs allow, and to the end unless `failFast` is set. */
export async function runGraph<Product>(options: GraphOptions<Product>): Promise<States<Product>> {
  const { plan, failFast, run, onChange, now = () => performance.now() } = options
  const states = new Map<CiGate, GateState<Product>>(
    plan.map(({ name, leftOut }) => [name, leftOut === null ? { kind: "waiting" } : { kind: "skipped", why: leftOut }]),
  )
  const running = new Map<CiGate, Promise<void>>()
  const become = (gate: CiGate, state: GateState<Product>) => {
    states.set(gate, state)
    onChange(gate, states)
  }
  for (const { name, leftOut } of plan) if (leftOut !== null) onChange(name, states)

  let stopped: CiGate | null = null
  const start = (gate: CiGate) => {
    const from = now()
    become(gate, { kind: "running", since: from })
    const work = outcomeOf(() => run(gate, states)).then((outcome) => {
      running.delete(gate)
      if (stopped !== null) return
      become(gate, { kind: "ended", outcome, from, seconds: (now() - from) / 1000 })
      if (failFast && outcome.verdict !== "passed") stopped = gate
    })
    running.set(gate, work)
  }

  for (;;) {
    for (const { name } of plan) {
      if (states.get(name)?.kind !== "waiting") continue
      const ready = readiness(name, states)
      if (ready.kind === "never") become(name, { kind: "skipped", why: ready.why })
      else if (ready.kind === "now") start(name)
    }
    if (running.size === 0) return states
    await Promise.race(running.values())
    if (stopped === null) continue
    for (const [name, { kind }] of states)
      if (kind === "waiting" || kind === "running")
        become(name, { kind: "skipped", why: `stopped, because ${stopped} did not pass (--fail-fast)` })
    return states
  }
}

type Readiness = { kind: "now" } | { kind: "later" } | { kind: "never"; why: string }

function readiness<Product>(gate: CiGate, states: States<Product>): Readiness {
  const { needs, alone } = gates[gate].ci
  for (const { gate: needed, must } of needs) {
    const state = states.get(needed)
    if (state === undefined) continue
    if (state.kind === "waiting" || state.kind === "running") return { kind: "later" }
    // a gate that was left out blocks nothing: the gates that need its product make it themselves
    if (state.kind === "skipped") continue
    const { verdict, product } = state.outcome
    if (must === "passed" && verdict !== "passed") return { kind: "never", why: `${needed} did not pass` }
    if (product === null) return { kind: "never", why: `${needed} could not run` }
  }
  if (!alone) return { kind: "now" }
  const others = [...states].some(
    ([name, { kind }]) => name !== gate && (kind === "running" || (kind === "waiting" && !gates[name].ci.alone)),
  )
  return others ? { kind: "later" } : { kind: "now" }
}

/** A gate that throws has failed: an error is a verdict like any other, and hides no other gate's. */
async function outcomeOf<Product>(work: () => Promise<GateOutcome<Product>>): Promise<GateOutcome<Product>> {
  try {
    return await work()
  } catch (error) {
    const [words, next] =
      error instanceof TollgateError
        ? [error.message.split("\n")[0] ?? error.code, error.message]
        : [lastCause(error instanceof Error ? error.message : String(error)), null]
    return {
      verdict: "failed",
      words,
      reasons: [next ?? `${words} Unexpected error: run the gate by itself with --debug.`],
      figures: [],
      cached: false,
      product: null,
    }
  }
}
