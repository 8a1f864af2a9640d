import { keptRows } from "../kept-rows.js"

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
${keptRows({ table: "log_lines", row: "log_line", words: "log lines", days: KEPT_DAYS, code: "TGL05", most: 20_000 })}`
