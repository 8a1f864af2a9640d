import type { Change } from "./answers.js"

/**
 * What a table and a column are called in the running version, while a plan renames them one step after the other. null:
 * the plan itself made it, so that the running version cannot use it.
 */
export class Lineage {
  readonly #tables = new Map<string, string | null>()
  readonly #columns = new Map<string, string>()

  /** The name that the running version knows the table by. */
  table(schema: string, table: string): string | null {
    const key = `${schema}.${table}`
    const known = this.#tables.get(key)
    return known === undefined ? key : known
  }

  column(schema: string, table: string, column: string): string {
    return this.#columns.get(`${this.table(schema, table)} ${column}`) ?? column
  }

  follow(change: Change): void {
    const { schema, table, column, to } = change
    const key = `${schema}.${table}`
    if (change.kind === "relation-created") this.#tables.set(key, null)
    if (change.kind === "relation-renamed" && to !== null) {
      this.#tables.set(to.includes(".") ? to : `${schema}.${to}`, this.table(schema, table))
      this.#tables.delete(key)
    }
    if (change.kind === "column-renamed" && column !== null && to !== null)
      this.#columns.set(`${this.table(schema, table)} ${to}`, this.column(schema, table, column))
  }
}
