import { type Address, isLoopback, parseAddress, saysTls, withoutPassword } from "../database/connect/address.js"
import { codeOf, openSession, type Session } from "../database/connect/session.js"
import { canonicalJson } from "../shared/canonical-json.js"
import { TollgateError } from "../shared/errors.js"
import { EMPTY_CHAIN, followChain } from "./chain.js"
import type { EventBody, EventContext, Happening } from "./event.js"
import { releasesOf } from "./fold.js"
import { freeLease, obtainLease, raiseToken } from "./lease.js"
import type { ChainVerdict, Journal, Ledger, LedgerState, ReleaseRecord } from "./ledger.js"
import { Link } from "./link.js"
import { prepareLedger } from "./prepare.js"
import { connectionError, leaseLost, mayNotStore, mayNotWrite, unreachable } from "./problem.js"
import { insertReport } from "./report-rows.js"
import {
  eventsOf,
  eventsOfKind,
  eventsOfKinds,
  eventsOfLatest,
  insertEvent,
  insertOnce,
  latestEvent,
  leaseOf,
  parseBody,
  rowsAfter,
  rowsOf,
} from "./rows.js"
import { CHANNEL, STALE } from "./schema.js"
import { insertSeen } from "./seen.js"
import { eventBodyOf } from "./write.js"

export interface LedgerOptions {
  /** postgresql://USER:PASSWORD@HOST:PORT/DATABASE: the text of the secret --ledger. */
  url: string
  /** settings.ledger.service */
  service: string
  /** Seconds: settings.ledger.patience. */
  patience: number
  journal: Journal
  /** `required`: nothing starts without the ledger. `wanted`: the run continues without it and records its events later. */
  need: "required" | "wanted"
  /** Which entry point started Tollgate: inside the engine, the loopback is the module's own container. */
  entryPoint: "cli" | "module"
  /** Takes the secrets that this run knows out of a text. */
  redact?: (text: string) => string
}

/** @throws TollgateError `ledger-url`, `ledger-sslmode`, `ledger-login`, `ledger-unknown`, `ledger-newer`; `ledger-unreachable` when it is required */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const ledger = new PostgresLedger(options)
  try {
    await ledger.replay()
  } catch (error) {
    // a rollback continues, whatever the ledger's problem is, also with a wrong login
    const away = error instanceof TollgateError && error.code.startsWith("ledger-")
    if (away && options.need === "wanted") return ledger
    await ledger.close()
    throw error
  }
  return ledger
}

/** For the report of one run. */
const UPLOAD_SECONDS = 60
/** Rows per page when all are read. */
const PAGE = 1000

class PostgresLedger implements Ledger {
  readonly #address: Address
  readonly #patience: number
  readonly #link: Link
  /** Why this ledger is never connected to. A rollback continues without it, as without one that is away. */
  readonly #refused: TollgateError | null
  readonly #service: string
  readonly #journal: Journal
  readonly #redact: (text: string) => string
  #away: { code: string; why: string; since: string } | null = null
  #waiting = 0
  #lost = 0

  constructor({ url, service, patience, journal, entryPoint, redact }: LedgerOptions) {
    const address = addressOf(url)
    if (entryPoint === "module" && isLoopback(address.host))
      throw new TollgateError(
        "ledger-loopback",
        `--ledger names the host ${address.host}, which inside the engine is not your machine.`,
        "Use the ledger's host name or address in the network, or use the command line (npx tollgate …), which can reach ports of your machine.",
      )
    this.#refused = saysTls(url.trim()) || isLoopback(address.host) ? null : withoutTls(address.host)
    this.#address = address
    this.#patience = patience
    this.#link = new Link(address, patience, prepareLedger)
    this.#service = service
    this.#journal = journal
    this.#redact = (text) => withoutPassword(redact?.(text) ?? text, address)
  }

  get state(): LedgerState {
    return this.#away === null
      ? { kind: "online" }
      : { kind: "away", ...this.#away, waiting: this.#waiting, lost: this.#lost }
  }

  takeLease: Ledger["takeLease"] = (request) => {
    const { run, who, environment } = request
    return this.#seen(() =>
      obtainLease(this.#link, this.#service, request, (session, token, what) =>
        this.#insert(session, { service: this.#service, environment, release: null, run, token, who }, what),
      ),
    )
  }

  holder: Ledger["holder"] = async (environment) => {
    const { held } = await this.#ask((session) => leaseOf(session, this.#service, environment, false))
    if (held === null || held.expired) return null
    const { expired: _, ...holder } = held
    return holder
  }

