import { appendFileSync } from "node:fs"
import type { PostgresServer } from "./postgres-server.js"

/** File for a row about each fault: what it was, rows committed, rows lost, revision after it, seconds. Without it none is written. */
const TABLE = process.env["TOLLGATE_FAULT_TABLE"]

interface Fault {
  name: string
  suite?: { name: string } | undefined
}

/** An application that goes on writing whatever happens, and keeps its own account of what was committed. */
export class Writer {
  readonly #server: PostgresServer
  readonly #database: string
  readonly committed: string[] = []
  #ended = false
  #loop: Promise<void> | null = null
  readonly #fault: Fault | null
  readonly #began = performance.now()

  /** @param fault the test that makes one, for the table */
  constructor(server: PostgresServer, database: string, fault: Fault | null = null) {
    this.#server = server
    this.#database = database
    this.#fault = fault
  }

  /** Resolves when the first row is committed. */
  async start(): Promise<this> {
    this.#loop = this.#write()
    while (this.committed.length === 0) await new Promise((done) => setTimeout(done, 20))
    return this
  }

  async #write(): Promise<void> {
    let number = 0
    while (!this.#ended) {
      const client = this.#server.client(this.#database)
      try {
        await client.connect()
        while (!this.#ended) {
          const reference = `written-${(number += 1)}`
          await client.query("INSERT INTO payments (order_id, amount, reference) VALUES (1, $1, $2)", [
            number,
            reference,
          ])
          // only what the server has confirmed counts
          this.committed.push(reference)
          await new Promise((done) => setTimeout(done, 10))
        }
      } catch {
        await new Promise((done) => setTimeout(done, 50))
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  }

  async stop(): Promise<void> {
    this.#ended = true
    await this.#loop
  }

  /** Rows that were committed and are not there. */
  async lost(database = this.#database): Promise<string[]> {
    const rows = await this.#server.query<{ reference: string }>(
      database,
      "SELECT reference FROM payments WHERE reference LIKE 'written-%'",
    )
    const there = new Set(rows.map(({ reference }) => reference))
    const lost = this.committed.filter((reference) => !there.has(reference))
    if (this.#fault !== null && TABLE !== undefined) {
      const [row] = await this.#server.query<{ version_num: string }>(
        database,
        "SELECT version_num FROM alembic_version",
      )
      const name = [this.#fault.suite?.name ?? "", this.#fault.name].join(" ").trim()
      const seconds = ((performance.now() - this.#began) / 1000).toFixed(0)
      appendFileSync(
        TABLE,
        `| ${name} | ${this.committed.length} | ${lost.length} | ${row?.version_num} | ${seconds} |\n`,
      )
    }
    return lost
  }
}
