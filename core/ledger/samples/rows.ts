import { z } from "zod"
import type { Session } from "../../database/connect/session.js"
import type { Sample } from "./sample.js"

/** What samples belong to. */
export interface SampleOwner {
  readonly service: string
  readonly environment: string
  readonly release: string
  readonly run: string
}

/**
 * One statement for all of them. The database's clock counts, as for events: each sample is as old as it is here, by this machine's
 * clock.
 */
export async function insertSamples(
  session: Session,
  { service, environment, release, run }: SampleOwner,
  samples: readonly Sample[],
  now: number,
): Promise<void> {
  const column = <T>(of: (sample: Sample) => T): T[] => samples.map(of)
  const age = (time: number) => (now - time) / 1000
  await session.run(
    `INSERT INTO tollgate_ledger.samples (service, environment, release, run, metric, phase, since, at, value, beyond, out_of, least, threshold)
     SELECT $1, $2, $3, $4, s.metric, s.phase, statement_timestamp() - make_interval(secs => s.since), statement_timestamp() - make_interval(secs => s.at),
       s.value, s.beyond, s.out_of, s.least, s.threshold
     FROM unnest($5::text[], $6::text[], $7::float8[], $8::float8[], $9::float8[], $10::boolean[], $11::bigint[], $12::bigint[], $13::float8[])
       AS s (metric, phase, since, at, value, beyond, out_of, least, threshold)`,
    [
      service,
      environment,
      release,
      run,
      column(({ metric }) => metric),
      column(({ phase }) => phase),
      column(({ since }) => age(since)),
      column(({ at }) => age(at)),
      column(({ value }) => value),
      column(({ beyond }) => beyond),
      column(({ outOf }) => outOf),
      column(({ least }) => least),
      column(({ threshold }) => threshold),
    ],
  )
}

/** Deletes samples that are older than they are kept. */
export async function pruneSamples(session: Session): Promise<void> {
  await session.run("SELECT tollgate_ledger.prune_samples()")
}

const storedSample = z.object({
  run: z.string(),
  metric: z.string(),
  phase: z.string(),
  since: z.number(),
  at: z.number(),
  value: z.number().nullable(),
  beyond: z.boolean(),
  outOf: z.number().nullable(),
  least: z.number(),
  threshold: z.number().nullable(),
})

/** As the ledger has it: another Tollgate may have written it. */
export interface StoredSample extends Omit<Sample, "phase"> {
  readonly run: string
  readonly phase: string
}

const milliseconds = (column: string) => `(extract(epoch FROM s.${column}) * 1000)::float8`

export const SAMPLES_OF_RELEASE = `SELECT s.run, s.metric, s.phase, ${milliseconds("since")} AS since, ${milliseconds("at")} AS at, s.value, s.beyond,
  s.out_of::float8 AS "outOf", s.least::float8 AS least, s.threshold
  FROM tollgate_ledger.samples s WHERE s.service = $1 AND s.environment = $2 AND s.release = $3 ORDER BY s.at DESC LIMIT $4`

/** @returns the newest first */
export function samplesOfRelease(
  session: Session,
  service: string,
  environment: string,
  release: string,
  limit: number,
): Promise<StoredSample[]> {
  return session.rows(storedSample, SAMPLES_OF_RELEASE, [service, environment, release, limit])
}

/** Whether the user of this connection may. */
export async function maySelectSamples(session: Session): Promise<boolean> {
  const { may } = await session.row(
    z.object({ may: z.boolean() }),
    "SELECT has_table_privilege('tollgate_ledger.samples', 'SELECT') AS may",
  )
  return may
}
