import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { MigrationPlan } from "../../core/database/plan/plan.js"
import { screenOf } from "../../core/database/plan/screen.js"
import { useEngine } from "../engine/session.js"
import { COMMANDS, djangoService, onlyForReal, PLAIN, plainService } from "./command-services.js"
import { screen } from "./migration-shop.js"
import { APP_PASSWORD, PostgresServer, removePrograms } from "./postgres-server.js"
import { migrateFor, planFor } from "./team-service.js"

useEngine()

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
  // its role is the one of all others: side by side they would each create it
  await server.createDatabase("template_plain")
  await server.query("template_plain", PLAIN)
})
afterAll(async () => {
  await server.stop()
  await removePrograms()
})

async function plainDatabase(name: string): Promise<string> {
  await server.query("postgres", `CREATE DATABASE ${name} TEMPLATE template_plain OWNER app`, "postgres")
  return server.url(name)
}

/** All that a migration could change: rows, columns, what the tool noted, and whether Tollgate has been here. */
async function stateOf(name: string): Promise<unknown> {
  return server.query(
    name,
    `SELECT (SELECT count(*) FROM payments) AS payments, (SELECT array_agg(version ORDER BY version) FROM schema_migrations) AS versions,
    (SELECT array_agg(table_schema || '.' || table_name || '.' || column_name ORDER BY table_schema, table_name, column_name) FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'tollgate')) AS columns`,
  )
}

const shown = (plan: MigrationPlan): string => screenOf(plan, { report: "report.html" })
const NOTE = {
  "0002_note.up": "ALTER TABLE payments ADD COLUMN note text",
  "0002_note.down": "ALTER TABLE payments DROP COLUMN note",
}

describe.concurrent("a service of numbered SQL files", () => {
  test("is planned by what its command does on a copy: the statements are from the log, and judged like any other", async () => {
    const url = await plainDatabase("planned")
    const before = await stateOf("planned")
    const plan = await planFor(
      plainService({
        ...NOTE,
        "0003_index.up": "CREATE INDEX payments_amount ON payments (amount); DROP TABLE IF EXISTS nothing",
        "0003_index.down": "SELECT 1",
      }),
      url,
    )
    expect(plan, shown(plan)).toMatchObject({
      current: ["0001"],
      heads: ["0003"],
      verdict: { kind: "ready" },
      revisions: [{ revision: "0003", message: "python migrate.py migrate" }],
    })
    expect(plan.revisions[0]?.statements.map(({ text }) => text)).toEqual([
      "ALTER TABLE payments ADD COLUMN note text",
      "CREATE INDEX payments_amount ON payments (amount)",
      "DROP TABLE IF EXISTS nothing",
    ])
    expect(plan.revisions[0]?.statements[0]?.locks).toMatchObject([
      { table: "payments", mode: "AccessExclusiveLock", facts: { rows: 500 } },
    ])
    expect(plan.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        "statements-from-log",
        "compared-after-commit",
        "squawk/require-concurrent-index-creation",
        "downgrade-differs",
      ]),
    )
    expect(await stateOf("planned")).toEqual(before)
    expect(await server.query("planned", "SELECT to_regnamespace('tollgate') AS schema")).toEqual([{ schema: null }])
    expect(JSON.stringify(plan)).not.toContain(APP_PASSWORD)
  })

  test("is migrated behind backup and rehearsal, and its rollback proven; a second time there is nothing to do", async () => {
    const url = await plainDatabase("migrated")
    const result = await migrateFor(plainService(NOTE), url)
    expect(result, screen(result)).toMatchObject({
      outcome: { kind: "migrated" },
      from: ["0001"],
      target: ["0002"],
      rehearsed: { downgrade: { kind: "proven" }, oneTransaction: true, firstIsSeen: true },
    })
    expect(result.backup).toMatchObject({ tested: true, revision: ["0001"], rows: { payments: 500 } })
    expect(await server.query("migrated", "SELECT revision FROM tollgate.revisions")).toEqual([{ revision: "0002" }])
    const again = await migrateFor(plainService(NOTE), url)
    expect(again, screen(again)).toMatchObject({ outcome: { kind: "up-to-date" }, from: ["0002"], pending: [] })
  })

  test("is not migrated when the rehearsal loses protected rows, or a file fails: nothing of the database has changed", async () => {
    const url = await plainDatabase("refused")
    const before = await stateOf("refused")
    const loses = await migrateFor(
      plainService({ ...NOTE, "0003_tidy.up": "DELETE FROM payments WHERE amount > 400" }),
      url,
    )
    expect(loses.outcome, screen(loses)).toEqual({
      kind: "refused",
      step: "rehearse",
      causes: ["the protected table payments has lost 100 of 500 rows"],
    })
    const fails = await migrateFor(
      plainService({ ...NOTE, "0003_check.up": "ALTER TABLE payments ADD CONSTRAINT small CHECK (amount < 400)" }),
      url,
    )
    expect(fails.outcome, screen(fails)).toMatchObject({
      kind: "refused",
      step: "rehearse",
      causes: expect.arrayContaining([
        'check constraint "small" of relation "payments" is violated by some row',
        "in ALTER TABLE payments ADD CONSTRAINT small CHECK (amount < 400)",
      ]),
    })
    expect(await stateOf("refused")).toEqual(before)
  })

  test("is undone by a restore where it has no rollback, and by nothing where nothing was committed", async () => {
    const url = await plainDatabase("undone")
    const before = await stateOf("undone")
    const halfway = { ...NOTE, "0003_more.up": `CREATE TABLE more (id integer); ${onlyForReal("RAISE 'only here'")}` }
    const restored = await migrateFor(plainService(halfway, COMMANDS), url)
    expect(restored.outcome, screen(restored)).toMatchObject({ kind: "undone", step: "upgrade", way: "restore" })
    expect(screen(restored)).toContain("only here")
    expect(await stateOf("undone")).toEqual(before)

    const first = await migrateFor(
      plainService({ "0002_note.up": `${NOTE["0002_note.up"]}; ${onlyForReal("RAISE 'only here'")}` }, COMMANDS),
      url,
    )
    expect(first.outcome, screen(first)).toMatchObject({ kind: "undone", step: "upgrade", way: "nothing" })
    expect(await stateOf("undone")).toEqual(before)
  })
})

