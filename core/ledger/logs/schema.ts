import { always } from "../trigger.js"

/** Days after which lines may be deleted, and are. */
export const KEPT_DAYS = 14

/** Longest text of a line. */
export const LONGEST_TEXT = 2000

/**
 * Table of log lines: what the containers of both releases printed while a run went on. They are no evidence, in no hash chain, and kept
 * for a short time. As samples, they are never changed, and deleted by the age of the database's own clock.
 */
export const LOG_TABLES = `
CREATE TABLE IF NOT EXISTS tollgate_ledger.log_lines (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, written_at timestamptz NOT NULL,
  service text NOT NULL, environment text NOT NULL, release text NOT NULL, run text NOT NULL,
  side text NOT NULL CHECK (side IN ('new', 'old', '')), version text NOT NULL CHECK (length(version) <= 200),
  place text NOT NULL CHECK (length(place) <= 300), process text NOT NULL CHECK (length(process) <= 100),
  stream text NOT NULL CHECK (stream IN ('out', 'err', 'note')), at timestamptz NOT NULL,
  text text NOT NULL CHECK (length(text) <= ${LONGEST_TEXT}), lines int NOT NULL CHECK (lines >= 0));
CREATE INDEX IF NOT EXISTS log_lines_of_release ON tollgate_ledger.log_lines (service, environment, release, id);
CREATE INDEX IF NOT EXISTS log_lines_by_age ON tollgate_ledger.log_lines (written_at);

CREATE OR REPLACE FUNCTION tollgate_ledger.date_log_line() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.written_at := clock_timestamp();
  RETURN NEW;
END $$;
${always({ table: "log_lines", name: "dated", on: "BEFORE INSERT", each: "ROW", calls: "date_log_line" })}
${always({ table: "log_lines", name: "only_added", on: "BEFORE UPDATE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_log_line() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.written_at > clock_timestamp() - interval '${KEPT_DAYS} days' THEN
    RAISE EXCEPTION 'log lines are kept for ${KEPT_DAYS} days' USING ERRCODE = 'TGL05';
  END IF;
  RETURN OLD;
END $$;
${always({ table: "log_lines", name: "kept", on: "BEFORE DELETE", each: "ROW", calls: "keep_log_line" })}

-- as the owner: a role that may only insert deletes nothing else
CREATE OR REPLACE FUNCTION tollgate_ledger.prune_log_lines() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM tollgate_ledger.log_lines WHERE ctid = ANY (ARRAY(
    SELECT l.ctid FROM tollgate_ledger.log_lines l WHERE l.written_at < clock_timestamp() - interval '${KEPT_DAYS} days'
    ORDER BY l.written_at LIMIT 20000));
$$;
`
