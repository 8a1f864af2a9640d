import type { Settings } from "../../config/schema.js"
import type { Ledger } from "../../ledger/ledger.js"
import { openLedger } from "../../ledger/open.js"
import { runId } from "../../qa/run-id.js"
import { requestsOf } from "../../requests/fold.js"
import { requestFile } from "../../requests/request.js"
import { writeRequest } from "../../requests/write.js"
import { decide } from "../../runner/decide.js"
import { rulesOrWhyNot } from "../model/asks.js"
import type { EnvironmentFacts } from "../model/environment.js"
import type { Questions } from "../reading/questions.js"
import type { LedgerReader, Reading } from "../reading/reader.js"
import type { CurrentSettings } from "./current-settings.js"
import { jsonIn, type Received, refusedByLedger } from "./received.js"

export interface DeskParts {
  readonly current: CurrentSettings
  /** Of the ledger's Postgres. */
  readonly url: string
  readonly reader: LedgerReader
  readonly ask: Questions
}

/** Takes signed requests, and writes to the ledger those that a runner would execute now or at their time. It signs nothing itself. */
export class RequestDesk {
  readonly #parts: DeskParts
  #ledger: Promise<Ledger> | null = null

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  /**
   * @param text the request file
   * @throws TollgateError `ledger-…`: the request may have been recorded
   */
  async receive(environment: string, text: string): Promise<Received> {
    const { current, ask, reader } = this.#parts
    const signed = jsonIn(text)
    // judged by the ledger as it is now, not as the pages last saw it
    await reader.refresh()
    const reading = await ask.environment(environment)
    const problems = refusals(signed, current.settings, reading)
    if (problems.length > 0) return { kind: "refused", problems }
    const file = requestFile.parse(signed)
    try {
      await writeRequest(await this.ledger(), file, runId(new Date()))
    } catch (error) {
      const refused = refusedByLedger(error)
      if (refused === null) throw error
      return { kind: "refused", problems: [refused] }
    }
    // the person who sent it reads the page next
    await reader.refresh()
    return { kind: "recorded", answer: { request: file.statement.id } }
  }

  async close(): Promise<void> {
    const ledger = await this.#ledger?.catch(() => null)
    await ledger?.close()
  }

  /** A connection that may write: the pages' one only reads. */
  ledger(): Promise<Ledger> {
    const { current, url } = this.#parts
    const { service, patience } = current.settings.ledger
    if (this.#ledger !== null) return this.#ledger
    const opened = openLedger({ url, service, patience, journal: NO_JOURNAL, need: "wanted", entryPoint: "cli" })
    // the next request tries again
    opened.catch(() => (this.#ledger = null))
    this.#ledger = opened
    return opened
  }
}

/** A request is recorded now or refused: one that reached the ledger later could surprise. */
const NO_JOURNAL = {
  append: () => Promise.reject(new RangeError("requests are not journaled")),
  take: () => Promise.resolve({ lines: [], done: () => Promise.resolve() }),
}

/** What a runner would refuse if the request reached the ledger now. */
function refusals(signed: unknown, settings: Settings, { value: facts, position, readAt }: Reading<EnvironmentFacts>) {
  const { environment, changes, requested } = facts
  const rules = rulesOrWhyNot(settings, facts)
  if (typeof rules === "string") return [{ code: "policy-missing", message: `has no policy to go by: ${rules}` }]
  const now = new Date(Date.parse(position.at) + Date.now() - readAt)
  const requests = requestsOf(requested)
  const file = requestFile.safeParse(signed)
  const id = file.success ? file.data.statement.id : ""
  const decision = decide(
    {
      number: position.number + 1,
      at: now.toISOString(),
      id,
      signed,
      replayed: requests.some((one) => one.id === id),
      state: { kind: "open" },
    },
    {
      service: settings.ledger.service,
      environment,
      rules,
      requests,
      events: changes,
      now,
      planned: facts.planned,
      // whether a runner does is its own to say
      deploys: true,
      alive: () => true,
    },
  )
  return decision.kind === "refuse" ? decision.problems : []
}
