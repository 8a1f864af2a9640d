import { dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { folderStore } from "../../core/database/backup/store-folder.js"
import { askSession } from "../../core/database/connect/ask.js"
import { takeLock } from "../../core/database/connect/lock.js"
import { reachUrl } from "../../core/database/connect/reach.js"
import { withReadOnlySession, withSession } from "../../core/database/connect/session.js"
import { migrationDocument } from "../../core/database/migrate/migration-file.js"
import { recordedMigration } from "../../core/database/migrate/recorded-migration.js"
import { newestMeasured, upgradeDigest } from "../../core/database/migrate/records.js"
import { migrationReport } from "../../core/database/migrate/report-folder.js"
import { useEngine } from "../engine/session.js"
import { ADD_NOTE, migrateShop, newRun, newShop, onlyForReal, screen, shop, useShopServer } from "./migration-shop.js"
import { APP_PASSWORD, type PostgresServer } from "./postgres-server.js"
import { Writer } from "./writer.js"

useEngine()

let server: PostgresServer
useShopServer((started) => (server = started))

async function revision(database: string): Promise<string> {
  const [row] = await server.query<{ version_num: string }>(database, "SELECT version_num FROM alembic_version")
  return row?.version_num ?? "none"
}

/** What must hold after every fault: nothing that was committed is gone, the revision is a right one, and the lock can be had. */
async function expectSafe(database: string, writer: Writer, expected: string): Promise<void> {
  await writer.stop()
  expect(await writer.lost(), "rows that were committed and are gone").toEqual([])
  expect(await revision(database)).toBe(expected)
  const lock = await takeLock(
    reachUrl(server.url(database), { variable: "DATABASE_URL", env: {}, others: [], entryPoint: "cli" }).inProcess,
    { run: newRun(), wait: 8, lease: 8 },
  )
  await lock.release()
}

test.concurrent("a migration beside a writer: backed up, restored once, rehearsed both ways, upgraded, valid, recorded; nothing is lost", async ({
  task,
}) => {
  const { name, url } = await newShop(server)
  const writer = await new Writer(server, name, task).start()
  const result = await migrateShop(url)
  expect(result.outcome, screen(result)).toEqual({ kind: "migrated" })
  expect(result.steps.map(({ name: step, status }) => [step, status])).toEqual(
    ["preflight", "backup", "test the backup", "keep the backup", "rehearse", "upgrade", "validate"].map((step) => [
      step,
      "done",
    ]),
  )
  expect(result.backup).toMatchObject({ tested: true, revision: ["0002"], rows: { orders: 1000 } })
  expect(result.rehearsed).toMatchObject({ oneTransaction: true, downgrade: { kind: "proven" } })
  await expectSafe(name, writer, "0003")

  const secrets = dag.setSecret(`report-${name}`, `DATABASE_URL="${url}"`)
  const document = await recordedMigration(shop(), {
    environment: "staging",
    secrets,
    entryPoint: "cli",
    run: result.run,
  })
  expect(document).toEqual({ ...migrationDocument(result), madeAt: document.madeAt })
  expect(await migrationReport(document).entries()).toEqual([
    ".gitignore",
    "migration.json",
    "report.html",
    "summary.md",
  ])
  await expect(
    recordedMigration(shop(), { environment: "stagin", secrets, entryPoint: "cli", run: "" }),
  ).rejects.toThrow("Did you mean staging?")
  const measured = await withSession(
    reachUrl(url, { variable: "DATABASE_URL", env: {}, others: [], entryPoint: "cli" }).inProcess,
    "tollgate test",
    (session) => newestMeasured(session, upgradeDigest(result.from, result.pending)),
  )
  expect(measured).toMatchObject({
    what: "migration",
    seconds: result.steps.find((one) => one.name === "upgrade")?.seconds,
  })

  const again = await migrateShop(url)
  expect(again.outcome).toEqual({ kind: "up-to-date" })
  const recorded = await server.query<{ revision: string }>(
    name,
    "SELECT revision FROM tollgate.revisions ORDER BY number",
  )
  expect(recorded.map((row) => row.revision)).toEqual(["0001", "0002", "0003"])
  await expect(server.query(name, "DELETE FROM tollgate.events")).rejects.toThrow("only ever added to")

  const everything = JSON.stringify([
    result,
    screen(result),
    await server.query(name, "SELECT * FROM tollgate.events"),
    await server.query(name, "SELECT * FROM tollgate.runs"),
  ])
  for (const form of [APP_PASSWORD, encodeURIComponent(APP_PASSWORD)]) expect(everything).not.toContain(form)

  const changed = await migrateShop(url, { next: { upgrade: `${ADD_NOTE}\npass` } })
  expect(changed.outcome).toMatchObject({
    kind: "refused",
    step: "preflight",
    causes: [expect.stringContaining("0003 was applied here with other content")],
  })
})

test.concurrent.each([
  [
    "a function that makes its transaction one that writes",
    "SELECT sneaky()",
    /cannot execute DELETE in a read-only transaction|must be set before any query/,
  ],
  [
    "a second statement",
    "SELECT 1) AS one; COMMIT; DELETE FROM payments; SELECT (1",
    /cannot insert multiple commands/,
  ],
])("a question to the database cannot write: %s", async (_, question, why) => {
  const { name, url } = await newShop(server)
  await server.query(
    name,
    `CREATE FUNCTION sneaky() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
    PERFORM set_config('default_transaction_read_only', 'off', false); PERFORM set_config('transaction_read_only', 'off', true); DELETE FROM payments; RETURN 1; END $$`,
  )
  const address = reachUrl(url, { variable: "DATABASE_URL", env: {}, others: [], entryPoint: "cli" }).inProcess
  expect(await withSession(address, "tollgate test", (session) => askSession(session)([question]))).toMatchObject([
    { kind: "error", message: expect.stringMatching(why) },
  ])
  await expect(
    withReadOnlySession(address, "tollgate test", (session) => session.run("SELECT sneaky()")),
  ).rejects.toThrow(/read-only|before any query/)
  expect(await server.query(name, "SELECT count(*)::integer AS rows FROM payments")).toEqual([{ rows: 20_000 }])
})

describe.concurrent("nothing is changed when", () => {
  test("a revision fails in the rehearsal, after a statement outside of its transaction", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const upgrade =
      'with op.get_context().autocommit_block():\n    op.execute("CREATE INDEX CONCURRENTLY late ON payments (reference)")\nop.execute("ALTER TABLE payments ADD COLUMN amount text")'
    const result = await migrateShop(url, { next: { upgrade } })
    expect(result.outcome).toMatchObject({
      kind: "refused",
      step: "rehearse",
      causes: expect.arrayContaining([
        expect.stringContaining('column "amount" of relation "payments" already exists'),
      ]),
    })
    expect(await server.query(name, "SELECT FROM pg_class WHERE relname = 'late'")).toEqual([])
    await expectSafe(name, writer, "0002")
  })

  test("a data migration breaks an invariant in the rehearsal", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const result = await migrateShop(url, {
      next: { upgrade: `${ADD_NOTE}\nop.execute("UPDATE payments SET amount = -5 WHERE id IN (7, 8)")` },
    })
    expect(result.outcome).toMatchObject({ kind: "refused", step: "rehearse" })
    expect(result.outcome.kind === "refused" && result.outcome.causes).toContain(
      "the invariant no-negative-amount is broken by 2 rows",
    )
    await expectSafe(name, writer, "0002")
  })

  test("a data migration removes rows of a protected table in the rehearsal", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const result = await migrateShop(url, {
      next: { upgrade: `${ADD_NOTE}\nop.execute("DELETE FROM payments WHERE id BETWEEN 2000 AND 2099")` },
    })
    expect(result.outcome.kind === "refused" && result.outcome.causes).toEqual([
      expect.stringMatching(/^the protected table payments has lost 100 of \d+ rows$/),
    ])
    await expectSafe(name, writer, "0002")
  })

  test("the upgrade does not make what the models say", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const result = await migrateShop(url, {
      next: { upgrade: 'op.execute("ALTER TABLE payments ADD COLUMN remark text")' },
    })
    expect(result.outcome.kind === "refused" && result.outcome.causes.join()).toMatch(/schema and models differ.*note/)
    await expectSafe(name, writer, "0002")
  })

  test("the disk of the backups fills up while the backup is written", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    let attached = 0
    await expect(
      migrateShop(url, {
        store: folderStore(dag.container().from("postgres:15"), "a disk that fills up", {
          folder: "/backups/test",
          // there is room when it is looked at, and none when the dump is written
          attach: (container) =>
            container.withMountedTemp("/backups", { size: (attached += 1) === 1 ? 1 << 30 : 1 << 17 }),
        }),
      }),
    ).rejects.toThrow("No space left on the disk of the backups")
    await expectSafe(name, writer, "0002")
  })

  test("the password is wrong, which the error says without it", async ({ task }) => {
    const { name } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const wrong = "wr0ng-password"
    const failed = migrateShop(server.url(name, wrong))
    await expect(failed).rejects.toMatchObject({ code: "database-login" })
    await expect(failed).rejects.not.toThrow(wrong)
    await expectSafe(name, writer, "0002")
  })

  test("the database is newer than the code", async ({ task }) => {
    const { name, url } = await newShop(server)
    await server.query(name, "UPDATE alembic_version SET version_num = '0009'")
    const writer = await new Writer(server, name, task).start()
    const result = await migrateShop(url)
    expect(result.outcome).toMatchObject({
      kind: "refused",
      step: "preflight",
      causes: [expect.stringContaining("the database is newer than the code: it is at 0009")],
    })
    await expectSafe(name, writer, "0009")
  })

  test("a transaction has been open for long", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const sleeper = server.client(name)
    await sleeper.connect()
    await sleeper.query("BEGIN; SELECT count(*) FROM payments")
    await new Promise((done) => setTimeout(done, 1500))
    const result = await migrateShop(url, {
      settings: (text) => text.replace("longTransaction: 10s", "longTransaction: 1s"),
    })
    await sleeper.end()
    expect(result.outcome).toMatchObject({
      kind: "refused",
      step: "preflight",
      causes: [expect.stringContaining("has had a transaction open for")],
    })
    await expectSafe(name, writer, "0002")
  })

  test("--maintenance was given, and the application goes on writing", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const result = await migrateShop(url, { maintenance: true })
    expect(result.outcome).toMatchObject({
      kind: "refused",
      step: "preflight",
      causes: ["--maintenance was given, but other sessions are connected: app"],
    })
    await expectSafe(name, writer, "0002")
  })

  test("an invariant is broken before the migration", async () => {
    const { name, url } = await newShop(server)
    await server.query(name, "UPDATE payments SET amount = -1 WHERE id = 9")
    const result = await migrateShop(url)
    expect(result.outcome).toMatchObject({
      kind: "refused",
      step: "invariants",
      causes: [expect.stringContaining("already, before the migration")],
    })
    expect(await revision(name)).toBe("0002")
  })
})

