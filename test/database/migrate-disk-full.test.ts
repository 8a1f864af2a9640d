import { afterAll, expect, test } from "vitest"
import { migrationScreen } from "../../core/database/migrate/screen.js"
import { useEngine } from "../engine/session.js"
import { ADD_NOTE, migrateShop, newShop, onlyForReal, prepareShop } from "./migration-shop.js"
import { PostgresServer, removePrograms } from "./postgres-server.js"
import { Writer } from "./writer.js"

useEngine()

afterAll(removePrograms)

const versions = async (server: PostgresServer, name: string) =>
  (await server.query<{ version_num: string }>(name, "SELECT version_num FROM alembic_version")).map(
    (row) => row.version_num,
  )

/** More than the disk has, in a table of the migration. Unlogged: the table's own file meets the end of the disk, and the log does not. */
const FILL_TABLE = onlyForReal(
  "CREATE UNLOGGED TABLE filler AS SELECT n, repeat(md5(n::text), 30) AS text FROM generate_series(1, 2000000) AS n",
)

/** More than the disk has, in the write-ahead log alone. */
const FILL_LOG = onlyForReal(
  "PERFORM pg_logical_emit_message(true, 'test', repeat('x', 900000)) FROM generate_series(1, 600)",
)

test("the server's disk fills up during the upgrade: it is rolled back, nothing that was committed is lost, and the report says why", async ({
  task,
}) => {
  const server = await PostgresServer.start({ disk: 256 })
  try {
    await prepareShop(server)
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const result = await migrateShop(url, {
      next: { upgrade: `${ADD_NOTE}\n${FILL_TABLE}` },
      settings: (text) => text.replace("database:\n", "database:\n  rehearse: false\n"),
    })
    expect(result.outcome, migrationScreen(result, { report: "" })).toMatchObject({
      kind: "undone",
      step: "upgrade",
      way: "nothing",
      causes: ["the disk of the database's server is full", expect.stringContaining("could not extend file")],
    })
    await writer.stop()
    expect(await writer.lost()).toEqual([])
    expect(await versions(server, name)).toEqual(["0002"])
  } finally {
    await server.stop()
  }
})

test("a forgotten replica keeps the write-ahead log until it fills the disk, and the server stops: with room and a restart, the database is unchanged", async ({
  task,
}) => {
  const server = await PostgresServer.start({ disk: 256 })
  try {
    await prepareShop(server)
    const { name, url } = await newShop(server)
    await server.query("postgres", "SELECT pg_create_physical_replication_slot('gone', true)", "postgres")
    const writer = await new Writer(server, name, task).start()
    const running = migrateShop(url, {
      next: { upgrade: `${ADD_NOTE}\n${FILL_LOG}` },
      settings: (text) => text.replace("serverWait: 30s", "serverWait: 5m"),
    })
    await server.ended()
    server.enlarge(768)
    await server.resume()
    const result = await running
    expect(result.outcome, migrationScreen(result, { report: "" })).toMatchObject({
      kind: "undone",
      step: "upgrade",
      way: "nothing",
    })
    await writer.stop()
    expect(await writer.lost()).toEqual([])
    expect(await versions(server, name)).toEqual(["0002"])
  } finally {
    await server.stop()
  }
})
