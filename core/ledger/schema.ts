import { LOG_TABLES } from "./logs/schema.js"
import { REPORT_TABLES } from "./report-schema.js"
import { SAMPLE_TABLES } from "./samples/schema.js"
import { always } from "./trigger.js"

/** Version of the tables. A ledger with a newer layout is left untouched. */
export const LAYOUT = 4

/** SQLSTATE that the trigger raises for a run that lost its lease. */
export const STALE = "TGL01"

/** Notified of each event that is recorded by `recordOnce`. */
export const CHANNEL = "tollgate_ledger"

/** "tollgate" on a phone keypad; the second number is the lock's purpose. */
export const LOCK = { prepare: "8655428, 1", chain: "8655428, 2" } as const

/** Time format of the hash: microseconds, as Postgres stores them. */
export const MOMENT = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`

/**
 * The ledger's tables. A trigger numbers and chains every inserted row. It is ALWAYS enabled, so that no session setting turns it off, and
 * its search_path is its own, so that no session puts other functions in the place of Postgres'.
 * Migrations keep their own records in the schema `tollgate` of the service's database; both may be in one database.
 */
export const TABLES = `
CREATE SCHEMA IF NOT EXISTS tollgate_ledger;

CREATE TABLE IF NOT EXISTS tollgate_ledger.leases (
  service text NOT NULL, environment text NOT NULL, token bigint NOT NULL DEFAULT 0,
  run text, owner text, command text, who text, taken_at timestamptz, heartbeat_at timestamptz, expires_at timestamptz,
  PRIMARY KEY (service, environment));

CREATE TABLE IF NOT EXISTS tollgate_ledger.events (
  number bigint PRIMARY KEY, id uuid NOT NULL UNIQUE, at timestamptz NOT NULL, journaled boolean NOT NULL, stale boolean NOT NULL,
  previous text NOT NULL, hash text NOT NULL UNIQUE, body text NOT NULL,
  service text NOT NULL GENERATED ALWAYS AS (body::jsonb #>> '{context,service}') STORED,
  environment text NOT NULL GENERATED ALWAYS AS (body::jsonb #>> '{context,environment}') STORED,
  release text GENERATED ALWAYS AS (body::jsonb #>> '{context,release}') STORED,
  kind text NOT NULL GENERATED ALWAYS AS (body::jsonb #>> '{what,kind}') STORED);
CREATE INDEX IF NOT EXISTS events_of_environment ON tollgate_ledger.events (service, environment, kind, number);
CREATE INDEX IF NOT EXISTS events_of_release ON tollgate_ledger.events (service, environment, release);

CREATE OR REPLACE FUNCTION tollgate_ledger.chain() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  event jsonb := NEW.body::jsonb;
  last record;
  held bigint;
BEGIN
  PERFORM pg_catalog.pg_advisory_xact_lock(${LOCK.chain});
  SELECT e.number, e.hash INTO last FROM tollgate_ledger.events e ORDER BY e.number DESC LIMIT 1;
  NEW.number := coalesce(last.number, 0) + 1;
  NEW.previous := coalesce(last.hash, repeat('0', 64));
  NEW.id := (event ->> 'id')::uuid;
  NEW.at := clock_timestamp();
  NEW.stale := false;
  IF event #>> '{context,token}' IS NOT NULL THEN
    SELECT l.token INTO held FROM tollgate_ledger.leases l
    WHERE l.service = event #>> '{context,service}' AND l.environment = event #>> '{context,environment}';
    NEW.stale := held IS DISTINCT FROM (event #>> '{context,token}')::bigint;
    IF NEW.stale AND NOT NEW.journaled AND event #>> '{what,kind}' IN ('release-started', 'step-started') THEN
      RAISE EXCEPTION 'another run holds the lease' USING ERRCODE = '${STALE}';
    END IF;
  END IF;
  NEW.hash := encode(sha256(convert_to(concat_ws(E'\\n', NEW.number, to_char(NEW.at AT TIME ZONE 'UTC', ${MOMENT}),
    NEW.journaled, NEW.stale, NEW.previous, NEW.body), 'UTF8')), 'hex');
  RETURN NEW;
END $$;
${always({ table: "events", name: "chained", on: "BEFORE INSERT", each: "ROW", calls: "chain" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION 'tollgate_ledger.% is append-only', TG_TABLE_NAME USING ERRCODE = 'TGL02'; END $$;
${always({ table: "events", name: "only_added", on: "BEFORE UPDATE OR DELETE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_token() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.token < OLD.token OR NEW.service IS DISTINCT FROM OLD.service OR NEW.environment IS DISTINCT FROM OLD.environment THEN
    RAISE EXCEPTION 'the fencing token of % never goes down', OLD.environment USING ERRCODE = 'TGL03';
  END IF;
  RETURN NEW;
END $$;
${always({ table: "leases", name: "token_grows", on: "BEFORE UPDATE", each: "ROW", calls: "keep_token" })}
${always({ table: "leases", name: "stays", on: "BEFORE DELETE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}

CREATE OR REPLACE VIEW tollgate_ledger.releases AS
  SELECT e.number, e.at, e.service, e.environment, e.release, b #>> '{what,action}' AS action, b #>> '{context,who}' AS who, b #>> '{what,why}' AS why,
    b #>> '{what,image}' AS image, b #>> '{what,revision}' AS revision, b #>> '{what,planId}' AS plan, b #>> '{what,configDigest}' AS config_digest, f.at AS finished_at,
    f.body::jsonb #>> '{what,outcome}' AS outcome
  FROM tollgate_ledger.events e CROSS JOIN LATERAL (SELECT e.body::jsonb AS b) AS parsed
  LEFT JOIN LATERAL (SELECT f.at, f.body FROM tollgate_ledger.events f WHERE f.service = e.service AND f.environment = e.environment
    AND f.release = e.release AND f.kind = 'release-finished' ORDER BY f.number DESC LIMIT 1) AS f ON true
  WHERE e.kind = 'release-started';
CREATE OR REPLACE VIEW tollgate_ledger.steps AS
  SELECT number, at, service, environment, release, b #>> '{what,step}' AS step, b #>> '{what,outcome}' AS outcome,
    (b #>> '{what,seconds}')::float8 AS seconds, b #>> '{what,note}' AS note
  FROM tollgate_ledger.events CROSS JOIN LATERAL (SELECT body::jsonb AS b) AS parsed WHERE kind = 'step-finished';
CREATE OR REPLACE VIEW tollgate_ledger.approvals AS
  SELECT number, at, service, environment, release, b #>> '{what,approver}' AS approver, b #>> '{what,key}' AS key, b #>> '{what,reason}' AS reason,
    b #>> '{what,planId}' AS plan, b #>> '{what,expiresAt}' AS expires_at
  FROM tollgate_ledger.events CROSS JOIN LATERAL (SELECT body::jsonb AS b) AS parsed WHERE kind = 'approved';

${SAMPLE_TABLES}
${LOG_TABLES}
${REPORT_TABLES}
COMMENT ON SCHEMA tollgate_ledger IS 'tollgate ledger, layout ${LAYOUT}';
`
