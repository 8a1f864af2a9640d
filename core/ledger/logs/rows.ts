import { z } from "zod"
import type { Session } from "../../database/connect/session.js"
import type { SampleOwner } from "../samples/rows.js"
import type { LogEntry, LogSide } from "./line.js"

/** What lines belong to: the release of the ledger that the run is for, whichever release printed them. */
export type LineOwner = SampleOwner

/** One statement for all of them, in their order. */
export async function insertLines(
  session: Session,
  { service, environment, release, run }: LineOwner,
  lines: readonly LogEntry[],
): Promise<void> {
  const column = <T>(of: (line: LogEntry) => T): T[] => lines.map(of)
  await session.run(
    `INSERT INTO tollgate_ledger.log_lines (service, environment, release, run, side, version, place, process, stream, at, text, lines)
     SELECT $1, $2, $3, $4, l.side, l.version, l.place, l.process, l.stream, l.at, l.text, l.lines
     FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::int[])
       WITH ORDINALITY AS l (side, version, place, process, stream, at, text, lines, place_in_batch) ORDER BY l.place_in_batch`,
    [
      service,
      environment,
      release,
      run,
      column(({ side }) => side),
      column(({ version }) => version),
      column(({ place }) => place),
      column(({ process }) => process),
      column(({ stream }) => stream),
      column(({ at }) => at),
      column(({ text }) => text),
      column(({ lines: count }) => count),
    ],
  )
}

/** Deletes lines that are older than they are kept. */
export async function pruneLines(session: Session): Promise<void> {
  await session.run("SELECT tollgate_ledger.prune_log_lines()")
}

/** Which lines of a release. */
export interface LineFilter {
  /** null: of both releases. */
  readonly side: LogSide | null
  /** Part of the host's and the process' name; empty: any. */
  readonly container: string
  /** Part of the text; empty: any. */
  readonly text: string
  /** Lines before this one; null: the newest. */
  readonly before: number | null
}

const storedLine = z.object({
  id: z.number(),
  run: z.string(),
  side: z.string(),
  version: z.string(),
  place: z.string(),
  process: z.string(),
  stream: z.string(),
  at: z.string(),
  text: z.string(),
  lines: z.int(),
})

/** As the ledger has it: another Tollgate may have written it. */
export type StoredLine = z.output<typeof storedLine>

const OF_RELEASE = "FROM tollgate_ledger.log_lines l WHERE l.service = $1 AND l.environment = $2 AND l.release = $3"
const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

/** Notes match every text: they say what may be missing. */
export const LINES_OF_RELEASE = `SELECT l.id::float8 AS id, l.run, l.side, l.version, l.place, l.process, l.stream, to_char(l.at AT TIME ZONE 'UTC', ${UTC}) AS at, l.text, l.lines
  ${OF_RELEASE} AND l.id < $4 AND ($5 = '' OR l.side = $5 OR l.side = '')
  AND ($6 = '' OR l.place = '' OR position(lower($6) IN lower(concat_ws(' ', l.place, l.process))) > 0)
  AND ($7 = '' OR l.stream = 'note' OR position(lower($7) IN lower(l.text)) > 0)
  ORDER BY l.id DESC LIMIT $8`

const PAST_ALL = Number.MAX_SAFE_INTEGER

/** @returns the newest first */
export function linesOfRelease(
  session: Session,
  [service, environment, release]: readonly [service: string, environment: string, release: string],
  { side, container, text, before }: LineFilter,
  limit: number,
): Promise<StoredLine[]> {
  const values = [service, environment, release, before ?? PAST_ALL, side ?? "", container, text, limit]
  return session.rows(storedLine, LINES_OF_RELEASE, values)
}

const summary = z.object({
  lines: z.int(),
  missing: z.number(),
  newest: z.string().nullable(),
  containers: z.array(z.string()),
})

/** All lines of a release, whatever is filtered. */
export interface LineSummary {
  readonly lines: number
  /** Those whose number is known. */
  readonly missing: number
  /** When the newest line was written, by the database's clock; null: none was. */
  readonly newest: string | null
  /** Host and process of each. */
  readonly containers: readonly string[]
}

const SUMMARY = `SELECT count(*) FILTER (WHERE l.stream <> 'note')::int AS lines, coalesce(sum(l.lines) FILTER (WHERE l.stream = 'note'), 0)::float8 AS missing,
  to_char(max(l.written_at) FILTER (WHERE l.stream <> 'note') AT TIME ZONE 'UTC', ${UTC}) AS newest,
  coalesce(array_agg(DISTINCT concat_ws(' ', l.place, l.process)) FILTER (WHERE l.place <> ''), '{}') AS containers ${OF_RELEASE}`

export function summaryOfLines(
  session: Session,
  of: readonly [service: string, environment: string, release: string],
): Promise<LineSummary> {
  return session.row(summary, SUMMARY, [...of])
}

/** Whether the user of this connection may. */
export async function maySelectLines(session: Session): Promise<boolean> {
  const { may } = await session.row(
    z.object({ may: z.boolean() }),
    "SELECT has_table_privilege('tollgate_ledger.log_lines', 'SELECT') AS may",
  )
  return may
}
