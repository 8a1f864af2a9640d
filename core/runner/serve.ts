import { setTimeout as pause } from "node:timers/promises"
import type { Settings } from "../config/schema.js"
import type { Lease, Ledger, Listening } from "../ledger/ledger.js"
import { runId } from "../qa/run-id.js"
import { rulesInForce } from "../requests/rules-in-force.js"
import { TollgateError } from "../shared/errors.js"
import { Lookout } from "./lookout.js"
import { Runner } from "./runner.js"
import { takePlace } from "./slot.js"
import type { Works } from "./works.js"

export interface ServeRequest {
  readonly environment: string
  readonly caller: { readonly who: string; readonly owner: string }
  /** Ends when nothing is left to do. */
  readonly once: boolean
  /** Aborted: it ends, and a deployment in progress rolls back. */
  readonly signal: AbortSignal
  tell(text: string): void
  redact(text: string): string
}

/** Seconds between two reads of the ledger while no notification arrives. */
const POLL = 2
const POLL_WHILE_DEPLOYING = 1

/**
 * Executes the requests of an environment until it is stopped.
 *
 * @returns the number of requests that failed
 */
export async function serve(settings: Settings, request: ServeRequest, ledger: Ledger, works: Works): Promise<number> {
  const { environment, caller, once, signal, tell, redact } = request
  const rules = () => rulesInForce(settings, environment, ledger)
  // what is wrong with the policy is an error now, and not at the first request
  await rules()
  const run = runId(new Date())
  const asked = Date.now()
  const place = await takePlace(ledger, environment, { ...caller, run, seconds: settings.ledger.lease })
  const now = ledgerClock(place, asked)
  const runner = new Runner({
    service: settings.ledger.service,
    environment,
    ledger,
    place,
    run,
    works,
    rules,
    now,
    tell,
    redact,
  })
  const { service } = settings.ledger
  const lookout = new Lookout({ service, environment, ledger, run, ...caller, look: works.look ?? null, tell, redact })
  const ear = new Ear(ledger)
  if (!once) tell(`waits for requests of ${environment}, until Ctrl-C`)
  try {
    for (;;) {
      // a notification from here on leads to another read
      const heard = once ? signal : await ear.next()
      await untilNothingIsLeft(runner, signal, tell)
      if (!signal.aborted) lookout.turn(runner.ended, runner.deploying)
      if (signal.aborted || (once && !runner.deploying)) return runner.failed
      const seconds = runner.deploying ? POLL_WHILE_DEPLOYING : POLL
      await pause(seconds * 1000, undefined, { signal: AbortSignal.any([signal, heard]) }).catch(() => undefined)
    }
  } finally {
    await runner.stop()
    await lookout.settled()
    await ear.close()
    await place.release()
  }
}

/** Seconds between two attempts to listen: a connection pooler may not support it. */
const LISTEN_AGAIN = 30

/** Listens for new requests. Without it, polling finds them. */
class Ear {
  readonly #ledger: Ledger
  #listening: Listening | null = null
  #heard = new AbortController()
  #tried = Number.NEGATIVE_INFINITY

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** @returns a signal for what is heard from now on */
  async next(): Promise<AbortSignal> {
    this.#heard = new AbortController()
    const deaf = this.#listening === null || this.#listening.broken
    if (deaf && performance.now() - this.#tried > LISTEN_AGAIN * 1000) {
      this.#tried = performance.now()
      this.#listening = await this.#ledger.listen(() => this.#heard.abort()).catch(() => null)
    }
    return this.#heard.signal
  }

  async close(): Promise<void> {
    await this.#listening?.close()
  }
}

async function untilNothingIsLeft(runner: Runner, signal: AbortSignal, tell: (text: string) => void): Promise<void> {
  try {
    while (!signal.aborted && (await runner.turn()));
  } catch (error) {
    // requests wait in the ledger until it is back
    if (!(error instanceof TollgateError) || error.code !== "ledger-unreachable") throw error
    tell(error.message)
  }
}

/** This machine's clock may be wrong, the database's counts. */
function ledgerClock({ takenAt }: Lease, asked: number): () => Date {
  const ahead = (asked + Date.now()) / 2 - Date.parse(takenAt)
  return () => new Date(Date.now() - ahead)
}
