import { z } from "zod"
import type { Session } from "../../database/connect/session.js"
import type { Happening, LedgerEvent } from "../../ledger/event.js"
import { parseBody } from "../../ledger/rows.js"
import { MOMENT } from "../../ledger/schema.js"

/** Queries of the pages. Each is served by an index of the ledger, however long its history is; a test reads their plans. */

const EVENTS = "tollgate_ledger.events"
const COLUMNS = `e.number::int AS number, to_char(e.at AT TIME ZONE 'UTC', ${MOMENT}) AS at, e.journaled, e.stale, e.body`

const row = z.object({
  number: z.int(),
  at: z.string(),
  journaled: z.boolean(),
  stale: z.boolean(),
  body: z.string(),
})

/** Where the ledger stands. It changes with each event, when a lease expires, and when a target is looked at, which are no events. */
export interface Position {
  /** Of the latest event; 0: none yet. */
  readonly number: number
  /** The database's clock. */
  readonly at: string
  readonly leases: string
  /** When the latest sample and the latest log line were written; empty where there is none, or where this role may not read them. */
  readonly samples: string
}

const position = z.object({ number: z.int(), at: z.string(), leases: z.string(), samples: z.string() })

const latestOf = (table: string) => `coalesce((SELECT max(written_at) FROM tollgate_ledger.${table})::text, '')`

/** For a role that may read samples and log lines. */
export const POSITION = positionOf({ samples: true, lines: true })

/** What a role may read besides events and leases. */
export interface MayRead {
  readonly samples: boolean
  readonly lines: boolean
}

function positionOf({ samples, lines }: MayRead): string {
  const latest = [...(samples ? [latestOf("samples")] : []), ...(lines ? [latestOf("log_lines")] : [])]
  return positionWith(latest.length === 0 ? "''" : latest.join(" || ' ' || "))
}

function positionWith(samples: string): string {
  return `SELECT (SELECT coalesce(max(number), 0) FROM ${EVENTS})::int AS number, to_char(clock_timestamp() AT TIME ZONE 'UTC', ${MOMENT}) AS at,
  ${samples} AS samples, coalesce((SELECT string_agg(concat_ws(' ', environment, token, run, expires_at <= clock_timestamp(), CASE WHEN environment LIKE '%/target' THEN heartbeat_at END), ',' ORDER BY environment)
    FROM tollgate_ledger.leases WHERE service = $1), '') AS leases`
}

export function readPosition(session: Session, service: string, may: MayRead): Promise<Position> {
  return session.row(position, positionOf(may), [service])
}

/** Environments that ever had a lease: every deployment takes one. A name with a slash is none of an environment. */
export async function environmentsOf(session: Session, service: string): Promise<string[]> {
  const rows = await session.rows(
    z.object({ environment: z.string() }),
    "SELECT environment FROM tollgate_ledger.leases WHERE service = $1 AND position('/' IN environment) = 0 ORDER BY environment LIMIT 100",
    [service],
  )
  return rows.map(({ environment }) => environment)
}

/** How many leases of these names are held. */
export async function heldOf(session: Session, service: string, names: readonly string[]): Promise<number> {
  const { held } = await session.row(
    z.object({ held: z.int() }),
    "SELECT count(*)::int AS held FROM tollgate_ledger.leases WHERE service = $1 AND environment = ANY ($2) AND run IS NOT NULL AND expires_at > clock_timestamp()",
    [service, names],
  )
  return held
}

export const LATEST_OF_KIND = `SELECT ${COLUMNS} FROM ${EVENTS} e WHERE e.service = $1 AND e.environment = $2 AND e.kind = $3 ORDER BY e.number DESC LIMIT $4`

/** @returns the newest first */
export function latestOfKind(
  session: Session,
  service: string,
  environment: string,
  kind: Happening["kind"],
  limit: number,
): Promise<LedgerEvent[]> {
  return events(session, LATEST_OF_KIND, [service, environment, kind, limit])
}

export const OF_KIND_AFTER = `SELECT ${COLUMNS} FROM ${EVENTS} e WHERE e.service = $1 AND e.environment = $2 AND e.kind = $3 AND e.number > $4 ORDER BY e.number LIMIT $5`

/** @returns oldest first */
export function ofKindAfter(
  session: Session,
  service: string,
  environment: string,
  kind: Happening["kind"],
  after: number,
  limit: number,
): Promise<LedgerEvent[]> {
  return events(session, OF_KIND_AFTER, [service, environment, kind, after, limit])
}

/** Only the first start of a release: one that went on after it was killed is listed once. */
export const STARTS_BEFORE = `SELECT ${COLUMNS} FROM ${EVENTS} e WHERE e.service = $1 AND e.environment = $2 AND e.kind = 'release-started'
  AND e.number < $3 AND e.number >= $4
  AND NOT EXISTS (SELECT FROM ${EVENTS} f WHERE f.service = $1 AND f.environment = $2 AND f.release = e.release AND f.kind = 'release-started' AND f.number < e.number)
  ORDER BY e.number DESC LIMIT $5`

/** @returns the newest first */
export function startsBefore(
  session: Session,
  service: string,
  environment: string,
  range: { before: number; from: number },
  limit: number,
): Promise<LedgerEvent[]> {
  return events(session, STARTS_BEFORE, [service, environment, range.before, range.from, limit])
}

export const OF_RELEASES = `SELECT ${COLUMNS} FROM ${EVENTS} e WHERE e.service = $1 AND e.environment = $2 AND e.release = ANY ($3::text[]) ORDER BY e.number LIMIT $4`

export const ofReleases = eventsByRelease(OF_RELEASES)

const timed = z.object({ number: z.int(), at: z.string() })

export const FIRST_FROM = `SELECT e.number::int AS number, to_char(e.at AT TIME ZONE 'UTC', ${MOMENT}) AS at FROM ${EVENTS} e WHERE e.number >= $1 ORDER BY e.number LIMIT 1`

/** The number of the first event at a time or later; one more than the last when there is none. The database's times grow with the numbers. */
export async function numberAt(session: Session, time: string, last: number): Promise<number> {
  let [low, high] = [1, last + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [found] = await session.rows(timed, FIRST_FROM, [middle])
    if (found === undefined || Date.parse(found.at) >= Date.parse(time)) high = middle
    else low = middle + 1
  }
  return low
}

/** How releases started and ended, without what was between. */
export const ENDS_OF_RELEASES = OF_RELEASES.replace(
  " ORDER BY",
  " AND e.kind IN ('release-started', 'release-finished') ORDER BY",
)

export const endsOfReleases = eventsByRelease(ENDS_OF_RELEASES)

/** @returns what reads the events of releases, oldest first */
function eventsByRelease(sql: string) {
  return (
    session: Session,
    service: string,
    environment: string,
    releases: readonly string[],
    limit: number,
  ): Promise<LedgerEvent[]> =>
    releases.length === 0 ? Promise.resolve([]) : events(session, sql, [service, environment, [...releases], limit])
}

/** Skips kinds of events that only a newer Tollgate knows. */
async function events(session: Session, sql: string, values: readonly unknown[]): Promise<LedgerEvent[]> {
  const rows = await session.rows(row, sql, values)
  return rows.flatMap(({ body, ...stored }) => {
    const parsed = parseBody(body)
    return parsed === null ? [] : [{ ...parsed, ...stored }]
  })
}
