import { always } from "./trigger.js"

/**
 * Reports of runs of `ci`, beside the events and not in their chain: the event of a run has the digest of the list of its files. They are
 * never changed, and deleted only by the rule: a trigger deletes what is older, with the owner's rights, so that no role needs to delete.
 */

/** Reports that are kept of each branch, and of all branches of a service together. */
export const [KEPT_OF_BRANCH, KEPT_OF_SERVICE] = [10, 100] as const

/** Of one run: files, compressed bytes of all of them, and bytes of one file as it is. */
export const [MOST_FILES, MOST_BYTES, LARGEST_FILE, LONGEST_PATH] = [200, 5_000_000, 20_000_000, 300] as const

const NEWER = "(n.at, OLD.id) > (OLD.at, n.id)"

export const REPORT_TABLES = `
CREATE TABLE IF NOT EXISTS tollgate_ledger.reports (
  id uuid PRIMARY KEY, service text NOT NULL, app text NOT NULL, branch text NOT NULL, at timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS reports_of_service ON tollgate_ledger.reports (service, at);

CREATE TABLE IF NOT EXISTS tollgate_ledger.report_files (
  report uuid NOT NULL REFERENCES tollgate_ledger.reports ON DELETE CASCADE,
  path text NOT NULL CHECK (length(path) BETWEEN 1 AND ${LONGEST_PATH}),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  bytes int NOT NULL CHECK (bytes BETWEEN 0 AND ${LARGEST_FILE}),
  content bytea NOT NULL CHECK (octet_length(content) <= ${MOST_BYTES}),
  PRIMARY KEY (report, path));
ALTER TABLE tollgate_ledger.report_files ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE OR REPLACE FUNCTION tollgate_ledger.stamp_report() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN NEW.at := clock_timestamp(); RETURN NEW; END $$;
${always({ table: "reports", name: "stamped", on: "BEFORE INSERT", each: "ROW", calls: "stamp_report" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.expire_reports() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM tollgate_ledger.reports WHERE id IN (
    SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY app, branch ORDER BY at DESC, id) AS of_branch, row_number() OVER (ORDER BY at DESC, id) AS of_service
      FROM tollgate_ledger.reports WHERE service = NEW.service) AS ranked
    WHERE of_branch > ${KEPT_OF_BRANCH} OR of_service > ${KEPT_OF_SERVICE});
  RETURN NULL;
END $$;
${always({ table: "reports", name: "expired", on: "AFTER INSERT", each: "ROW", calls: "expire_reports" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_report() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM tollgate_ledger.reports n WHERE n.service = OLD.service AND n.app = OLD.app AND n.branch = OLD.branch AND ${NEWER}) < ${KEPT_OF_BRANCH}
    AND (SELECT count(*) FROM tollgate_ledger.reports n WHERE n.service = OLD.service AND ${NEWER}) < ${KEPT_OF_SERVICE} THEN
    RAISE EXCEPTION 'tollgate_ledger.reports keeps this report' USING ERRCODE = 'TGL02';
  END IF;
  RETURN OLD;
END $$;
${always({ table: "reports", name: "kept", on: "BEFORE DELETE", each: "ROW", calls: "keep_report" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_report_file() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM tollgate_ledger.reports r WHERE r.id = OLD.report) THEN
    RAISE EXCEPTION 'tollgate_ledger.report_files keeps the files of a report' USING ERRCODE = 'TGL02';
  END IF;
  RETURN OLD;
END $$;
${always({ table: "report_files", name: "kept", on: "BEFORE DELETE", each: "ROW", calls: "keep_report_file" })}

${always({ table: "reports", name: "unchanged", on: "BEFORE UPDATE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}
${always({ table: "report_files", name: "unchanged", on: "BEFORE UPDATE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}
`
