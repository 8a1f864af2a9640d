import { GateFailed } from "../../gate/failed.js"
import type { Redact } from "../../secrets/redact.js"
import { errorWords } from "../../shared/engine-cause.js"
import { TollgateError } from "../../shared/errors.js"
import { interruption } from "../../shared/interruption.js"
import { step as progress } from "../../shared/progress.js"
import { whileAway } from "../../targets/while-away.js"
import type { AnyStep, Closing, Done, StepReport, Undoable, WithoutUndo } from "./step.js"
import { undosAfter } from "./step.js"

/** Receives the progress of a pipeline. */
export interface Listener {
  started(name: string): Promise<void>
  finished(report: StepReport, done: Done | null): Promise<void>
  /** Throws `lease-lost` when another run holds the environment. */
  requireHeld(): Promise<void>
}

export interface Limits {
  /** Seconds that all undo steps together wait for an unreachable target. */
  readonly patience: number
  /** Takes secrets out of notes, which come from programs as well. */
  readonly redact: Redact
  /** Aborts the pipeline before the next step, as if that step had failed. */
  readonly signal?: AbortSignal | undefined
}

/** Undoes a step, and returns a one-line note. */
type Undo = () => Promise<string>

/** Runs the steps of a plan, which are called in its order. What a step returns is for the steps after it. */
export interface Steps<Planned extends AnyStep> {
  step<Result extends Done>(name: WithoutUndo<Planned>, work: () => Promise<Result>): Promise<Result>
  /** @param undo called when this step or a later one fails, even if this one was only half done */
  step<Result extends Done>(name: Undoable<Planned>, work: () => Promise<Result>, undo: Undo): Promise<Result>
  /** Runs a step whose failure is a warning. */
  closing(name: Closing<Planned>, work: () => Promise<Done>): Promise<void>
}

export interface Succeeded<Result> {
  readonly kind: "done"
  readonly result: Result
  readonly reports: readonly StepReport[]
  /** Closing steps that failed. */
  readonly warnings: readonly string[]
}

export interface Failed<Name extends string> {
  readonly kind: "failed"
  readonly at: Name
  readonly error: unknown
  readonly reports: readonly StepReport[]
  /** Undo steps that failed. */
  readonly undoErrors: readonly unknown[]
  /** Another run holds the environment: what this run has not undone was left to it. */
  readonly lost: boolean
}

export type Ending<Name extends string, Result> = Succeeded<Result> | Failed<Name>

/**
 * Runs steps in the order of a plan. When one fails, undoes it and the steps before it, the last first.
 *
 * @param page calls every step of the plan, each once
 */
export async function runPipeline<Planned extends AnyStep, Result>(
  plan: readonly Planned[],
  page: (steps: Steps<Planned>) => Promise<Result>,
  listener: Listener,
  limits: Limits,
): Promise<Ending<Planned["name"], Result>> {
  return await new Pipeline(plan, listener, limits).run(page)
}

interface Failure<Planned> {
  readonly at: Planned
  readonly error: unknown
}

class Pipeline<Planned extends AnyStep> {
  readonly #plan: readonly Planned[]
  readonly #listener: Listener
  readonly #limits: Limits
  readonly #reports: StepReport[] = []
  readonly #warnings: string[] = []
  readonly #undos = new Map<string, Undo>()
  #called = 0
  #failure: Failure<Planned> | null = null

  constructor(plan: readonly Planned[], listener: Listener, limits: Limits) {
    this.#plan = plan
    this.#listener = listener
    this.#limits = limits
  }