  unlock: Ledger["unlock"] = (environment, { reason, run, who, held }) =>
    this.#seen(() =>
      freeLease(this.#link, this.#service, environment, { reason, only: held ?? null }, (session, token, what) =>
        this.#insert(session, { service: this.#service, environment, release: null, run, token, who }, what),
      ),
    )

  raise: Ledger["raise"] = (environment, { above, reason, run, who }) =>
    this.#seen(() =>
      raiseToken(this.#link, this.#service, environment, above, reason, (session, token, what) =>
        this.#insert(session, { service: this.#service, environment, release: null, run, token, who }, what),
      ),
    )

  record: Ledger["record"] = async (context, what) => {
    const body = eventBodyOf(context, what, new Date(), this.#redact)
    try {
      // journaled events happened first
      if (this.#waiting > 0) await this.replay()
      return await this.#ask((session) => insertEvent(session, textOf(body), false))
    } catch (error) {
      if (codeOf(error) === STALE)
        throw leaseLost(context.environment, "another run took the lease, or it was unlocked.")
      this.#note(error)
      try {
        await this.#journal.append(textOf(body))
        this.#waiting += 1
      } catch {
        // on a full disk, completing the rollback matters more than recording it
        this.#lost += 1
      }
      return null
    }
  }

  recordOnce: Ledger["recordOnce"] = (context, what, id) => {
    const body = { ...eventBodyOf(context, what, new Date(), this.#redact), id }
    return this.#ask((session) => insertOnce(session, textOf(body), id))
  }

  recordSeen: Ledger["recordSeen"] = (context, what, look) => {
    const body = eventBodyOf(context, what, new Date(), this.#redact)
    const stored = body.what
    if (stored.kind !== "target-seen") throw new RangeError("an event keeps its kind")
    return this.#ask((session) => insertSeen(session, body, stored, textOf(body), look))
  }

  storeReport: Ledger["storeReport"] = async (origin, report) => {
    // without this, a ledger that is away would be waited for as long as an upload may take
    await this.#ask(() => Promise.resolve())
    const link = new Link(this.#address, UPLOAD_SECONDS, prepareLedger)
    try {
      await link.ask((session) => insertReport(session, this.#service, origin, report))
    } catch (error) {
      throw codeOf(error) === "42501" && error instanceof Error ? mayNotStore(error.message) : error
    } finally {
      await link.close()
    }
  }

  async releases(environment: string, limit: number): Promise<ReleaseRecord[]> {
    const events = await this.#ask((session) => eventsOfLatest(session, this.#service, environment, limit))
    return releasesOf(events, await this.holder(environment))
  }

  async release(environment: string, id: string): Promise<ReleaseRecord | null> {
    return releasesOf(await this.events(environment, id), await this.holder(environment))[0] ?? null
  }

  events: Ledger["events"] = (environment, release) =>
    this.#ask((session) => eventsOf(session, this.#service, environment, release ?? null))

  eventsOfKind: Ledger["eventsOfKind"] = (environment, kind) =>
    this.#ask((session) => eventsOfKind(session, this.#service, environment, kind))

  rowsAfter: Ledger["rowsAfter"] = (number, limit) => this.#ask((session) => rowsAfter(session, number, limit))

  rowsOf: Ledger["rowsOf"] = (environment, which) =>
    this.#ask((session) => rowsOf(session, this.#service, environment, which))

  eventsOfKinds: Ledger["eventsOfKinds"] = (environment, kinds, after) =>
    this.#ask((session) => eventsOfKinds(session, this.#service, environment, kinds, after))

  latestEvent: Ledger["latestEvent"] = () => this.#ask(latestEvent)

  listen: Ledger["listen"] = async (heard) => {
    if (this.#refused !== null) throw this.#refused
    const session = await openSession(this.#address, "tollgate ledger, listening", this.#patience * 1000)
    await session.listen(CHANNEL, heard)
    return session
  }

  verify: Ledger["verify"] = async () => {
    let verdict: ChainVerdict = EMPTY_CHAIN
    for (;;) {
      const { events } = verdict
      const rows = await this.#ask((session) => rowsAfter(session, events, PAGE))
      verdict = followChain(verdict, rows)
      if (verdict.kind === "broken" || rows.length < PAGE) return verdict
    }
  }

  async replay(): Promise<number> {
    // connects even when the journal is empty
    await this.#ask(() => Promise.resolve())
    const { lines, done } = await this.#journal.take()
    // a truncated line comes from a run that was killed while writing it, before it continued
    const whole = lines.filter((line) => parseBody(line) !== null)
    for (const line of whole) await this.#ask((session) => insertEvent(session, line, true))
    await done()
    this.#waiting = 0
    return whole.length
  }

  close: Ledger["close"] = () => this.#link.close()

  async #insert(session: Session, context: EventContext, what: Happening): Promise<void> {
    await insertEvent(session, textOf(eventBodyOf(context, what, new Date(), this.#redact)), false)
  }

  #ask<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#seen(() => this.#link.ask(work))
  }

  /** Remembers whether the ledger answered. */
  async #seen<T>(work: () => Promise<T>): Promise<T> {
    try {
      if (this.#refused !== null) throw this.#refused
      const result = await work()
      this.#away = null
      return result
    } catch (error) {
      const why =
        codeOf(error) === "42501" && error instanceof Error ? mayNotWrite(this.#service, error.message) : error
      if (why instanceof TollgateError && why.code.startsWith("ledger-")) this.#note(why)
      throw why
    }
  }

  #note(error: unknown): void {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n\n")
    const code = error instanceof TollgateError ? error.code : ""
    this.#away ??= { code, why: this.#redact(why), since: new Date().toISOString() }
  }
}

/** For readers that hold a connection of their own. @throws TollgateError `ledger-url`, `ledger-sslmode` */
export function ledgerAddress(url: string): Address {
  const address = addressOf(url)
  if (!saysTls(url.trim()) && !isLoopback(address.host)) throw withoutTls(address.host)
  return address
}

function addressOf(url: string): Address {
  try {
    return parseAddress(url.trim(), "--ledger")
  } catch (error) {
    throw error instanceof TollgateError ? connectionError(error) : unreachable(String(error))
  }
}

/** libpq's default falls back to plain text for anyone on the way. */
function withoutTls(host: string): TollgateError {
  return new TollgateError(
    "ledger-sslmode",
    `--ledger names the host ${host} without an sslmode.`,
    "Add ?sslmode=verify-full to the URL; ?sslmode=disable only in a network of your own. Nothing was changed.",
  )
}

function textOf(body: EventBody): string {
  return canonicalJson(body)
}
