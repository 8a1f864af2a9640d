import { beforeAll, describe, expect, test } from "vitest"
import type { MigrationPlan } from "../../core/database/plan/plan.js"
import { useEngine } from "../engine/session.js"
import { type PlanDatabase, usePlanDatabase } from "./plan-database.js"
import { codes, findingsOf, planOf, planService, revision } from "./plan-service.js"

useEngine()

/** Rows enough to be large by the settings below. */
const ROWS = `
  INSERT INTO payments (amount, status, legacy_code) SELECT n, 'paid', 'x' || n FROM generate_series(1, 20000) n;
  INSERT INTO customers (email) SELECT 'someone' || n || '@example.com' FROM generate_series(1, 50) n;
  ANALYZE;
`

let database: PlanDatabase
usePlanDatabase("migration-plan", (started) => (database = started), ROWS)

const LINT = "database: { lint: { bigTable: 1000 } }\n"

describe("one plan with many revisions, each with one thing wrong, finds each of them:", () => {
  let plan: MigrationPlan
  let before: string
  let after: string

  const revisions = {
    ...revision(
      "0002a",
      "0002",
      `op.execute("WITH gone AS (DELETE FROM customers WHERE id < 0 RETURNING id) SELECT count(*) FROM gone")`,
    ),
    ...revision(
      "0003",
      "0002a",
      `op.drop_column("payments", "legacy_code")`,
      `op.add_column("payments", sa.Column("legacy_code", sa.String(40)))`,
    ),
    ...revision(
      "0004",
      "0003",
      `op.alter_column("payments", "memo", new_column_name="remark")`,
      `op.alter_column("payments", "remark", new_column_name="memo")`,
    ),
    ...revision(
      "0005",
      "0004",
      `op.alter_column("customers", "email", type_=sa.String(100))`,
      `op.alter_column("customers", "email", type_=sa.String(200))`,
    ),
    // hidden in a block, and in a string that the block puts together
    ...revision(
      "0006",
      "0005",
      `op.execute("DO $$ BEGIN EXECUTE 'ALTER TABLE ' || 'payments DROP COLUMN ' || 'forgotten'; END $$")`,
      `op.execute("ALTER TABLE payments ADD COLUMN forgotten text")`,
    ),
    // Python: alembic cannot print it
    ...revision(
      "0007",
      "0006",
      `
for row in op.get_bind().execute(sa.text("SELECT id FROM payments WHERE amount < 0")):
    op.get_bind().execute(sa.text("UPDATE payments SET amount = 0 WHERE id = :id"), {"id": row.id})`,
      `op.execute("UPDATE payments SET amount = amount")`,
    ),
    // prints one thing and does another
    ...revision(
      "0008",
      "0007",
      `
if context.is_offline_mode():
    op.execute("SELECT 1")
else:
    op.execute("ALTER TABLE payments DROP COLUMN unused")`,
      `op.execute("ALTER TABLE payments ADD COLUMN unused text")`,
    ),
    ...revision("0009", "0008", `op.create_index("ix_payments_amount", "payments", ["amount"])`, `pass`),
    ...revision(
      "0010",
      "0009",
      `
with op.get_context().autocommit_block():
    op.create_index("ix_customers_email", "customers", ["email"], postgresql_concurrently=True)`,
      `op.drop_index("ix_customers_email", "customers")`,
    ),
    // not empty to the eye
    ...revision("0011", "0010", `op.add_column("customers", sa.Column("name", sa.Text()))`, `op.execute("SELECT 1")`),
    ...revision(
      "0012",
      "0011",
      `
op.execute("SET lock_timeout = 0")
op.add_column("customers", sa.Column("country", sa.Text(), nullable=False))`,
      `op.drop_column("customers", "country")`,
    ),
    // a linter that the migration tells to look away
    ...revision(
      "0013",
      "0012",
      `op.execute("-- squawk-ignore require-concurrent-index-creation\\nCREATE INDEX ix_payments_id_amount ON payments (id, amount)")`,
      `op.drop_index("ix_payments_id_amount", "payments")`,
    ),
    // reads rows and decides in Python; printed, it reads nothing and stops at nothing
    ...revision(
      "0014",
      "0013",
      `
for row in op.get_bind().execute(sa.text("SELECT id FROM customers WHERE email = ''")) or []:
    op.execute(f"DELETE FROM customers WHERE id = {row.id}")`,
      `op.execute("UPDATE customers SET email = email")`,
    ),
    // a connection of its own, beside the one that alembic has
    ...revision(
      "0015",
      "0014",
      `
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as own:
    own.execute("CREATE TABLE behind_its_back (id integer)")`,
      `op.execute("DROP TABLE behind_its_back")`,
    ),
  }

  beforeAll(async () => {
    before = await database.dump()
    plan = await planOf(database, planService(revisions, LINT))
    after = await database.dump()
  })

  test("and it touches nothing: the database is the same to the last row, file and counter, and every statement it was sent was a reading one", async () => {
    expect(after).toBe(before)
    const [{ log } = { log: "" }] = await database.query("SELECT pg_read_file('log/test.csv') AS log")
    const sessions = String(log)
      .split("\n")
      .filter((line) => line.includes("tollgate migration-plan") || line.includes("pg_dump"))
    expect(sessions.some((line) => line.includes("READ ONLY"))).toBe(true)
    const sent = sessions.filter((line) => /,"(?:statement|execute [^:]*): /.test(line))
    expect(sent.length).toBeGreaterThan(20)
    expect(
      sent.filter(
        (line) =>
          !/,"(?:statement|execute [^:]*): \s*(?:SELECT|SET|BEGIN|ROLLBACK|COMMIT|LOCK TABLE|WITH|PREPARE|EXECUTE|DECLARE|FETCH|CLOSE|SHOW)\b/i.test(
            line,
          ),
      ),
    ).toEqual([])
  })

  const planned = (id: string) => plan.revisions.find(({ revision }) => revision === id)

  test("is red, from the current revision to the head, in order, with messages", () => {
    expect(plan.verdict.kind).toBe("red")
    expect(plan.current).toEqual(["0002"])
    expect(plan.heads).toEqual(["0015"])
    expect(plan.revisions.map(({ revision, message }) => `${revision} ${message}`)).toEqual(
      ["0002a", ...Array.from({ length: 13 }, (_, index) => String(index + 3).padStart(4, "0"))].map(
        (id) => `${id} what ${id} does`,
      ),
    )
  })

  test("a dropped column, with file, line and statement", () => {
    expect(findingsOf(plan, "0003")).toMatchObject([
      {
        code: "column-dropped",
        severity: "error",
        file: "migrations/versions/0003_test.py",
        line: 11,
        statement: "ALTER TABLE payments DROP COLUMN legacy_code",
      },
    ])
    expect(findingsOf(plan, "0003")[0]?.message).toContain(
      "the running version may use it: no source of the running version was given",
    )
  })

  test("a renamed column", () =>
    expect(findingsOf(plan, "0004")).toMatchObject([
      {
        code: "column-renamed",
        severity: "error",
        message: expect.stringContaining("renames payments.memo to remark"),
      },
    ]))

  test("a narrowed type", () => {
    expect(codes(plan, "0005")).toEqual(["error type-narrowed"])
    expect(findingsOf(plan, "0005")[0]?.message).toContain(
      "customers.email from character varying(200) to character varying(100)",
    )
  })

  test("a column dropped by dynamic SQL in a DO block: the catalog shows it, and that the block may do more is said", () => {
    expect(codes(plan, "0006")).toEqual(["error column-dropped", "warning effect-unseen"])
    expect(findingsOf(plan, "0006")[0]?.message).toContain("drops payments.forgotten")
  })

  test("a data migration in Python: the SQL shown is not everything", () => {
    expect(codes(plan, "0007")).toEqual(["warning sql-incomplete"])
    const [finding] = findingsOf(plan, "0007")
    expect(finding?.message).toContain("Printing it stops with: TypeError: 'NoneType' object is not iterable")
    expect(finding?.line).toBe(11)
    expect(plan.sqlIsComplete).toBe(false)
    expect(plan.verdict.kind).toBe("red")
  })

  test("a revision that prints one thing and does another: what it does counts", () => {
    expect(codes(plan, "0008")).toEqual(["error column-dropped", "warning sql-incomplete", "warning sql-not-run"])
    expect(findingsOf(plan, "0008")[0]?.message).toContain("drops payments.unused")
  })

  test("an index that is built while writers wait, on a large table, and a downgrade that is empty", () => {
    expect(codes(plan, "0009")).toEqual(["error downgrade-empty", "error squawk/require-concurrent-index-creation"])
    expect(
      findingsOf(plan, "0009")
        .map(({ message }) => message)
        .join(" "),
    ).toContain("payments has 20000 rows")
  })

  test("an index that is built concurrently is not a finding, and its lock was observed although it cannot run in a transaction", () => {
    expect(codes(plan, "0010").filter((code) => code.startsWith("error"))).toEqual([])
    const build = planned("0010")?.statements.find(({ text }) => text.startsWith("CREATE INDEX CONCURRENTLY"))
    expect(build?.locks).toMatchObject([
      { table: "customers", mode: "ShareUpdateExclusiveLock", evidence: "observed", facts: { rows: 50, exact: true } },
    ])
  })

  test("a downgrade that runs and undoes nothing", () => expect(codes(plan, "0011")).toEqual(["error downgrade-empty"]))

  test("a lock time-out that is taken away, and a column that the running version cannot know it must fill", () => {
    expect(codes(plan, "0012")).toEqual(["error column-required", "error timeout-removed"])
  })

  test("Squawk's findings, though the migration tells it to look away", () =>
    expect(codes(plan, "0013")).toEqual(["error squawk/require-concurrent-index-creation"]))

  test("a data migration in Python that prints without an error: that it reads rows gives it away", () => {
    expect(codes(plan, "0014")).toEqual(["warning sql-incomplete"])
    expect(findingsOf(plan, "0014")[0]?.message).toContain("SELECT id FROM customers WHERE email = ''")
  })

  test("rows that are removed inside a query, and a downgrade that refuses", () =>
    expect(codes(plan, "0002a")).toEqual(["warning downgrade-refused", "warning rows-removed"]))

  test("a connection of its own: its statements are not in the SQL", () => {
    expect(codes(plan, "0015")).toContain("warning sql-incomplete")
    expect(plan.revisions.at(-1)?.notPrinted).toEqual(["CREATE TABLE behind_its_back (id integer)"])
  })

  test("the locks of each statement, with the rows and the size of the table", () => {
    expect(planned("0003")?.statements[0]?.locks).toMatchObject([
      { table: "payments", mode: "AccessExclusiveLock", evidence: "observed", facts: { rows: 20000, exact: true } },
    ])
    expect(planned("0003")?.statements[0]?.locks[0]?.facts?.bytes).toBeGreaterThan(1_000_000)
    const index = planned("0009")?.statements[0]?.locks
    expect(index).toMatchObject([{ table: "payments", mode: "ShareLock" }])
    // alembic's own run of the same revision held the same
    expect(planned("0009")?.held).toMatchObject([{ table: "payments", mode: "ShareLock" }])
  })

  test("and no password is in it", () => expect(JSON.stringify(plan)).not.toContain(database.password))
})
