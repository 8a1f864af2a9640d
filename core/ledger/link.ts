import { ZodError } from "zod"
import type { Address } from "../database/connect/address.js"
import { codeOf, openSession, type Session } from "../database/connect/session.js"
import { TollgateError } from "../shared/errors.js"
import { connectionError, unreachable } from "./problem.js"

/**
 * One connection to the ledger: opened when needed, reopened when broken, and never waited for longer than `patience`. A server that
 * accepts the connection and does not answer counts as unreachable.
 */
export class Link {
  readonly #address: Address
  readonly #patience: number
  readonly #prepare: (session: Session) => Promise<void>
  #session: Session | null = null
  /** Grows each time the connection is dropped, so that late results of an earlier connection are ignored. */
  #generation = 0
  /** One task at a time: a heartbeat must not run inside another transaction. */
  #queue: Promise<unknown> = Promise.resolve()
  /** The last failure, rethrown for `patience` seconds instead of connecting again. */
  #failed: { at: number; error: TollgateError } | null = null

  /**
   * @param patience seconds
   * @param prepare run once on each new connection
   */
  constructor(address: Address, patience: number, prepare: (session: Session) => Promise<void>) {
    this.#address = address
    this.#patience = patience
    this.#prepare = prepare
  }

  /** @throws TollgateError `ledger-…` when the ledger is unreachable; Postgres' own error when a statement fails */
  ask<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const mine = this.#queue.then(() => this.#bounded(work))
    this.#queue = mine.catch(() => undefined)
    return mine
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = null
    if (session !== null) await within(1, session.close()).catch(() => undefined)
  }

  async #bounded<T>(work: (session: Session) => Promise<T>): Promise<T> {
    // events come in bursts: waiting for an unreachable server with each of them would add up
    if (this.#failed !== null && performance.now() - this.#failed.at < this.#patience * 1000) throw this.#failed.error
    try {
      const result = await within(this.#patience, this.#connected(this.#generation).then(work))
      this.#failed = null
      return result
    } catch (error) {
      const away = this.#whyAway(error)
      if (away === null) throw error
      this.#failed = { at: performance.now(), error: away }
      this.#drop()
      throw away
    }
  }

  async #connected(generation: number): Promise<Session> {
    if (this.#session !== null && !this.#session.broken) return this.#session
    this.#session = null
    const session = await openSession(this.#address, "tollgate ledger", this.#patience * 1000)
    try {
      const longest = Math.round(this.#patience * 1000)
      await session.run(
        `SET statement_timeout = ${longest}; SET lock_timeout = ${longest}; SET default_transaction_isolation = 'read committed'`,
      )
      await this.#prepare(session)
      // the caller already got a time-out: its work must not be done any more
      if (generation !== this.#generation) throw new TimeOut()
    } catch (error) {
      session.close().catch(() => undefined)
      throw error
    }
    this.#session = session
    return session
  }

  #drop(): void {
    const session = this.#session
    this.#session = null
    this.#generation += 1
    session?.close().catch(() => undefined)
  }

  #whyAway(error: unknown): TollgateError | null {
    if (error instanceof TimeOut)
      return unreachable(`${this.#address.host}:${this.#address.port} did not answer within ${this.#patience} s.`)
    if (error instanceof TollgateError) return error.code.startsWith("database-") ? connectionError(error) : null
    // a bug of ours does not mean that the ledger is unreachable
    if (error instanceof ZodError || error instanceof TypeError || error instanceof RangeError) return null
    const code = codeOf(error)
    const message = error instanceof Error ? error.message : String(error)
    // classes of errors that concern the server and not the statement:
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    if (code !== null && /^(08|53|55P03|57|58|25006|XX)/.test(code)) return unreachable(`${message}.`)
    if (this.#session?.broken === true || code === null || !/^[0-9A-Z]{5}$/.test(code))
      return unreachable(`${message}.`)
    return null
  }
}

/** Runs the work in one transaction. */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.run("BEGIN")
  try {
    const result = await work()
    await session.run("COMMIT")
    return result
  } catch (error) {
    if (!session.broken) await session.run("ROLLBACK").catch(() => undefined)
    throw error
  }
}

class TimeOut extends Error {}

/** @param seconds to wait for the promise; its work is not cancelled */
async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  work.catch(() => undefined)
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, fail) => (timer = setTimeout(() => fail(new TimeOut()), seconds * 1000))),
    ])
  } finally {
    clearTimeout(timer)
  }
}
