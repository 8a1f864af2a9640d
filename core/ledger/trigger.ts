interface Trigger {
  /** Without the schema. */
  readonly table: string
  readonly name: string
  /** Such as BEFORE INSERT. */
  readonly on: string
  readonly each: "ROW" | "STATEMENT"
  /** Without the schema and parentheses. */
  readonly calls: string
}

/** SQL of a trigger that no session setting turns off. */
export function always({ table, name, on, each, calls }: Trigger): string {
  return `CREATE OR REPLACE TRIGGER ${name} ${on} ON tollgate_ledger.${table}
  FOR EACH ${each} EXECUTE FUNCTION tollgate_ledger.${calls}();
ALTER TABLE tollgate_ledger.${table} ENABLE ALWAYS TRIGGER ${name};`
}
