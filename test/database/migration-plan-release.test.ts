import { createHash, randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { hostSource } from "../../cli/gate/host-source.js"
import { makePlan } from "../../core/database/plan/make-plan.js"
import type { MigrationPlan } from "../../core/database/plan/plan.js"
import { planDocument } from "../../core/database/plan/plan-file.js"
import { planReport } from "../../core/database/plan/report-folder.js"
import { screenOf } from "../../core/database/plan/screen.js"
import { useEngine } from "../engine/session.js"
import { type PlanDatabase, planDatabase, usePlanDatabase } from "./plan-database.js"
import { codes, findingsOf, planOf, planService, revision } from "./plan-service.js"

useEngine()

let database: PlanDatabase
usePlanDatabase("migration-plan-release", (started) => (database = started))

const DROPS = {
  ...revision(
    "0003",
    "0002",
    `op.drop_column("payments", "legacy_code")`,
    `op.add_column("payments", sa.Column("legacy_code", sa.String(40)))`,
  ),
  ...revision(
    "0004",
    "0003",
    `op.drop_column("payments", "forgotten")`,
    `op.add_column("payments", sa.Column("forgotten", sa.Text()))`,
  ),
  ...revision(
    "0005",
    "0004",
    `op.drop_column("payments", "unused")`,
    `op.add_column("payments", sa.Column("unused", sa.Text()))`,
  ),
}
const SAFE = revision(
  "0003",
  "0002",
  `op.add_column("payments", sa.Column("currency", sa.String(3), server_default="TWD", nullable=False))`,
  `op.drop_column("payments", "currency")`,
)

describe("what the running version uses is seen in its own source:", () => {
  let plan: MigrationPlan
  beforeAll(async () => {
    // from before Tollgate: it is read with today's settings
    plan = await planOf(database, planService(DROPS), planService({}).withoutFile("tollgate.yaml"))
  })

  test("a column that its models map is an error", () => {
    expect(codes(plan, "0003").filter((code) => code.includes("column"))).toEqual(["error column-dropped"])
    expect(findingsOf(plan, "0003")[0]?.message).toContain(
      "drops payments.legacy_code, which the running version's models map (app/models.py:15)",
    )
  })

  test("a column that only stands in a query of it is an error too", () => {
    expect(codes(plan, "0004").filter((code) => code.includes("column"))).toEqual(["error column-dropped"])
    expect(findingsOf(plan, "0004")[0]?.message).toContain("app/report.py:3")
  })

  test("a column that nothing names is a warning", () =>
    expect(codes(plan, "0005").filter((code) => code.includes("column"))).toEqual(["warning column-dropped"]))
})

test("a plan marks a revision as contract phase, or accepts a finding with a reason: both are shown, and do not count", async () => {
  const settings = `database:
  contract: ['0003']
  lint: { accept: [{ rule: column-dropped, revisions: ['0004', '0005'], reason: decided in review 12 }] }
`
  const plan = await planOf(database, planService(DROPS, settings))
  expect(plan.verdict).toEqual({ kind: "ready", complete: true })
  expect(plan.revisions.map(({ contract }) => contract)).toEqual([true, false, false])
  expect(
    plan.findings
      .filter(({ code }) => code === "column-dropped")
      .map(({ revision, severity, accepted }) => [revision, severity, accepted]),
  ).toEqual([
    ["0004", "error", "decided in review 12"],
    ["0005", "error", "decided in review 12"],
    ["0003", "note", null],
  ])
})

describe("a migration that only adds", () => {
  let plan: MigrationPlan
  beforeAll(async () => {
    plan = await planOf(database, planService(SAFE))
  })

  test("is ready, with all its SQL shown, the same as alembic's own command prints", async () => {
    expect(plan.verdict).toEqual({ kind: "ready", complete: true })
    expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([])
    const printed = await dag
      .container()
      .from("python:3.11-slim")
      .withDirectory("/app", planService(SAFE))
      .withWorkdir("/app")
      .withExec(["pip", "install", "-q", "-r", "requirements.txt"])
      .withEnvVariable("DATABASE_URL", "postgresql://nobody@nowhere.invalid/none")
      .withExec(["alembic", "upgrade", "0002:0003", "--sql"])
      .stdout()
    expect(plan.script).toBe(printed)
  })

  test("has another digest when a revision's file changes, though its SQL does not", async () => {
    const comment = await planOf(
      database,
      planService({
        ...SAFE,
        "migrations/versions/0003_test.py": `# a remark\n${SAFE["migrations/versions/0003_test.py"]}`,
      }),
    )
    expect(comment.script).toBe(plan.script)
    expect(plan.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(comment.digest).not.toBe(plan.digest)
  })

  test("can be planned again, with the same digest, by a role that may only read, in a database that refuses every write", async () => {
    await database.query(
      "CREATE ROLE reader LOGIN PASSWORD 'may-only-read'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO reader; ALTER DATABASE payments SET default_transaction_read_only = on",
    )
    try {
      const secrets = dag.setSecret(
        `reader-${randomUUID()}`,
        `DATABASE_URL=${database.url.replace(/\/\/[^@]+@/, "//reader:may-only-read@")}\n`,
      )
      const read = await makePlan(planService(SAFE), {
        environment: "production",
        secrets,
        runningSource: undefined,
        entryPoint: "cli",
      })
      expect(read.verdict).toEqual({ kind: "ready", complete: true })
      expect(read.digest).toBe(plan.digest)
    } finally {
      await database.query(
        "SET default_transaction_read_only = off; ALTER DATABASE payments RESET default_transaction_read_only; DROP OWNED BY reader; DROP ROLE reader",
      )
    }
  })

  test("has a report: page, plan.json by its schema, the SQL, SARIF with places in the repository; no password in any", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-plan-test-"))
    try {
      const report = planReport(plan)
      expect((await report.entries()).sort()).toEqual([
        ".gitignore",
        "findings.sarif",
        "plan.json",
        "plan.sql",
        "report.html",
        "summary.txt",
      ])
      const texts = await Promise.all(
        ["findings.sarif", "plan.json", "plan.sql", "report.html", "summary.txt"].map((name) =>
          report.file(name).contents(),
        ),
      )
      for (const text of texts) expect(text).not.toContain(database.password)
      expect(planDocument.parse(JSON.parse(texts[1] ?? "")).digest).toBe(plan.digest)
      expect(texts[2]).toBe(plan.script)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test("fits one screen", () => {
    const lines = screenOf(plan, { report: "report.html" }).trimEnd().split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(lines.at(-1)).toMatch(/^PASSED: 1 revision, 1 statement; no error/)
  })
})

describe("there is no plan, and the reason is printed,", () => {
  test("with more than one head", async () => {
    const plan = await planOf(
      database,
      planService({ ...revision("0003", "0002", "pass"), ...revision("0004", "0002", "pass") }),
    )
    expect(codes(plan, null)).toEqual(["error several-heads"])
    expect(plan.findings[0]?.message).toContain(
      "0003 (migrations/versions/0003_test.py), 0004 (migrations/versions/0004_test.py)",
    )
    expect(plan).toMatchObject({ verdict: { kind: "red" }, script: null, digest: null, sqlIsComplete: null })
  })

  test("when the database is at a revision that the source does not have", async () => {
    const plan = await planOf(database, planService({ "migrations/versions/0002_index.py": null }))
    expect(codes(plan, null)).toEqual(["error unknown-current"])
    expect(plan.findings[0]?.message).toContain("the database is newer than the code")
  })

  test("with one revision id in two files", async () => {
    const [path, text] = Object.entries(SAFE)[0] ?? ["", ""]
    const plan = await planOf(database, planService({ [path]: text, "migrations/versions/0003_again.py": text }))
    expect(codes(plan, null)).toContain("error revision-twice")
  })

  test("when a revision cannot be loaded", async () => {
    const plan = await planOf(
      database,
      planService({ "migrations/versions/0003_test.py": "import nothing_of_that_name\n" }),
    )
    expect(codes(plan, null)).toEqual(["error revisions-unreadable"])
    expect(plan.findings[0]?.message).toContain("No module named 'nothing_of_that_name'")
  })

  test("and that there is nothing to do is not an error", async () => {
    const plan = await planOf(database, planService({}))
    expect(plan.verdict).toEqual({ kind: "nothing-to-do" })
    expect(plan.findings).toEqual([])
  })
})

test("the example service's eight revisions, on an empty database: all of the SQL is shown, and nothing waits for a lock", async () => {
  const empty = await planDatabase("migration-plan-example", randomUUID())
  try {
    const plan = await planOf(empty, hostSource(new URL("../..", import.meta.url).pathname))
    expect(plan.verdict).toEqual({ kind: "ready", complete: true })
    expect(plan.revisions.map(({ revision }) => revision)).toEqual([
      "0001",
      "0002",
      "0003",
      "0004",
      "0005",
      "0006",
      "0007",
      "0008",
    ])
    expect(
      plan.findings.filter(({ severity }) => severity === "warning").map(({ code, revision }) => `${code} ${revision}`),
    ).toEqual(["rows-removed 0007"])
    expect(plan.revisions.flatMap(({ statements }) => statements).filter(({ locksUnknown }) => locksUnknown)).toEqual(
      [],
    )
    expect(
      await empty.query(
        "SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
      ),
    ).toEqual([{ tables: 0 }])
  } finally {
    await empty.stop()
  }
})

test("a revision that fails on the empty copy is an error, with its line", async () => {
  const plan = await planOf(
    database,
    planService(revision("0003", "0002", `op.add_column("payments", sa.Column("status", sa.Text()))`)),
  )
  expect(codes(plan, "0003")).toContain("error upgrade-fails")
  expect(plan.findings.find(({ code }) => code === "upgrade-fails")).toMatchObject({
    line: 11,
    message: expect.stringContaining('column "status" of relation "payments" already exists'),
  })
})

test("env.py that asks the database while it prints is given the copy, never the real one", async () => {
  const asking = `
from sqlalchemy import text
with create_engine(url).connect() as early:
    early.execute(text("CREATE TABLE IF NOT EXISTS made_by_env (id integer)"))
    early.commit()
`
  const env = (await planService({}).file("migrations/env.py").contents()).replace(
    "\nif context",
    `${asking}\nif context`,
  )
  const plan = await planOf(database, planService({ ...SAFE, "migrations/env.py": env }))
  expect(plan.revisions.map(({ revision: id }) => id)).not.toEqual([])
  expect(await database.query("SELECT to_regclass('made_by_env') AS there")).toEqual([{ there: null }])
})

describe("the record of applied revisions", () => {
  const chained = (rows: [string, string][]): string => {
    let chain = ""
    return rows
      .map(([id, sha256]) => {
        chain = createHash("sha256").update(`${chain}\n${id}\n${sha256}`).digest("hex")
        return `INSERT INTO tollgate.revisions (revision, sha256, chain, run) VALUES ('${id}', '${sha256}', '${chain}', 'test');`
      })
      .join("\n")
  }
  const record = async (sql: string) =>
    database.query(`DROP SCHEMA IF EXISTS tollgate CASCADE; CREATE SCHEMA tollgate;
      CREATE TABLE tollgate.revisions (number bigserial PRIMARY KEY, revision text NOT NULL, sha256 text NOT NULL, chain text NOT NULL, run text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp()); ${sql}`)
  const sha256 = async (name: string) =>
    createHash("sha256")
      .update(await planService({}).file(`migrations/versions/${name}`).contents())
      .digest("hex")
  afterAll(async () => database.query("DROP SCHEMA IF EXISTS tollgate CASCADE"))

  test("that fits the files is not a finding", async () => {
    await record(
      chained([
        ["0001", await sha256("0001_tables.py")],
        ["0002", await sha256("0002_index.py")],
      ]),
    )
    expect((await planOf(database, planService({}))).findings).toEqual([])
  })

  test("shows a revision that was changed after it was applied", async () => {
    await record(
      chained([
        ["0001", await sha256("0001_tables.py")],
        ["0002", "0".repeat(64)],
      ]),
    )
    const plan = await planOf(database, planService({}))
    expect(codes(plan, "0002")).toEqual(["error applied-revision-changed"])
    expect(plan.findings[0]?.message).toContain("with other content than migrations/versions/0002_index.py has now")
  })

  test("that was itself changed to hide it does not hold", async () => {
    await record(
      `${chained([
        ["0001", "1".repeat(64)],
        ["0002", await sha256("0002_index.py")],
      ])} UPDATE tollgate.revisions SET sha256 = '${await sha256("0001_tables.py")}' WHERE revision = '0001';`,
    )
    const plan = await planOf(database, planService({}))
    expect(codes(plan, null)).toEqual(["error record-broken"])
  })
})

test("no reason makes several heads right", async () => {
  const accepted =
    "database: { lint: { accept: [{ rule: several-heads, revisions: ['0003'], reason: we like it so }] } }\n"
  const plan = await planOf(
    database,
    planService({ ...revision("0003", "0002", "pass"), ...revision("0004", "0002", "pass") }, accepted),
  )
  expect(plan.verdict.kind).toBe("red")
})

describe("what cannot be reached is said without the password:", () => {
  test("a wrong password", async () => {
    const secrets = dag.setSecret(
      `wrong-${randomUUID()}`,
      `DATABASE_URL=${database.url.replace(database.password, "not-the-password")}\n`,
    )
    const error = await makePlan(planService(SAFE), {
      environment: "production",
      secrets,
      runningSource: undefined,
      entryPoint: "cli",
    }).catch((thrown: unknown) => thrown)
    expect(String(error)).toMatch(/password/)
    expect(String(error)).not.toContain("not-the-password")
  })

  test("an environment that tollgate.yaml does not have, before anything is read", async () => {
    const secrets = dag.setSecret(`env-${randomUUID()}`, `DATABASE_URL=${database.url}\n`)
    await expect(
      makePlan(planService(SAFE), { environment: "prodcution", secrets, runningSource: undefined, entryPoint: "cli" }),
    ).rejects.toThrow("Did you mean production?")
  })

  test("no secrets", async () => {
    await expect(
      makePlan(planService(SAFE), {
        environment: "production",
        secrets: undefined,
        runningSource: undefined,
        entryPoint: "cli",
      }),
    ).rejects.toThrow("--secrets does not hold DATABASE_URL")
  })
})
