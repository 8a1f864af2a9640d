import { TollgateError } from "../../errors.js"
import { GateFailed } from "../../gate/failed.js"
import { step } from "../../progress.js"
import { whileAway } from "../target/while-away.js"
import type { Done, StepPlan, StepReport } from "./step.js"
import { waysBack } from "./step.js"

/** What a story is told to while it goes on. */
export interface Listener {
  started(name: string): Promise<void>
  finished(report: StepReport, done: Done | null): Promise<void>
  /** Throws `lease-lost` when somebody else has the environment now. */
  requireHeld(): Promise<void>
}

export interface Works<Name extends string, Undo extends string> {
  does: { readonly [name in Name]: () => Promise<Done> }
  /** Each says in a line what it did. */
  undoes: { readonly [name in Undo]: () => Promise<string> }
  /** Seconds that the ways back together wait for a target that cannot be reached. */
  patience: number
}

export type Ending<Name extends string> =
  /** `warnings`: steps after the proof that did not work. */
  | { readonly kind: "done"; readonly reports: readonly StepReport[]; readonly warnings: readonly string[] }
  | {
      readonly kind: "failed"
      readonly at: Name
      readonly error: unknown
      readonly reports: readonly StepReport[]
      /** What could not be taken back. */
      readonly undoErrors: readonly unknown[]
      /** Another run has the environment: nothing was taken back, what is there is that run's. */
      readonly lost: boolean
    }

/**
 * Runs the steps in their order. When one fails, takes back what it and those before it did, the last first.
 *
 * @param signal when it is aborted, the story ends before the next step as if that had failed
 */
export async function runStory<Name extends string, Undo extends string>(
  plan: readonly StepPlan<Name, Undo>[],
  works: Works<Name, Undo>,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Ending<Name>> {
  const reports: StepReport[] = []
  const warnings: string[] = []
  const report = async (entry: StepReport, done: Done | null) => {
    reports.push(entry)
    await listener.finished(entry, done)
  }

  for (const { name, changes, closing } of plan) {
    const began = performance.now()
    const took = () => (performance.now() - began) / 1000
    try {
      if (signal?.aborted === true && !closing) throw new TollgateError("stopped", "Interrupted.", "Run the same command again. No cleanup is needed.")
      if (changes) await listener.requireHeld()
      await listener.started(name)
      const done = await step(name, works.does[name], outline)
      await report({ name, outcome: done.kind, seconds: took(), note: done.note }, done)
    } catch (error) {
      await report({ name, outcome: "failed", seconds: took(), note: firstLine(error) }, null)
      if (closing) {
        warnings.push(`${name}: ${firstLine(error)}`)
        continue
      }
      const lost = isLost(error) || (waysBack(plan, name).length > 0 && (await wasTakenOver(listener)))
      const undoErrors = lost ? [] : await takeBack(waysBack(plan, name), works, report)
      return { kind: "failed", at: name, error, reports, undoErrors, lost }
    }
  }
  return { kind: "done", reports, warnings }
}

function isLost(error: unknown): boolean {
  return error instanceof TollgateError && error.code === "lease-lost"
}

/** A step may have failed because somebody took the environment over: what they do there must not be undone. */
async function wasTakenOver(listener: Listener): Promise<boolean> {
  try {
    await listener.requireHeld()
    return false
  } catch (error) {
    return isLost(error)
  }
}

/** Goes on where one way back fails: the others may still help. */
async function takeBack<Name extends string, Undo extends string>(undos: readonly Undo[], works: Works<Name, Undo>, report: (entry: StepReport, done: null) => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = []
  const until = performance.now() + works.patience * 1000
  for (const undo of undos) {
    const began = performance.now()
    const took = () => (performance.now() - began) / 1000
    try {
      const note = await step(undo, () => whileAway(works.undoes[undo], until), (text) => text)
      await report({ name: undo, outcome: "undone", seconds: took(), note }, null)
    } catch (error) {
      errors.push(error)
      await report({ name: undo, outcome: "failed", seconds: took(), note: firstLine(error) }, null)
    }
  }
  return errors
}

function outline(done: Done): string {
  return done.kind === "skipped" ? `skipped: ${done.note}` : done.note
}

/** An error in one line, for tables and the ledger; the rest is for the screen at the end. A gate's verdict is on its last line. */
export function firstLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n")
  if (error instanceof GateFailed) return lines.at(-1) ?? ""
  const [first = "", second = ""] = lines
  // what comes is the news
  return first.endsWith(":") && second.trim() !== "" ? `${first} ${second.trim()}` : first
}
