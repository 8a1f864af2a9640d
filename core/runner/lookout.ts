import type { Ledger } from "../ledger/ledger.js"
import { lookName } from "../ledger/look.js"
import type { TargetSeen } from "../ledger/target-seen.js"
import { oneLine } from "../release/status/seen.js"
import { errorWords } from "../shared/engine-cause.js"
import { TollgateError } from "../shared/errors.js"

export interface LookoutOptions {
  readonly service: string
  readonly environment: string
  readonly ledger: Pick<Ledger, "holder" | "recordSeen">
  readonly run: string
  readonly who: string
  readonly owner: string
  /** Looks at the target; null: this runner cannot. */
  readonly look: (() => Promise<TargetSeen>) | null
  tell(text: string): void
  redact(text: string): string
  /** Seconds of a clock that only goes forward. */
  seconds?(): number
}

/**
 * Seconds between two looks; until the next one while a run holds the environment; and after which one that looked before has ended if it
 * has not looked again.
 */
const [PERIOD, WHILE_HELD, OTHER] = [60, 5, 75]

/**
 * Looks at the target and reports what it has to the ledger: at the start, after each request, and from time to time. It looks beside
 * the runner's work, so that no request waits for a target that does not answer.
 */
export class Lookout {
  readonly #options: LookoutOptions
  readonly #seconds: () => number
  #looking: Promise<void> | null = null
  /** When the next look takes place, and before when none does, whatever ends. */
  #due = 0
  #notBefore = Number.NEGATIVE_INFINITY
  /** Requests that had ended when it last began to look; -1: it has not looked yet. */
  #after = -1
  /** When another one looked, as it was last read. */
  #other = ""
  #told = ""

  constructor(options: LookoutOptions) {
    this.#options = options
    this.#seconds = options.seconds ?? (() => performance.now() / 1000)
  }

  /**
   * Begins to look, if it is time to.
   *
   * @param ended number of requests that have ended
   * @param busy whether a request is in progress
   */
  turn(ended: number, busy: boolean): void {
    const { look } = this.#options
    const changed = ended !== this.#after
    const now = this.#seconds()
    if (look === null || busy || this.#looking !== null || now < this.#notBefore) return
    if (!changed && now < this.#due) return
    this.#due = now + PERIOD
    this.#looking = this.#look(look, ended, changed).finally(() => {
      this.#looking = null
    })
  }

  /** Waits for the look in progress. */
  async settled(): Promise<void> {
    await this.#looking
  }

  async #look(look: () => Promise<TargetSeen>, ended: number, changed: boolean): Promise<void> {
    const { ledger, service, environment, run, who, owner, redact } = this.#options
    try {
      this.#notBefore = this.#seconds() + PERIOD
      if ((await ledger.holder(environment)) !== null) return this.#later()
      // of several runners one looks: two that see different things would report in turn
      const last = changed ? null : await ledger.holder(lookName(environment))
      if (last !== null && last.run !== run && last.heartbeatAt !== this.#other) {
        this.#other = last.heartbeatAt
        this.#due = this.#seconds() + OTHER
        this.#notBefore = Number.NEGATIVE_INFINITY
        return
      }
      const began = this.#seconds()
      const seen = redacted(await look(), redact)
      const context = { service, environment, release: null, run, token: null, who }
      const outcome = await ledger.recordSeen(context, seen, { owner, ago: this.#seconds() - began })
      if (outcome === "held") return this.#later()
      this.#after = ended
      this.#notBefore = Number.NEGATIVE_INFINITY
      if (outcome === "recorded") this.#tell(`reported what the target has: ${wordsOf(seen)}`)
    } catch (error) {
      // the runner tells of a ledger that is away
      if (error instanceof TollgateError && error.code === "ledger-unreachable") return
      this.#tell(`could not report what the target has: ${redact(errorWords(error))}`)
    }
  }

  #later(): void {
    this.#due = this.#seconds() + WHILE_HELD
    this.#notBefore = this.#due
  }

  /** The same only once. */
  #tell(text: string): void {
    if (text !== this.#told) this.#options.tell(text)
    this.#told = text
  }
}

function redacted(seen: TargetSeen, redact: (text: string) => string): TargetSeen {
  return seen.problem === null
    ? seen
    : { ...seen, problem: { ...seen.problem, why: oneLine(redact(seen.problem.why)) } }
}

function wordsOf({ problem, target }: TargetSeen): string {
  if (problem !== null) return `it could not be read: ${problem.why}`
  const serving = [...new Set(target?.places.map(({ release }) => release ?? "nothing"))]
  return `${serving.join(" and ") || "nothing"} serving`
}
