import { z } from "zod"
import { literal } from "../connect/session.js"
import { READER, REHEARSAL, type Scratch, type ScratchOptions } from "../copy/scratch.js"

/** What a copy's server is started with, so that what a command asked it can be read back. */
const LOGGED = [
  "logging_collector=on",
  "log_destination=csvlog",
  "log_directory=log",
  "log_filename=tollgate",
  "log_rotation_size=0",
  "log_statement=all",
]

/** For a rehearsal. */
export const REHEARSED_AND_LOGGED: ScratchOptions = { ...REHEARSAL, server: [...REHEARSAL.server, ...LOGGED] }

/** Longest time for what a server was asked to reach its log, and for sessions of a program that has ended to go, in turns of 50 ms. */
const TURNS = 400

const line = z.object({
  session: z.string(),
  transaction: z.string(),
  severity: z.string(),
  sqlstate: z.string(),
  message: z.string(),
  detail: z.string().nullable(),
  hint: z.string().nullable(),
  query: z.string().nullable(),
})

const COLUMNS = [
  "log_time",
  "user_name",
  "database_name",
  "process_id",
  "connection_from",
  "session_id",
  "session_line_num",
  "command_tag",
  "session_start_time",
  "virtual_transaction_id",
  "transaction_id",
  "error_severity",
  "sql_state_code",
  "message",
  "detail",
  "hint",
  "internal_query",
  "internal_query_pos",
  "context",
  "query",
  "query_pos",
  "location",
  "application_name",
]
/** https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG: added in 13 and 14. */
const LATER: readonly (readonly [from: number, names: readonly string[]])[] = [
  [13, ["backend_type"]],
  [14, ["leader_pid", "query_id"]],
]

const read = z.object({ lines: z.array(line), tables: z.array(z.tuple([z.string(), z.string()])) })

export type CopyLog = z.output<typeof read>

export interface Since {
  /** null: from the beginning. */
  mark: string | null
  /** From where to read the next time. */
  next: string
}

/**
 * What one database of the copy was asked by its user since the mark, and its errors; and the tables that it has. Whatever asked must have
 * ended.
 *
 * @param more SQL to run there
 */
export async function readLog(
  { run, likeness }: Scratch,
  { mark, next }: Since,
  database = likeness.database.name,
  more = "",
): Promise<CopyLog> {
  const text = (names: readonly string[]): string => names.map((name) => `${name} text`).join(", ")
  const added = LATER.map(
    ([from, names]) =>
      `IF current_setting('server_version_num')::int >= ${from}0000 THEN ALTER TABLE pg_temp.lines ${names.map((name) => `ADD COLUMN ${name} text`).join(", ")}; END IF;`,
  ).join(" ")
  const placeOf = (one: string): string =>
    `(SELECT min(place) FROM pg_temp.lines WHERE message LIKE ${literal(`%${one}%`)})`
  const out = await run(
    `SET log_statement = 'all';
DO $wait$ BEGIN
  FOR turn IN 1..${TURNS} LOOP
    EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = ${literal(database)} AND backend_type = 'client backend' AND pid <> pg_backend_pid());
    PERFORM pg_sleep(0.05);
    PERFORM pg_stat_clear_snapshot();
  END LOOP;
END $wait$;
SELECT ${literal(next)} WHERE false;
SET log_statement = 'none';
${more}
CREATE TEMPORARY TABLE lines (${text(COLUMNS)});
DO $read$ BEGIN ${added}
  FOR turn IN 1..${TURNS} LOOP
    EXIT WHEN position(${literal(next)} IN convert_from(pg_read_binary_file('log/tollgate.csv'), 'SQL_ASCII')) > 0;
    PERFORM pg_sleep(0.05);
  END LOOP;
  EXECUTE format('COPY pg_temp.lines FROM %L WITH (FORMAT csv)', current_setting('data_directory') || '/log/tollgate.csv');
  ALTER TABLE pg_temp.lines ADD COLUMN place bigserial;
END $read$;
SELECT json_build_object(
  'lines', (SELECT coalesce(json_agg(json_build_object('session', session_id, 'transaction', coalesce(virtual_transaction_id, ''), 'severity', error_severity, 'sqlstate', coalesce(sql_state_code, ''), 'message', message, 'detail', detail, 'hint', hint, 'query', query) ORDER BY place), '[]')
    FROM pg_temp.lines WHERE database_name = ${literal(database)} AND user_name = ${literal(likeness.user)} AND application_name IS DISTINCT FROM ${literal(READER)}
      AND place < ${placeOf(next)}${mark === null ? "" : ` AND place > ${placeOf(mark)}`}),
  'tables', (SELECT coalesce(json_agg(json_build_array(n.nspname, c.relname)), '[]') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'tollgate', 'tollgate_watch')));
`,
    database,
  )
  return read.parse(JSON.parse(out))
}