describe.concurrent("what fails in the real database alone is undone:", () => {
  test("by its transaction, when another session holds a lock past the bound", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const reader = server.client(name)
    await reader.connect()
    await reader.query("BEGIN; SELECT count(*) FROM payments")
    const result = await migrateShop(url, {
      settings: (text) => text.replace("longTransaction: 10s", "longTransaction: 10m"),
    })
    await reader.end()
    expect(result.outcome).toMatchObject({
      kind: "undone",
      step: "upgrade",
      way: "nothing",
      causes: [expect.stringMatching(/lock timeout.*\(2 attempts\)/s)],
    })
    await expectSafe(name, writer, "0002")
  })

  test.each<[what: string, sql: string, cause: string]>([
    [
      "breaks an invariant",
      "UPDATE payments SET amount = -amount WHERE id BETWEEN 1001 AND 1010",
      "the invariant no-negative-amount is broken by 10 rows",
    ],
    [
      "removes rows of a protected table",
      "DELETE FROM payments WHERE id BETWEEN 1001 AND 1010",
      "the protected table payments has lost 10 of ",
    ],
    ["empties a protected table", "TRUNCATE payments", "the protected table payments has lost "],
    [
      "leaves another schema",
      "CREATE INDEX another ON payments (amount)",
      "the schema is not the one of the rehearsal",
    ],
    [
      "changes what must be unchanged",
      "UPDATE payments SET amount = amount + 1 WHERE id = 1",
      "first-thousand has changed",
    ],
  ])("by itself, before the commit, when it %s", async (_, sql, cause) => {
    const { name, url } = await newShop(server)
    const result = await migrateShop(url, { next: { upgrade: `${ADD_NOTE}\n${onlyForReal(sql)}` } })
    expect(result.outcome, screen(result)).toMatchObject({
      kind: "undone",
      step: "upgrade",
      way: "nothing",
      causes: [expect.stringContaining(`before the commit: ${cause}`)],
    })
    expect(await revision(name)).toBe("0002")
    expect(
      await server.query(name, "SELECT count(*)::integer AS rows, sum(amount)::integer AS sum FROM payments"),
    ).toEqual(
      await server.query(
        "template_shop",
        "SELECT count(*)::integer AS rows, sum(amount)::integer AS sum FROM payments",
        "postgres",
      ),
    )
  })

  /** What happens at the commit itself, after everything was looked at. */
  const atCommit = async (database: string, sql: string) => {
    await server.query(
      database,
      `CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF current_setting('cluster_name') <> 'tollgate-copy' THEN ${sql}; END IF; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON alembic_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late()`,
    )
  }

  test("by a downgrade that the rehearsal proved, when an invariant is broken after all", async ({ task }) => {
    const { name, url } = await newShop(server)
    await atCommit(name, "UPDATE payments SET amount = -amount WHERE id BETWEEN 1001 AND 1010")
    const writer = await new Writer(server, name, task).start()
    const result = await migrateShop(url)
    expect(result.outcome, screen(result)).toMatchObject({
      kind: "undone",
      step: "validate",
      way: "downgrade",
      causes: ["the invariant no-negative-amount is broken by 10 rows"],
    })
    await expectSafe(name, writer, "0002")
  })

  test("by a restore, when the upgrade leaves here alone, and not in the rehearsal, what the models do not say", async () => {
    const { name, url } = await newShop(server)
    await atCommit(name, "COMMENT ON COLUMN payments.amount IS 'in cents'")
    const result = await migrateShop(url)
    expect(result.outcome, screen(result)).toMatchObject({
      kind: "undone",
      step: "validate",
      way: "restore",
      causes: [expect.stringMatching(/^schema and models differ: .*comment/)],
    })
    expect(await revision(name)).toBe("0002")
  })

  // a column that lasts, then an error: no downgrade begins in the middle of a revision
  const halfway = {
    upgrade: `with op.get_context().autocommit_block():\n    ${ADD_NOTE}\n${onlyForReal("RAISE EXCEPTION 'only here'")}`,
  }
  const NOTE = "SELECT FROM pg_attribute WHERE attrelid = 'payments'::regclass AND attname = 'note'"

  test("by asking, when only a restore could and the application wrote meanwhile", async ({ task }) => {
    const { name, url } = await newShop(server)
    const writer = await new Writer(server, name, task).start()
    const result = await migrateShop(url, { next: halfway })
    expect(result.outcome).toMatchObject({
      kind: "asks",
      step: "upgrade",
      question: expect.stringMatching(/^\d+ rows were written, changed or removed since the backup \(payments: \d+\)/),
    })
    expect(screen(result)).toContain(result.backup?.name)
    await expectSafe(name, writer, "0002")
  })

  test("by a restore beside it and a swap, when nothing was written; the previous database is kept", async () => {
    const { name, url } = await newShop(server)
    // a session that this role may not end, as autovacuum's: it leaves when the database is being renamed
    const superuser = server.client(name, "postgres")
    await superuser.connect()
    const renaming = `SELECT FROM pg_stat_activity WHERE query LIKE 'ALTER DATABASE%${name}% RENAME TO%' AND pid <> pg_backend_pid()`
    const left = expect
      .poll(() => server.query("postgres", renaming, "postgres"), { timeout: 180_000, interval: 200 })
      .not.toEqual([])
      .finally(() => superuser.end())
    const result = await migrateShop(url, { next: halfway })
    expect(result.outcome, screen(result)).toMatchObject({
      kind: "undone",
      step: "upgrade",
      way: "restore",
      causes: [expect.stringContaining("only here")],
    })
    await left
    expect(await revision(name)).toBe("0002")
    expect(await server.query(name, NOTE)).toEqual([])
    expect(await server.query(result.setAside ?? "", NOTE)).toHaveLength(1)
    // the next one goes through, here without the downgrade
    const next = await migrateShop(url, {
      settings: (text) => text.replace("database:\n", "database:\n  rehearse: upgrade\n"),
    })
    expect(next.outcome, screen(next)).toEqual({ kind: "migrated" })
    expect(screen(next)).toContain("to undo it: a restore of the backup (database.rehearse is upgrade)\n")
  })

  test("by asking, when alembic was killed without output and its changes cannot be told from others'", async () => {
    const { name, url } = await newShop(server)
    const killed = [
      "with op.get_context().autocommit_block():",
      `    ${onlyForReal("UPDATE payments SET amount = amount + 1 WHERE id = 1")}`,
      "if op.get_bind().exec_driver_sql('SHOW cluster_name').scalar() != 'tollgate-copy':",
      "    __import__('os').kill(__import__('os').getpid(), 9)",
      ADD_NOTE,
    ].join("\n")
    const result = await migrateShop(url, { next: { upgrade: killed } })
    expect(result.outcome, screen(result)).toMatchObject({
      kind: "asks",
      step: "upgrade",
      causes: [
        "alembic ended with exit code 137 before it reported a result",
        expect.stringContaining("may have changed rows"),
      ],
    })
    expect(await revision(name)).toBe("0002")
  })
})

