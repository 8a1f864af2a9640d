import type { Directory } from "@dagger.io/dagger"
import { describe, expect, it } from "vitest"
import { migrationsOutcome } from "../../core/ci/migrations-outcome.js"
import { lintMigrations, type MigrationLint } from "../../core/database/plan/lint.js"
import { readSettings } from "../../core/source.js"
import { useEngine } from "../engine/session.js"
import { codes, planService, revision } from "./plan-service.js"

useEngine()

async function lint(source: Directory, base: Directory | null): Promise<MigrationLint> {
  return lintMigrations(source, await readSettings(source), { base, secrets: undefined })
}

const before = planService({})

describe("the migrations of a change, without a database", () => {
  it("are those that its base lacks, judged by what the base still uses and on tables of unknown size", async () => {
    const found = await lint(
      planService({
        ...revision("0003", "0002", `op.drop_column("payments", "amount")`),
        ...revision(
          "0004",
          "0003",
          `op.create_index("ix_payments_memo", "payments", ["memo"])`,
          `op.drop_index("ix_payments_memo")`,
        ),
      }),
      before,
    )
    console.log(JSON.stringify(found.plan.findings, null, 1), found.fromEmpty)
    expect(found.fromEmpty).toBeNull()
    expect(found.plan.current).toEqual(["0002"])
    expect(found.plan.revisions.map((one) => one.revision)).toEqual(["0003", "0004"])
    console.log(codes(found.plan, "0003"), codes(found.plan, "0004"), migrationsOutcome({ ...found }))
  })

  it("that the base has are not judged again, but must read as they ran there", async () => {
    const found = await lint(
      planService({
        ...revision("0003", "0002", `op.execute("ALTER TABLE payments ADD COLUMN note varchar(9)")`, "pass"),
      }),
      planService({ ...revision("0003", "0002", `op.execute("ALTER TABLE payments ADD COLUMN note text")`, "pass") }),
    )
    console.log(JSON.stringify(found.plan.findings, null, 1), found.fromEmpty, migrationsOutcome(found))
  })

  it("run from nothing when the base is unknown, and fail where one of them fails", async () => {
    const found = await lint(planService({ ...revision("0003", "0002", `op.drop_column("payments", "gone")`) }), null)
    console.log(JSON.stringify(found.plan.findings, null, 1), found.fromEmpty, migrationsOutcome(found))
  })
})
