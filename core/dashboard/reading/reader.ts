import { setTimeout as pause } from "node:timers/promises"
import type { Session } from "../../database/connect/session.js"
import { Link } from "../../ledger/link.js"
import { maySelectLines } from "../../ledger/logs/rows.js"
import { ledgerAddress } from "../../ledger/open.js"
import { prepareLedger } from "../../ledger/prepare.js"
import { maySelectSamples } from "../../ledger/samples/rows.js"
import { canonicalJson, type Json } from "../../shared/canonical-json.js"
import { TollgateError } from "../../shared/errors.js"
import { type MayRead, type Position, readPosition } from "./rows.js"

/** How fresh an answer must be, in milliseconds. */
const FRESH_MS = 1000
/** Between two looks for the latest event: an event has to reach every browser within a second, and each draws a page. */
const LOOK_MS = 250
/** Answers to one question that are kept until the next event. */
const MOST_KEPT = 500

export type ReaderState =
  | { readonly kind: "starting" }
  | { readonly kind: "online"; readonly position: Position; readonly readAt: number }
  /** `last`: the latest position that was read; null: none yet. */
  | { readonly kind: "away"; readonly why: string; readonly since: number; readonly last: Position | null }

/** What is new: an event, a lease or whether the ledger answers; or samples and log lines alone, which only some pages show. */
export type News = "ledger" | "samples"

/** One answer of the ledger, and the latest event that it certainly covers. */
export interface Reading<T> {
  readonly value: T
  readonly position: Position
  /** When the ledger last confirmed it, by this process's clock. */
  readonly readAt: number
}

/**
 * Reads the ledger for all pages over one read-only connection. An answer is read once and kept until the ledger has another event, so
 * that many browsers cost as much as one.
 */
export class LedgerReader {
  readonly service: string
  readonly #link: Link
  readonly #kept: Record<News, Set<Map<string, unknown>>> = { ledger: new Set(), samples: new Set() }
  readonly #listeners = new Set<(news: News) => void>()
  #may: MayRead = { samples: false, lines: false }
  #state: ReaderState = { kind: "starting" }
  #looking: Promise<void> | null = null
  #closed = false

  /**
   * @param url of the ledger's Postgres
   * @param patience seconds after which it counts as unreachable
   */
  constructor(url: string, service: string, patience: number) {
    this.service = service
    this.#link = new Link(ledgerAddress(url), patience, async (session) => {
      await prepareLedger(session)
      this.#may = { samples: await maySelectSamples(session), lines: await maySelectLines(session) }
      await session.run("SET default_transaction_read_only = on")
    })
  }

  get state(): ReaderState {
    return this.#state
  }

  /** @returns stops listening */
  onChange(listener: (news: News) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Looks for new events until `close`. */
  async watch(): Promise<void> {
    while (!this.#closed) {
      await this.#look().catch(() => undefined)
      await pause(LOOK_MS, undefined, { ref: false })
    }
  }

  /** Looks now: what was just written is on the next page. */
  async refresh(): Promise<void> {
    await this.#looking?.catch(() => undefined)
    await this.#look().catch(() => undefined)
  }

  /**
   * A question whose answer is kept, for the same arguments, until the ledger changes. It throws TollgateError `ledger-…`.
   *
   * @param until `samples`: or until there are new samples or log lines
   */
  question<Asked extends Json, Answer>(
    ask: (session: Session, asked: Asked, position: Position) => Promise<Answer>,
    until: News = "ledger",
  ): (asked: Asked) => Promise<Reading<Answer>> {
    const kept = new Map<string, Promise<Answer>>()
    this.#kept[until].add(kept)
    return async (asked) => {
      const { position, readAt } = await this.#current()
      const key = canonicalJson(asked)
      const before = kept.get(key)
      if (before !== undefined) return { value: await before, position, readAt }
      if (kept.size >= MOST_KEPT) kept.clear()
      const answer = this.#link.ask((session) => ask(session, asked, position))
      kept.set(key, answer)
      try {
        return { value: await answer, position, readAt }
      } catch (error) {
        kept.delete(key)
        this.#note(error)
        throw error
      }
    }
  }

  /** Reads without keeping the answer: it may be large. It throws TollgateError `ledger-…`. */
  async once<Answer>(ask: (session: Session) => Promise<Answer>): Promise<Answer> {
    try {
      return await this.#link.ask(ask)
    } catch (error) {
      this.#note(error)
      throw error
    }
  }

  async #current(): Promise<Extract<ReaderState, { kind: "online" }>> {
    const seen = this.#state
    if (seen.kind !== "online" || Date.now() - seen.readAt >= FRESH_MS) await this.#look()
    const state = this.#state
    if (state.kind !== "online") throw this.#awayError()
    return state
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#link.close()
  }

  /** One poll at a time. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => (this.#looking = null))
    return this.#looking
  }

  async #lookNow(): Promise<void> {
    const before = this.#state
    try {
      const position = await this.#link.ask((session) => readPosition(session, this.service, this.#may))
      const same =
        before.kind === "online" &&
        before.position.number === position.number &&
        before.position.leases === position.leases
      this.#state = { kind: "online", position, readAt: Date.now() }
      if (same && before.position.samples === position.samples) return
      const news = same ? "samples" : "ledger"
      this.#forget(news)
      this.#tell(news)
    } catch (error) {
      this.#note(error)
      throw error
    }
  }

  #note(error: unknown): void {
    if (!(error instanceof TollgateError) || !error.code.startsWith("ledger-")) return
    const before = this.#state
    const [why = ""] = error.message.split("\n\n")
    const last = before.kind === "online" ? before.position : before.kind === "away" ? before.last : null
    this.#state = { kind: "away", why, since: before.kind === "away" ? before.since : Date.now(), last }
    this.#forget("ledger")
    if (before.kind !== "away" || before.why !== why) this.#tell("ledger")
  }

  #awayError(): TollgateError {
    const why = this.#state.kind === "away" ? this.#state.why : "It has not been read yet."
    return new TollgateError(
      "ledger-unreachable",
      why,
      "Check that its Postgres is running. This page retries by itself.",
    )
  }

  #forget(news: News): void {
    for (const kept of this.#kept.samples) kept.clear()
    if (news === "ledger") for (const kept of this.#kept.ledger) kept.clear()
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news)
  }
}
