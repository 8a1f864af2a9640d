import { z } from "zod"
import type { Session } from "../database/connect/session.js"
import type { LedgerHead } from "../shared/ledger-head.js"
import type { ChainedRow } from "./chained-row.js"
import { type EventBody, eventBody, type LedgerEvent } from "./event.js"
import type { LeaseHolder } from "./ledger.js"
import { CHANNEL, MOMENT } from "./schema.js"

const chainedRow = z.object({
  number: z.int(),
  at: z.string(),
  journaled: z.boolean(),
  stale: z.boolean(),
  previous: z.string(),
  hash: z.string(),
  body: z.string(),
})

const COLUMNS = `number::int, to_char(at AT TIME ZONE 'UTC', ${MOMENT}) AS at, journaled, stale, previous, hash, body`

export function rowsAfter(session: Session, number: number, limit: number): Promise<ChainedRow[]> {
  return session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.number > $1 ORDER BY e.number LIMIT $2`,
    [number, limit],
  )
}

export function rowsOf(
  session: Session,
  service: string,
  environment: string,
  which: { release: string } | { kind: string },
): Promise<ChainedRow[]> {
  const [column, value] = "release" in which ? ["release", which.release] : ["kind", which.kind]
  return session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND e.${column} = $3 ORDER BY e.number`,
    [service, environment, value],
  )
}

export async function eventsOf(
  session: Session,
  service: string,
  environment: string,
  release: string | null,
): Promise<LedgerEvent[]> {
  const rows = await session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND ($3::text IS NULL OR e.release = $3) ORDER BY e.number`,
    [service, environment, release],
  )
  return rows.flatMap(eventOf)
}

/** All events of the latest releases. */
export async function eventsOfLatest(
  session: Session,
  service: string,
  environment: string,
  limit: number,
): Promise<LedgerEvent[]> {
  const rows = await session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND e.release IN (
       SELECT b.release FROM tollgate_ledger.events b WHERE b.service = $1 AND b.environment = $2 AND b.kind = 'release-started' ORDER BY b.number DESC LIMIT $3)
     ORDER BY e.number`,
    [service, environment, limit],
  )
  return rows.flatMap(eventOf)
}

/** The index of tollgate_ledger.events serves this query: kinds that are rare are found fast. */
export async function eventsOfKind(
  session: Session,
  service: string,
  environment: string,
  kind: string,
): Promise<LedgerEvent[]> {
  const rows = await session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND e.kind = $3 ORDER BY e.number`,
    [service, environment, kind],
  )
  return rows.flatMap(eventOf)
}

export async function eventsOfKinds(
  session: Session,
  service: string,
  environment: string,
  kinds: readonly string[],
  after: number,
): Promise<LedgerEvent[]> {
  const rows = await session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND e.kind = ANY ($3) AND e.number > $4 ORDER BY e.number`,
    [service, environment, kinds, after],
  )
  return rows.flatMap(eventOf)
}

export async function latestEvent(session: Session): Promise<number> {
  const { number } = await session.row(
    z.object({ number: z.int() }),
    "SELECT coalesce(max(number), 0)::int AS number FROM tollgate_ledger.events",
  )
  return number
}

/** Skips events of kinds that only a newer Tollgate knows, so that all others can still be shown. */
export function eventOf({ body, number, at, journaled, stale }: ChainedRow): LedgerEvent[] {
  const parsed = parseBody(body)
  return parsed === null ? [] : [{ ...parsed, number, at, journaled, stale }]
}

export function parseBody(text: string): EventBody | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = eventBody.safeParse(value)
  return parsed.success ? parsed.data : null
}

/**
 * Does nothing for an event that exists already: a journal may be replayed twice.
 *
 * @returns its number and hash; null: it existed already
 */
export async function insertEvent(session: Session, body: string, journaled: boolean): Promise<LedgerHead | null> {
  const id = parseBody(body)?.id
  const [head] = await session.rows(
    z.object({ number: z.int(), hash: z.string() }),
    `INSERT INTO tollgate_ledger.events (body, journaled, id) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM tollgate_ledger.events WHERE id = $3)
     ON CONFLICT (id) DO NOTHING RETURNING number::int, hash`,
    [body, journaled, id],
  )
  return head ?? null
}

/** False: an event with this id exists already. The unique index decides between two that insert it at the same time. */
export async function insertOnce(session: Session, body: string, id: string): Promise<boolean> {
  const rows = await session.rows(
    z.object({ number: z.int() }),
    `WITH added AS (INSERT INTO tollgate_ledger.events (body, journaled, id) VALUES ($1, false, $2) ON CONFLICT (id) DO NOTHING RETURNING number)
     SELECT number::int, pg_notify($3, '')::text AS notified FROM added`,
    [body, id, CHANNEL],
  )
  return rows.length > 0
}

const leaseRow = z.object({
  token: z.int(),
  run: z.string().nullable(),
  owner: z.string().nullable(),
  command: z.string().nullable(),
  who: z.string().nullable(),
  takenAt: z.string().nullable(),
  heartbeatAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  expired: z.boolean().nullable(),
})

export interface LeaseState {
  /** The last token issued; 0 when none was. */
  token: number
  /** The last holder, if it did not release the lease; null when it is free. */
  held: (LeaseHolder & { expired: boolean }) | null
}

const at = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', ${MOMENT})`

/** @param lock whether to lock the row until the transaction ends */
export async function leaseOf(
  session: Session,
  service: string,
  environment: string,
  lock: boolean,
): Promise<LeaseState> {
  const [row] = await session.rows(
    leaseRow,
    `SELECT token::int, run, owner, command, who, ${at("taken_at")} AS "takenAt", ${at("heartbeat_at")} AS "heartbeatAt", ${at("expires_at")} AS "expiresAt",
       expires_at <= clock_timestamp() AS expired
     FROM tollgate_ledger.leases WHERE service = $1 AND environment = $2${lock ? " FOR UPDATE" : ""}`,
    [service, environment],
  )
  if (row === undefined) return { token: 0, held: null }
  const { token, run, owner, command, who, takenAt, heartbeatAt, expiresAt, expired } = row
  if (
    run === null ||
    owner === null ||
    command === null ||
    who === null ||
    takenAt === null ||
    heartbeatAt === null ||
    expiresAt === null
  )
    return { token, held: null }
  return {
    token,
    held: { environment, run, owner, command, who, token, takenAt, heartbeatAt, expiresAt, expired: expired ?? true },
  }
}
