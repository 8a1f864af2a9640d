import { keptRows } from "../kept-rows.js"

/** Days after which samples may be deleted, and are. */
export const KEPT_DAYS = 90

/**
 * Table of samples: what the watch of a release measured. Samples are many, and no evidence: they are in no hash chain. They are never
 * changed; they are deleted when they are old enough, by age of the database's own clock, and not earlier, also not by a superuser.
 */
export const SAMPLE_TABLES = `
CREATE TABLE IF NOT EXISTS tollgate_ledger.samples (
  written_at timestamptz NOT NULL, service text NOT NULL, environment text NOT NULL, release text NOT NULL, run text NOT NULL,
  metric text NOT NULL CHECK (metric ~ '^[a-z][a-z0-9-]{0,39}$'), phase text NOT NULL CHECK (phase ~ '^[a-z][a-z0-9-]{0,39}$'),
  since timestamptz NOT NULL, at timestamptz NOT NULL,
  value float8 CHECK (value >= 0 AND value < 'Infinity'), beyond boolean NOT NULL,
  out_of bigint CHECK (out_of >= 0), least bigint NOT NULL CHECK (least >= 0),
  threshold float8 CHECK (threshold >= 0 AND threshold < 'Infinity'));
CREATE INDEX IF NOT EXISTS samples_of_release ON tollgate_ledger.samples (service, environment, release, at);
CREATE INDEX IF NOT EXISTS samples_by_age ON tollgate_ledger.samples (written_at);
${keptRows({ table: "samples", row: "sample", words: "samples", days: KEPT_DAYS, code: "TGL04", most: 10_000 })}`
