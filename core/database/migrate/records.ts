import { createHash } from "node:crypto"
import { z } from "zod"
import type { Revision } from "../alembic/revision.js"
import type { Session } from "../connect/session.js"
import { type AppliedRecord, chainAfter, readChain } from "../copy/hash-chain.js"

/**
 * Tollgate's own tables, in a schema of their own inside the service's database: what was done to it stays with it. Runs and their
 * events are only ever added to; a trigger sees to it.
 */
const TABLES = `
CREATE SCHEMA IF NOT EXISTS tollgate;
CREATE TABLE IF NOT EXISTS tollgate.runs (
  id text PRIMARY KEY, kind text NOT NULL, environment text NOT NULL, tollgate_version text NOT NULL, started_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE IF NOT EXISTS tollgate.events (
  number bigserial PRIMARY KEY, run text NOT NULL REFERENCES tollgate.runs, at timestamptz NOT NULL DEFAULT clock_timestamp(),
  step text NOT NULL, status text NOT NULL, detail jsonb NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS tollgate.revisions (
  number bigserial PRIMARY KEY, revision text NOT NULL, sha256 text NOT NULL, chain text NOT NULL, run text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE IF NOT EXISTS tollgate.lease (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), owner text NOT NULL, run text NOT NULL, pid integer NOT NULL, expires_at timestamptz NOT NULL);
CREATE OR REPLACE FUNCTION tollgate.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'tollgate.% is only ever added to', TG_TABLE_NAME; END $$;
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON tollgate.runs FOR EACH STATEMENT EXECUTE FUNCTION tollgate.refuse();
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON tollgate.events FOR EACH STATEMENT EXECUTE FUNCTION tollgate.refuse();
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON tollgate.revisions FOR EACH STATEMENT EXECUTE FUNCTION tollgate.refuse();
`

/** Under the lock only: two sessions that create the same schema at once get in each other's way. */
export async function prepareRecords(session: Session): Promise<void> {
  await session.run(`BEGIN; ${TABLES} COMMIT;`)
}

const chained = z.object({
  number: z.coerce.number(),
  revision: z.string(),
  sha256: z.string(),
  chain: z.string(),
  at: z.string(),
})
const CHAINED = `SELECT number, revision, sha256, chain, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') AS at FROM tollgate.revisions ORDER BY number`

/** Each revision that Tollgate applied here with the digest of its file. Asked for its name first: in a transaction a table that is not there would end it. */
export async function appliedRecord(session: Session): Promise<AppliedRecord> {
  return (await hasTable(session, "revisions")) ? readChain(await session.rows(chained, CHAINED)) : { kind: "none" }
}

async function hasTable(session: Session, name: string): Promise<boolean> {
  const { there } = await session.row(z.object({ there: z.boolean() }), "SELECT to_regclass($1) IS NOT NULL AS there", [
    `tollgate.${name}`,
  ])
  return there
}

/** Writes down the revisions that are applied now and were not written down with this content before. */
export async function recordRevisions(session: Session, run: string, applied: readonly Revision[]): Promise<void> {
  const before = await session.rows(chained, CHAINED)
  const last = new Map(before.map(({ revision, sha256 }) => [revision, sha256]))
  let chain = before.at(-1)?.chain ?? ""
  for (const { revision, sha256 } of applied) {
    if (last.get(revision) === sha256) continue
    chain = chainAfter(chain, revision, sha256)
    await session.run("INSERT INTO tollgate.revisions (revision, sha256, chain, run) VALUES ($1, $2, $3, $4)", [
      revision,
      sha256,
      chain,
      run,
    ])
  }
}

export type EventStatus = "started" | "done" | "failed"

export interface RecordedEvent {
  step: string
  status: EventStatus
  detail: unknown
}

export async function recordRun(
  session: Session,
  run: string,
  kind: "migrate" | "restore",
  environment: string,
  version: string,
): Promise<void> {
  await session.run(
    "INSERT INTO tollgate.runs (id, kind, environment, tollgate_version) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    [run, kind, environment, version],
  )
}

export async function recordEvent(session: Session, run: string, event: RecordedEvent): Promise<void> {
  await session.run("INSERT INTO tollgate.events (run, step, status, detail) VALUES ($1, $2, $3, $4)", [
    run,
    event.step,
    event.status,
    JSON.stringify(event.detail ?? {}),
  ])
}

const measured = z.object({ at: z.string(), what: z.enum(["rehearsal", "migration"]), seconds: z.number() })

/** How long the same revisions, from the same file contents, took on this database or its restored copy. */
export type Measured = z.output<typeof measured>

/** Step under which durations are written down. */
const MEASURED = "measured"

/** By the contents of the revisions that are run, in their order: nothing else says that two upgrades are the same. */
export function upgradeDigest(from: readonly string[], revisions: readonly Revision[]): string {
  return createHash("sha256")
    .update(JSON.stringify([from, revisions.map(({ revision, sha256 }) => [revision, sha256])]))
    .digest("hex")
}

export async function recordMeasured(
  session: Session,
  run: string,
  what: Measured["what"],
  upgrade: string,
  seconds: number,
): Promise<void> {
  await recordEvent(session, run, { step: MEASURED, status: "done", detail: { what, upgrade, seconds } })
}

/** The newest one that is of this very upgrade; a real run counts like a rehearsal. */
export async function newestMeasured(session: Session, upgrade: string): Promise<Measured | null> {
  if (!(await hasTable(session, "events"))) return null
  const [found] = await session.rows(
    measured,
    `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') AS at, detail->>'what' AS what, (detail->>'seconds')::float8 AS seconds
     FROM tollgate.events WHERE step = $1 AND detail->>'upgrade' = $2 ORDER BY number DESC LIMIT 1`,
    [MEASURED, upgrade],
  )
  return found ?? null
}

/** The document of a run that came to its end; null: there is none. @param run empty: the last one */
export async function recordedReport(session: Session, run: string): Promise<unknown> {
  if (!(await hasTable(session, "events"))) return null
  const [found] = await session.rows(
    z.object({ report: z.unknown() }),
    "SELECT detail->'report' AS report FROM tollgate.events WHERE step = 'end' AND detail ? 'report' AND ($1 = '' OR run = $1) ORDER BY number DESC LIMIT 1",
    [run],
  )
  return found?.report ?? null
}

const unfinished = z.object({ run: z.string(), detail: z.unknown() })

/**
 * The latest run when it began to change the database and never said how that ended: its pipeline was killed. What it wrote down
 * before it began comes with it.
 */
export async function unfinishedRun(session: Session): Promise<{ run: string; detail: unknown } | null> {
  const [found] = await session.rows(
    unfinished,
    `SELECT e.run, e.detail FROM tollgate.events e WHERE e.step = 'upgrade' AND e.status = 'started'
     AND NOT EXISTS (SELECT FROM tollgate.events l WHERE l.step = 'end' AND l.number > e.number) ORDER BY e.number DESC LIMIT 1`,
  )
  return found ?? null
}
