import { GateFailed } from "../../gate/failed.js"
import type { Redact } from "../../secrets/redact.js"
import { errorWords } from "../../shared/engine-cause.js"
import { TollgateError } from "../../shared/errors.js"
import { step } from "../../shared/progress.js"
import { whileAway } from "../../targets/while-away.js"
import type { Done, StepPlan, StepReport } from "./step.js"
import { undosAfter } from "./step.js"

/** Receives the progress of a pipeline. */
export interface Listener {
  started(name: string): Promise<void>
  finished(report: StepReport, done: Done | null): Promise<void>
  /** Throws `lease-lost` when another run holds the environment. */
  requireHeld(): Promise<void>
}

export interface Works<Name extends string, Undo extends string> {
  does(name: Name): Promise<Done>
  /** Each returns a one-line note. */
  undoes: { readonly [name in Undo]: () => Promise<string> }
  /** Seconds that all undo steps together wait for an unreachable target. */
  patience: number
  /** Takes secrets out of notes, which come from programs as well. */
  redact: Redact
}

export type Ending<Name extends string> =
  /** `warnings`: closing steps that failed. */
  | { readonly kind: "done"; readonly reports: readonly StepReport[]; readonly warnings: readonly string[] }
  | {
      readonly kind: "failed"
      readonly at: Name
      readonly error: unknown
      readonly reports: readonly StepReport[]
      /** Undo steps that failed. */
      readonly undoErrors: readonly unknown[]
      /** Another run holds the environment: what this run has not undone was left to it. */
      readonly lost: boolean
    }

/**
 * Runs the steps in order. When one fails, undoes it and the steps before it, the last first.
 *
 * @param signal aborts the pipeline before the next step, as if that step had failed
 */
export async function runPipeline<Name extends string, Undo extends string>(
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
      if (signal?.aborted === true && !closing)
        throw new TollgateError("stopped", "Interrupted.", "Run the same command again. No cleanup is needed.")
      if (changes) await listener.requireHeld()
      await listener.started(name)
      const done = await step(name, async () => redactedNote(await works.does(name), works.redact), outline)
      await report({ name, outcome: done.kind, seconds: took(), note: done.note }, done)
    } catch (error) {
      await report({ name, outcome: "failed", seconds: took(), note: works.redact(firstLine(error)) }, null)
      if (closing) {
        warnings.push(`${name}: ${works.redact(firstLine(error))}`)
        continue
      }
      const lost = isLost(error) || (undosAfter(plan, name).length > 0 && (await wasTakenOver(listener)))
      const undoErrors = lost ? [] : await undoSteps(undosAfter(plan, name), works, report)
      return { kind: "failed", at: name, error, reports, undoErrors, lost: lost || undoErrors.some(isLost) }
    }
  }
  return { kind: "done", reports, warnings }
}

const LOST: ReadonlySet<string> = new Set(["lease-lost", "target-fenced", "target-moved"])

/** The ledger or the target says that this run may change nothing more. */
function isLost(error: unknown): boolean {
  return error instanceof TollgateError && LOST.has(error.code)
}

/** A step may have failed because another run took the environment over, whose changes must not be undone. */
async function wasTakenOver(listener: Listener): Promise<boolean> {
  try {
    await listener.requireHeld()
    return false
  } catch (error) {
    return isLost(error)
  }
}

/** Continues after an undo step that fails: the others may still help. Not after one that was refused, as those would be. */
async function undoSteps<Name extends string, Undo extends string>(
  undos: readonly Undo[],
  works: Works<Name, Undo>,
  report: (entry: StepReport, done: null) => Promise<void>,
): Promise<unknown[]> {
  const errors: unknown[] = []
  const until = performance.now() + works.patience * 1000
  for (const undo of undos) {
    const began = performance.now()
    const took = () => (performance.now() - began) / 1000
    try {
      const note = await step(
        undo,
        async () => works.redact(await whileAway(works.undoes[undo], until)),
        (text) => text,
      )
      await report({ name: undo, outcome: "undone", seconds: took(), note }, null)
    } catch (error) {
      errors.push(error)
      await report({ name: undo, outcome: "failed", seconds: took(), note: works.redact(firstLine(error)) }, null)
      if (isLost(error)) break
    }
  }
  return errors
}

function redactedNote(done: Done, redact: Redact): Done {
  return { ...done, note: redact(done.note) }
}

function outline(done: Done): string {
  return done.kind === "skipped" ? `skipped: ${done.note}` : done.note
}

/** An error in one line, for tables and the ledger. A gate's verdict is the last line of its screen. */
export function firstLine(error: unknown): string {
  const lines = errorWords(error).split("\n")
  if (error instanceof GateFailed) return lines.at(-1) ?? ""
  const [first = "", second = ""] = lines
  // the cause follows the colon
  return first.endsWith(":") && second.trim() !== "" ? `${first} ${second.trim()}` : first
}