test.concurrent("a command that goes to the real database by an address of its own does not get there from a copy, and is refused", async () => {
  const url = await plainDatabase("elsewhere")
  const before = await stateOf("elsewhere")
  const own = plainService(NOTE).withNewFile(
    "migrate.py",
    `import psycopg\npsycopg.connect("${url}", connect_timeout=5).execute("DROP TABLE payments")\n`,
  )
  await expect(planFor(own, url)).rejects.toMatchObject({
    code: "command-elsewhere",
    message: expect.stringContaining("database.env"),
  })
  expect(await stateOf("elsewhere")).toEqual(before)
})

test.concurrent("commands run in an image without Python, and find the database in libpq's variables; what needs rows is rehearsed with them", async () => {
  const url = await plainDatabase("image")
  const psql = "psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1"
  const settings = `  commands:
    image: postgres:15
    revision: ${psql} --tuples-only --no-align --command='SELECT max(version) FROM schema_migrations'
    migrate: ${psql} --single-transaction --file=sql/0002_note.up.sql
`
  const needsRows = `${NOTE["0002_note.up"]}; INSERT INTO schema_migrations SELECT '0002' WHERE 1 / (SELECT count(*) FROM payments) >= 0;`
  const plan = await planFor(plainService({ "0002_note.up": needsRows }, settings), url)
  expect(plan.findings, shown(plan)).toContainEqual(
    expect.objectContaining({ code: "upgrade-fails", message: expect.stringContaining("division by zero") }),
  )
  const result = await migrateFor(plainService({ "0002_note.up": needsRows }, settings), url)
  expect(result, screen(result)).toMatchObject({
    outcome: { kind: "migrated" },
    target: ["0002"],
    rehearsed: { oneTransaction: true, downgrade: { kind: "not-proven", why: "database.commands has no rollback" } },
  })
})

test.concurrent("a Django service is recognized by its manage.py: planned, migrated, and undone by the rollback to where each app was", async () => {
  const url = await server.createDatabase("django")
  const first = djangoService().withoutFile("shop/migrations/0002_note.py")
  const made = await migrateFor(first, url)
  expect(made, screen(made)).toMatchObject({
    outcome: { kind: "migrated" },
    from: [],
    target: expect.arrayContaining(["shop.0001_initial"]),
  })
  await server.query("django", "INSERT INTO shop_payment (amount) SELECT generate_series(1, 50)")

  const plan = await planFor(djangoService(), url)
  expect(plan, shown(plan)).toMatchObject({
    verdict: { kind: "ready" },
    current: made.target,
    revisions: [
      { revision: "shop.0002_note", statements: [{ text: 'ALTER TABLE "shop_payment" ADD COLUMN "note" text NULL' }] },
    ],
  })

  const broken =
    "  invariants:\n    real: SELECT 1 FROM information_schema.columns WHERE column_name = 'note' AND current_setting('cluster_name') <> 'tollgate-copy'\n"
  const undone = await migrateFor(djangoService(broken), url)
  expect(undone.outcome, screen(undone)).toMatchObject({
    kind: "undone",
    step: "validate",
    way: "downgrade",
    causes: ["the invariant real is broken by 1 row"],
  })
  expect(await server.query("django", "SELECT name FROM django_migrations WHERE app = 'shop'")).toEqual([
    { name: "0001_initial" },
  ])
  expect(
    await server.query(
      "django",
      "SELECT count(*)::int AS rows, (SELECT count(*)::int FROM information_schema.columns WHERE column_name = 'note') AS notes FROM shop_payment",
    ),
  ).toEqual([{ rows: 50, notes: 0 }])
})