test.concurrent("two at once: one migrates, the other waits for it and finds nothing to do", async ({ task }) => {
  const { name, url } = await newShop(server)
  const writer = await new Writer(server, name, task).start()
  const patient = { settings: (text: string) => text.replace("lockWait: 1m", "lockWait: 10m") }
  const results = await Promise.all([migrateShop(url, patient), migrateShop(url, patient)])
  expect(results.map(({ outcome }) => outcome.kind).sort()).toEqual(["migrated", "up-to-date"])
  await expectSafe(name, writer, "0003")
})

test.concurrent("two at once: the other gives up at its bound, and says who is at work", async () => {
  const { name, url } = await newShop(server)
  const held = await takeLock(
    reachUrl(url, { variable: "DATABASE_URL", env: {}, others: [], entryPoint: "cli" }).inProcess,
    { run: "first-run", wait: 5, lease: 30 },
  )
  await expect(migrateShop(url, { settings: (text) => text.replace("lockWait: 1m", "lockWait: 1s") })).rejects.toThrow(
    /first-run, from /,
  )
  await held.release()
  expect(await revision(name)).toBe("0002")
})

test.concurrent("a read-only replica is refused before anything is tried", async () => {
  const { name } = await newShop(server)
  const replica = await server.replica()
  try {
    await expect(migrateShop(replica.url(name))).rejects.toMatchObject({
      code: "database-read-only",
      message: expect.stringContaining("The database is a replica"),
    })
  } finally {
    await replica.stop()
  }
})
