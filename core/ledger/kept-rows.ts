import { always } from "./trigger.js"

/** A table of rows that are many, and no evidence. */
interface KeptTable {
  readonly table: string
  /** Of one row, in the names of its functions. */
  readonly row: string
  /** Of the rows, in messages. */
  readonly words: string
  /** Days after which rows may be deleted, and are. */
  readonly days: number
  /** SQLSTATE of a deletion before that. */
  readonly code: string
  /** Most rows that one call deletes. */
  readonly most: number
}

/**
 * Dates each row by the database's own clock, refuses every change of it, and lets it be deleted when it is old enough, and not earlier,
 * also not by a superuser.
 */
export function keptRows({ table, row, words, days, code, most }: KeptTable): string {
  return `
CREATE OR REPLACE FUNCTION tollgate_ledger.date_${row}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.written_at := clock_timestamp();
  RETURN NEW;
END $$;
${always({ table, name: "dated", on: "BEFORE INSERT", each: "ROW", calls: `date_${row}` })}
${always({ table, name: "only_added", on: "BEFORE UPDATE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_${row}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.written_at > clock_timestamp() - interval '${days} days' THEN
    RAISE EXCEPTION '${words} are kept for ${days} days' USING ERRCODE = '${code}';
  END IF;
  RETURN OLD;
END $$;
${always({ table, name: "kept", on: "BEFORE DELETE", each: "ROW", calls: `keep_${row}` })}

-- as the owner: a role that may only insert deletes nothing else
CREATE OR REPLACE FUNCTION tollgate_ledger.prune_${table}() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM tollgate_ledger.${table} WHERE ctid = ANY (ARRAY(
    SELECT r.ctid FROM tollgate_ledger.${table} r WHERE r.written_at < clock_timestamp() - interval '${days} days'
    ORDER BY r.written_at LIMIT ${most}));
$$;
`
}
