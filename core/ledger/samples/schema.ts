import { always } from "../trigger.js"

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

CREATE OR REPLACE FUNCTION tollgate_ledger.date_sample() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.written_at := clock_timestamp();
  RETURN NEW;
END $$;
${always({ table: "samples", name: "dated", on: "BEFORE INSERT", each: "ROW", calls: "date_sample" })}
${always({ table: "samples", name: "only_added", on: "BEFORE UPDATE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_sample() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.written_at > clock_timestamp() - interval '${KEPT_DAYS} days' THEN
    RAISE EXCEPTION 'samples are kept for ${KEPT_DAYS} days' USING ERRCODE = 'TGL04';
  END IF;
  RETURN OLD;
END $$;
${always({ table: "samples", name: "kept", on: "BEFORE DELETE", each: "ROW", calls: "keep_sample" })}

-- as the owner: a role that may only insert deletes nothing else
CREATE OR REPLACE FUNCTION tollgate_ledger.prune_samples() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM tollgate_ledger.samples WHERE ctid = ANY (ARRAY(
    SELECT s.ctid FROM tollgate_ledger.samples s WHERE s.written_at < clock_timestamp() - interval '${KEPT_DAYS} days'
    ORDER BY s.written_at LIMIT 10000));
$$;
`
