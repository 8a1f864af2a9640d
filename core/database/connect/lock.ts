import { hostname } from "node:os"
import { setTimeout as pause } from "node:timers/promises"
import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"
import { prepareRecords } from "../migrate/records.js"
import type { Address } from "./address.js"
import { codeOf, openSession, type Session } from "./session.js"

/** "tollgate" on a telephone's keys: one lock for everything that changes a database. */
const KEY = "8655428"

/** How the sessions of a run are named in pg_stat_activity. */
export function sessionName(part: string, run: string): string {
  return `tollgate ${part} ${run}`.slice(0, 63)
}

export interface Lock {
  /** A connection for the holder of the lock. Not the one that the lock is on: heartbeats must not end up in a transaction of the holder. */
  readonly session: Session
  /** Throws when the lock was lost: another run may be at work. */
  requireHeld(): void
  release(): Promise<void>
}

export interface LockOptions {
  run: string
  /** Seconds to wait at most. */
  wait: number
  /** Seconds without a heartbeat after which a lock is free. */
  lease: number
  onWait?: (holder: string) => void
}

const lease = z.object({ owner: z.string(), run: z.string(), pid: z.number(), expired: z.boolean() })

/**
 * Takes the lock on a database. It is only ever tried: a session that waits for an advisory lock is in a transaction, and
 * CREATE INDEX CONCURRENTLY waits for every transaction there is.
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export async function takeLock(address: Address, options: LockOptions): Promise<Lock> {
  const session = await openSession(address, sessionName("lock", options.run))
  try {
    await session.run(
      "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET statement_timeout = '30s'",
    )
    await obtain(session, options)
    await prepareRecords(session)
    return await hold(session, address, options)
  } catch (error) {
    await session.close()
    throw error
  }
}

async function obtain(session: Session, options: LockOptions): Promise<void> {
  const deadline = Date.now() + options.wait * 1000
  for (let attempt = 0; ; attempt += 1) {
    const { locked } = await session.row(
      z.object({ locked: z.boolean() }),
      `SELECT pg_try_advisory_lock(${KEY}) AS locked`,
    )
    if (locked) return
    const holder = await holderOf(session)
    if (holder?.expired === true) {
      // its pipeline is gone, and the server has not noticed that its connection is
      await session.run("SELECT pg_terminate_backend($1)", [holder.pid])
    } else if (Date.now() >= deadline) {
      throw new TollgateError(
        "database-locked",
        `Another run of Tollgate holds the lock on this database${holder === null ? "" : `: ${holder.run}, from ${holder.owner}`}.`,
        `Run again when it has ended. This run waited ${options.wait} s (database.lockWait); the lock of a run that was killed expires ${options.lease} s after its last heartbeat (database.lease). Nothing was changed.`,
      )
    } else options.onWait?.(holder === null ? "another run" : `${holder.run}, from ${holder.owner}`)
    const wanted = Math.min(1000, 200 * 2 ** attempt) * (0.5 + Math.random())
    await pause(Math.max(50, Math.min(wanted, deadline - Date.now())))
  }
}

async function holderOf(session: Session): Promise<z.output<typeof lease> | null> {
  try {
    const [found] = await session.rows(
      lease,
      `SELECT l.owner, l.run, l.pid, l.expires_at < clock_timestamp() AS expired FROM tollgate.lease l
       WHERE EXISTS (SELECT FROM pg_locks k WHERE k.locktype = 'advisory' AND k.objid = ${KEY} AND k.pid = l.pid AND k.granted)`,
    )
    return found ?? null
  } catch (error) {
    if (codeOf(error) === "42P01" || codeOf(error) === "3F000") return null
    throw error
  }
}

async function hold(session: Session, address: Address, { run, lease: seconds }: LockOptions): Promise<Lock> {
  const sign = async (): Promise<void> => {
    await session.run(
      `INSERT INTO tollgate.lease (owner, run, pid, expires_at) VALUES ($1, $2, pg_backend_pid(), clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (only_row) DO UPDATE SET owner = excluded.owner, run = excluded.run, pid = excluded.pid, expires_at = excluded.expires_at`,
      [`${process.env["TOLLGATE_OWNER"] ?? hostname()}`, run, seconds],
    )
  }
  await sign()
  const work = await openSession(address, sessionName("work", run))
  let signedAt = Date.now()
  let signing = false
  const heart = setInterval(
    () => {
      if (signing || session.broken) return
      signing = true
      sign()
        .then(
          () => (signedAt = Date.now()),
          () => undefined,
        )
        .finally(() => (signing = false))
    },
    (seconds * 1000) / 4,
  )
  heart.unref()
  return {
    session: work,
    requireHeld: () => {
      if (session.broken || work.broken || Date.now() - signedAt > seconds * 1000)
        throw new TollgateError(
          "database-lock-lost",
          "The lock on the database was lost: its connection broke, or did not renew its lease in time.",
          "Run the same command again: it continues from the state that the database is in.",
        )
    },
    release: async () => {
      clearInterval(heart)
      if (!session.broken) await session.run("DELETE FROM tollgate.lease WHERE run = $1", [run]).catch(() => undefined)
      await Promise.all([session.close(), work.close()])
    },
  }
}
