import { type ChildProcess, spawn } from "node:child_process"
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { useEngine } from "../engine/session.js"
import {
  ADD_NOTE,
  migrateShop,
  newShop,
  onlyForReal,
  prepareShop,
  SHOP,
  screen,
  useShopServer,
} from "./migration-shop.js"
import { PostgresServer } from "./postgres-server.js"
import { Writer } from "./writer.js"

useEngine()

const TOLLGATE = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-migrate-killed-"))

let server: PostgresServer
useShopServer((started) => (server = started))

beforeAll(() => cpSync(SHOP, folder, { recursive: true }))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function versions(database: string): Promise<string[]> {
  return (await server.query<{ version_num: string }>(database, "SELECT version_num FROM alembic_version")).map(
    (row) => row.version_num,
  )
}

/** Runs the command as a user does, and kills it with no chance to tidy up as soon as it says that it begins a step. */
async function killAt(moment: string | (() => Promise<boolean>), url: string): Promise<void> {
  const child: ChildProcess = spawn(
    process.execPath,
    [TOLLGATE, "migrate", "--env=staging", "--no-report", "--secrets=env:SHOP_ENV", `--source=${folder}`],
    {
      env: { ...process.env, SHOP_ENV: `DATABASE_URL="${url}"` },
      stdio: ["ignore", "pipe", "pipe"],
    },
  )
  let said = ""
  if (typeof moment !== "string") {
    void (async () => {
      while (!(await moment())) await new Promise((done) => setTimeout(done, 200))
      child.kill("SIGKILL")
    })()
  }
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (text) => (said += String(text)))
    child.stderr?.on("data", (text) => {
      said += String(text)
      if (typeof moment === "string" && said.includes(`${moment}: started`)) child.kill("SIGKILL")
    })
    child.on("error", reject)
    child.on("close", (_, signal) =>
      signal === "SIGKILL" ? resolve() : reject(new Error(`it ended by itself before its moment:\n${said}`)),
    )
  })
}

test.concurrent("a pipeline killed at each of its steps, one run after the other: the last one goes through, and nothing is lost", async ({
  task,
}) => {
  const { name, url } = await newShop(server)
  const writer = await new Writer(server, name, task).start()
  for (const step of ["preflight", "backup", "test the backup", "keep the backup", "rehearse", "upgrade"]) {
    await killAt(step, url)
    // the upgrade is one transaction: it is there or it is not
    expect([["0002"], ["0003"]], `after ${step}`).toContainEqual(await versions(name))
  }
  const result = await migrateShop(url)
  await writer.stop()
  expect(result.outcome, screen(result)).toEqual({ kind: "migrated" })
  expect(await versions(name)).toEqual(["0003"])
  expect(await writer.lost()).toEqual([])
})

test.concurrent("a pipeline killed after its upgrade and before it was validated: the next run validates it", async ({
  task,
}) => {
  const { name, url } = await newShop(server)
  const writer = await new Writer(server, name, task).start()
  await killAt("validate", url)
  expect(await versions(name)).toEqual(["0003"])
  const result = await migrateShop(url)
  await writer.stop()
  expect(result.outcome, screen(result)).toEqual({ kind: "migrated" })
  expect(result.warnings).toContainEqual(expect.stringContaining("its upgrade is complete and valid"))
  expect(await writer.lost()).toEqual([])
  expect((await migrateShop(url)).outcome).toEqual({ kind: "up-to-date" })
})

test("a pipeline killed in the middle of a long transaction of the upgrade: it is rolled back, and the next run starts again", async ({
  task,
}) => {
  const { name, url } = await newShop(server)
  const revision = join(folder, "migrations/versions/0003_notes.py")
  const long = `"""notes"""\n\nfrom alembic import op\n\nrevision = "0003"\ndown_revision = "0002"\n\n\ndef upgrade():\n    ${ADD_NOTE}\n    ${onlyForReal("PERFORM pg_sleep(20)")}\n\n\ndef downgrade():\n    op.execute("ALTER TABLE payments DROP COLUMN note")\n`
  writeFileSync(revision, long)
  const writer = await new Writer(server, name, task).start()
  const atWork =
    "SELECT FROM pg_stat_activity WHERE application_name LIKE 'tollgate alembic %' AND query LIKE '%pg_sleep%'"
  await killAt(async () => (await server.query(name, atWork, "postgres")).length > 0, url)
  cpSync(join(SHOP, "migrations"), join(folder, "migrations"), { recursive: true })
  expect(await versions(name)).toEqual(["0002"])
  const result = await migrateShop(url)
  await writer.stop()
  expect(result.outcome, screen(result)).toEqual({ kind: "migrated" })
  expect(result.warnings).toContainEqual(expect.stringContaining("was killed while it changed the database"))
  expect(await writer.lost()).toEqual([])
})

test("the server killed during the upgrade: it comes back, and so does the database as it was", async ({ task }) => {
  const own = await PostgresServer.start()
  try {
    await prepareShop(own)
    const { name, url } = await newShop(own)
    const writer = await new Writer(own, name, task).start()
    const running = migrateShop(url, { next: { upgrade: `${ADD_NOTE}\n${onlyForReal("PERFORM pg_sleep(30)")}` } })
    const atWork =
      "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'tollgate alembic %' AND query LIKE '%pg_sleep%'"
    while ((await own.query(name, atWork, "postgres")).length === 0) await new Promise((done) => setTimeout(done, 200))
    await own.kill()
    await own.resume()
    const result = await running
    expect(result.outcome, screen(result)).toMatchObject({ kind: "undone", step: "upgrade", way: "nothing" })
    await writer.stop()
    expect(await writer.lost()).toEqual([])
    expect(await own.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0002" }])
    expect((await migrateShop(url)).outcome).toEqual({ kind: "migrated" })
  } finally {
    await own.stop()
  }
})
