import { describe, expect, it } from "vitest"
import { migrationHtml } from "../../core/database/migrate/html.js"
import { migrationDocument, migrationFile } from "../../core/database/migrate/migration-file.js"
import type { MigrationResult } from "../../core/database/migrate/migration-result.js"
import { migrationScreen } from "../../core/database/migrate/screen.js"
import { displayWidth } from "../../core/presentation/columns.js"
import { revision } from "./plan-samples.js"

const HOSTILE = "\u001b[31m##[error]<script>alert(1)</script>\u202e"
const observed = { revision: ["0003"], schema: "s", rows: { payments: 20_000 }, broken: {}, unchanged: {} }

const failed: MigrationResult = {
  environment: "production",
  database: "shop",
  run: "20261122T093015123Z",
  from: ["0002"],
  target: ["0003"],
  pending: [revision("0003", { message: HOSTILE })],
  steps: [
    { name: "backup", status: "done", seconds: 2.5, note: "21000 rows" },
    { name: "upgrade", status: "failed", seconds: 1.5, note: "" },
  ],
  warnings: ["the rehearsal runs on Postgres 16, the server is 15"],
  backup: {
    format: 1,
    name: "20261122T093016000Z_shop_0002",
    environment: "production",
    database: "shop",
    createdAt: "2026-11-22T09:30:16.000Z",
    run: "r",
    revision: ["0002"],
    serverVersion: "15.9",
    file: "x.dump",
    bytes: 12_345_678,
    sha256: "ab".repeat(32),
    encrypted: false,
    versionTable: { name: "alembic_version", schema: null },
    rows: { payments: 20_000, orders: 1000 },
    snapshot: "1:1:",
    tested: true,
  },
  store: "directory:backups, folder production/shop",
  rehearsed: {
    after: observed,
    commits: [],
    seconds: 1.25,
    oneTransaction: false,
    known: [],
    modelWarnings: [],
    downgrade: { kind: "not-proven", why: "0003 has no downgrade" },
  },
  setAside: null,
  lost: 0,
  outcome: { kind: "not-undone", step: "upgrade", causes: [`first cause ${HOSTILE}`], undoCauses: ["second cause"] },
}

describe("the report of a migration", () => {
  const document = migrationDocument(failed)
  const html = migrationHtml(document)

  it("comes back from the database as it was written down", () => {
    expect(migrationFile.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
  })

  it("has the steps, the rows, the backup, and both causes when taking it back failed too", () => {
    for (const text of [
      "first cause",
      "second cause",
      "Why it could not be undone",
      "20261122T093016000Z_shop_0002",
      "directory:backups, folder production/shop",
      "21000 rows",
      "20000",
      "1.3 s",
      "0003 has no downgrade",
      "restored once",
    ])
      expect(html, text).toContain(text)
    expect(document).toMatchObject({ good: false, failedStep: "upgrade", outcome: "not-undone" })
  })

  it("makes no element and no control character of the app's own words", () => {
    expect(html).not.toContain("<script>alert")
    expect(html).not.toMatch(/[\u001b\u202e]/)
  })

  it("says of a backup that was not tested that it was never restored", () => {
    const untested = { ...failed, backup: failed.backup === null ? null : { ...failed.backup, tested: false } }
    expect(migrationScreen(untested, { report: "r" })).toContain(
      "\nbackup, never restored: 20261122T093016000Z_shop_0002 in directory:backups, folder production/shop\n",
    )
    expect(migrationHtml(migrationDocument(untested))).toMatch(/never restored/)
    expect(migrationHtml(migrationDocument(untested))).not.toContain("restored once")
    expect(`${html}${migrationScreen(failed, { report: "r" })}`).not.toContain("never restored")
  })

  it("is one screen beside it, with the verdict on its last line", () => {
    const lines = migrationScreen(failed, { report: "tollgate-report/migrate/report.html" }).trimEnd().split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(100)
    expect(lines.at(-1)).toMatch(/^FAILED: the migration failed, and undoing it failed; backup /)
    expect(lines).toContain("full report: tollgate-report/migrate/report.html")
  })
})
