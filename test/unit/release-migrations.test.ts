import { parse } from "dotenv"
import { describe, expect, test } from "vitest"
import { target, targetOf } from "../../core/config/target.js"
import type { MigrationOutcome, MigrationResult } from "../../core/database/migrate/migration-result.js"
import type { PlannedStatement } from "../../core/database/plan/plan.js"
import { nextOf } from "../../core/release/deploy/steps.js"
import { migrationDetail } from "../../core/release/migrations/migration-detail.js"
import { LEFT_OPEN, migrationFailed } from "../../core/release/migrations/migration-failed.js"
import { migrationWay } from "../../core/release/migrations/migrations.js"
import { plannedMigrations } from "../../core/release/migrations/planned-migrations.js"
import { dotenvText } from "../../core/release/session/dotenv-text.js"
import { traitsOf } from "../../core/targets/registry.js"
import { finding } from "./plan-samples.js"

function result(outcome: MigrationOutcome): MigrationResult {
  return {
    environment: "production",
    database: "shop",
    run: "r",
    from: ["0002"],
    target: ["0003"],
    pending: [],
    steps: [],
    warnings: [],
    backup: null,
    store: "s3://backups/shop",
    rehearsed: null,
    setAside: null,
    lost: 0,
    outcome,
  }
}

describe("a migration that failed in a release", () => {
  test("and was refused or undone says so, with its causes, and leaves nothing open", () => {
    const refused = migrationFailed(
      result({ kind: "refused", step: "rehearse", causes: ["column amount holds nulls"] }),
    )
    expect(refused.message).toContain("failed at rehearse. The database was not changed:\n  column amount holds nulls")
    const undone = migrationFailed(
      result({ kind: "undone", step: "upgrade", causes: ["lock timeout"], way: "downgrade", why: "" }),
    )
    expect(undone.message).toContain(
      "failed at upgrade and was undone (downgrade). The database is at 0002 and valid:\n  lock timeout",
    )
    for (const { code } of [refused, undone]) expect(code).not.toBe(LEFT_OPEN)
  })

  test("and could not be undone, or needs an operator, points to the runbook", () => {
    const asks = migrationFailed(
      result({ kind: "asks", step: "validate", causes: ["a rule is broken"], question: "3 rows of payments" }),
    )
    const stuck = migrationFailed(
      result({ kind: "not-undone", step: "upgrade", causes: ["no"], undoCauses: ["the server is away"] }),
    )
    expect(asks.message).toContain("3 rows of payments")
    expect(stuck.message).toContain("the server is away")
    for (const { code, message } of [asks, stuck]) {
      expect(code).toBe(LEFT_OPEN)
      expect(message).toContain("docs/runbook-migration-failed.md")
    }
    expect(nextOf("failed", "production", { leftOpen: true, isFirst: false })).toContain("before you deploy again")
    expect(nextOf("failed", "production", { leftOpen: false, isFirst: false })).toContain("deploy again")
  })
})

test("a release's plan has each revision with its findings, without the accepted ones", () => {
  const drop: PlannedStatement = {
    text: "ALTER TABLE orders DROP note",
    line: 1,
    sourceLine: null,
    locks: [{ schema: "public", table: "orders", mode: "AccessExclusiveLock", evidence: "observed", facts: null }],
    locksUnknown: false,
    changes: [],
  }
  const revision = {
    revision: "0003",
    down: ["0002"],
    message: "m",
    file: "migrations/versions/0003.py",
    sha256: "0".repeat(64),
    statements: [drop, { ...drop, text: "SELECT heal()", locks: [], locksUnknown: true }],
    held: null,
    notPrinted: [],
    contract: true,
  }
  const findings = [
    finding("drop-column", { revision: "0003", severity: "error" }),
    finding("drop-table", { revision: "0003", severity: "error", accepted: "agreed" }),
    finding("slow", { revision: "0003", severity: "warning" }),
    finding("slow", { revision: "0002", severity: "warning" }),
  ]
  expect(plannedMigrations({ revisions: [revision], findings })).toEqual([
    {
      id: "0003",
      path: "migrations/versions/0003.py",
      lint: { errors: 1, warnings: 1 },
      contracts: true,
      statements: [
        { sql: "ALTER TABLE orders DROP note", locks: ["ACCESS EXCLUSIVE on orders"], locksKnown: true },
        { sql: "SELECT heal()", locks: [], locksKnown: false },
      ],
    },
  ])
  const long = { ...revision, statements: [{ ...drop, text: "x".repeat(70_000) }] }
  expect(plannedMigrations({ revisions: [long], findings })[0]).not.toHaveProperty("statements")
})

test.each([
  "plain",
  "a # b",
  "quote's",
  'double"',
  "back\\slash \\n",
  "$HOME ${X}",
  "two\nlines",
  " around ",
  "postgresql+psycopg://u:p%40@127.0.0.1:5432/db",
])("%s is read from a dotenv text as it was written", (value) => {
  expect(
    parse(
      dotenvText([
        ["BEFORE", "1"],
        ["NAME", value],
        ["AFTER", "2"],
      ]),
    ),
  ).toEqual({ BEFORE: "1", NAME: value, AFTER: "2" })
})

test("what dotenv cannot hold is refused without being said", () => {
  for (const value of ["one ' and ` both", "carriage\rreturn"])
    expect(() => dotenvText([["NAME", value]])).toThrow(/The value of NAME cannot/)
  expect(() => dotenvText([["NAME", "one ' and ` both"]])).not.toThrow(/and ` both"/)
})

test("the ledger keeps of a migration its revisions, steps, backup with digest, and rehearsal", () => {
  const migrated = result({ kind: "migrated" })
  expect(migrationDetail(migrated)).toMatchObject({ from: ["0002"], to: ["0003"], backup: null, rehearsal: null })
  const detail = migrationDetail({
    ...migrated,
    steps: [{ name: "upgrade", status: "done", seconds: 2, note: "0003" }],
    backup: {
      format: 1,
      name: "b1",
      environment: "production",
      database: "shop",
      createdAt: "2026-11-22T10:00:00Z",
      run: "r",
      revision: ["0002"],
      versionTable: { name: "alembic_version", schema: null },
      serverVersion: "16.4",
      file: "b1.dump.age",
      bytes: 1024,
      sha256: "ab".repeat(32),
      encrypted: true,
      rows: { payments: 3 },
      snapshot: "1:1:",
      tested: true,
    },
  })
  expect(detail).toMatchObject({
    steps: [{ name: "upgrade", status: "done", seconds: 2, note: "0003" }],
    backup: { name: "b1", sha256: "ab".repeat(32), bytes: 1024, encrypted: true, tested: true },
  })
})

describe("the way in which an environment migrates", () => {
  const traits = (type: string) =>
    traitsOf(targetOf("staging", target.parse({ type, ...(type === "compose" ? { hosts: ["a"] } : {}) })))
  const [alembic, none] = [() => Promise.resolve(true), () => Promise.resolve(false)]
  test("is what its settings say, wherever it runs", async () => {
    for (const usual of ["database", "commands"] as const)
      for (const way of ["database", "commands"] as const) expect(await migrationWay(way, usual, none)).toBe(way)
  })
  test("is the database part on hosts when the service has alembic, and commands else", async () => {
    expect(await migrationWay(null, traits("compose").migrates, alembic)).toBe("database")
    expect(await migrationWay(null, traits("compose").migrates, none)).toBe("commands")
    expect(await migrationWay(null, traits("sandbox").migrates, alembic)).toBe("commands")
  })
})