  async run<Result>(page: (steps: Steps<Planned>) => Promise<Result>): Promise<Ending<Planned["name"], Result>> {
    try {
      const result = await page(this.#steps)
      this.#requireAllCalled()
      return { kind: "done", result, reports: this.#reports, warnings: this.#warnings }
    } catch (error) {
      return await this.#undoFrom(this.#failure ?? (await this.#failedBetween(error)))
    }
  }

  readonly #steps: Steps<Planned> = {
    step: async <Result extends Done>(name: Planned["name"], work: () => Promise<Result>, undo?: Undo) => {
      const planned = this.#next(name)
      if (planned.undo !== null && undo !== undefined) this.#undos.set(planned.undo, undo)
      try {
        return await this.#attempt(planned, work)
      } catch (error) {
        this.#failure = { at: planned, error }
        throw error
      }
    },
    closing: async (name, work) => {
      const planned = this.#next(name)
      try {
        await this.#attempt(planned, work)
      } catch (error) {
        this.#warnings.push(`${name}: ${this.#line(error)}`)
      }
    },
  }

  /** The plan is what people read: the page may neither change its order nor go on after a failure. */
  #next(name: Planned["name"]): Planned {
    if (this.#failure !== null) throw this.#failure.error
    const planned = this.#plan[this.#called]
    if (planned?.name !== name) throw new RangeError(`${name} is not the next step: ${planned?.name ?? "none"} is`)
    this.#called += 1
    return planned
  }

  #requireAllCalled(): void {
    if (this.#failure !== null) throw this.#failure.error
    const left = this.#plan[this.#called]
    if (left !== undefined) throw new RangeError(`the step ${left.name} was left out`)
  }

  async #attempt<Result extends Done>(
    { name, changes, closing }: Planned,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const { signal, redact } = this.#limits
    const took = clock()
    try {
      if (signal?.aborted === true && !closing) throw interruption(signal)
      if (changes) await this.#listener.requireHeld()
      await this.#listener.started(name)
      const done = await progress(name, async () => redactedNote(await work(), redact), outline)
      await this.#report({ name, outcome: done.kind, seconds: took(), note: done.note }, done)
      return done
    } catch (error) {
      await this.#report({ name, outcome: "failed", seconds: took(), note: this.#line(error) })
      throw error
    }
  }

  /** An error of the page itself must leave nothing half done either: it counts as one of the step before it. */
  async #failedBetween(error: unknown): Promise<Failure<Planned>> {
    const at = this.#plan[Math.max(0, this.#called - 1)]
    if (at === undefined) throw error
    await this.#report({ name: at.name, outcome: "failed", seconds: 0, note: this.#line(error) })
    return { at, error }
  }

  async #undoFrom({ at, error }: Failure<Planned>): Promise<Failed<Planned["name"]>> {
    const undos = undosAfter(this.#plan, at.name)
    const lost = isLost(error) || (undos.length > 0 && (await wasTakenOver(this.#listener)))
    const undoErrors = lost ? [] : await this.#undo(undos)
    return {
      kind: "failed",
      at: at.name,
      error,
      reports: this.#reports,
      undoErrors,
      lost: lost || undoErrors.some(isLost),
    }
  }

  /** Continues after an undo step that fails: the others may still help. Not after one that was refused, as those would be. */
  async #undo(names: readonly string[]): Promise<unknown[]> {
    const { patience, redact } = this.#limits
    const errors: unknown[] = []
    const until = performance.now() + patience * 1000
    for (const name of names) {
      const undo = this.#undos.get(name)
      if (undo === undefined) continue
      const took = clock()
      try {
        const note = await progress(
          name,
          async () => redact(await whileAway(undo, until)),
          (text) => text,
        )
        await this.#report({ name, outcome: "undone", seconds: took(), note })
      } catch (error) {
        errors.push(error)
        await this.#report({ name, outcome: "failed", seconds: took(), note: this.#line(error) })
        if (isLost(error)) break
      }
    }
    return errors
  }

  async #report(entry: StepReport, done: Done | null = null): Promise<void> {
    this.#reports.push(entry)
    await this.#listener.finished(entry, done)
  }

  #line(error: unknown): string {
    return this.#limits.redact(firstLine(error))
  }
}

/** Seconds from now on. */
function clock(): () => number {
  const began = performance.now()
  return () => (performance.now() - began) / 1000
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

function redactedNote<Result extends Done>(done: Result, redact: Redact): Result {
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
