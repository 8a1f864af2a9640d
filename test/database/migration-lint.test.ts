import type { Directory } from "@dagger.io/dagger"
import { describe, expect, it } from "vitest"
import { lintMigrations, type MigrationLint } from "../../core/database/plan/lint.js"
import { migrationsOutcome } from "../../core/database/plan/outcome.js"
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
    expect(found.plan).toMatchObject({ current: ["0002"], revisions: [{ revision: "0003" }, { revision: "0004" }] })
    expect(codes(found.plan, "0003")).toEqual(["error column-dropped", "warning downgrade-refused"])
    expect(codes(found.plan, "0004")).toEqual(["warning squawk/require-concurrent-index-creation"])
    const [, , index] = found.plan.findings
    expect(index?.message).toContain("From 100000 rows of payments this is an error: migration-plan counts them.")
    const { verdict, words, reasons } = migrationsOutcome(found)
    expect({ verdict, words }).toEqual({ verdict: "failed", words: "1 error; 2 revisions, 2 statements; 2 warnings" })
    expect(reasons).toEqual([
      expect.stringMatching(/^column-dropped {2}migrations\/versions\/0003_test\.py:11 .*app\/models\.py/),
    ])
  })

  it("that the base has are not judged again, but must read as they ran there", async () => {
    const note = (type: string) =>
      revision("0003", "0002", `op.execute("ALTER TABLE payments ADD note ${type}")`, "pass")
    const found = await lint(planService(note("varchar(9)")), planService(note("text")))
    expect(found.plan.findings.map(({ code, revision }) => [code, revision])).toEqual([
      ["applied-revision-changed", "0003"],
    ])
    expect(migrationsOutcome(found)).toMatchObject({ verdict: "failed", words: "1 error; no new revision" })
  })

  it("run from nothing when the base is unknown, and fail where one of them fails", async () => {
    const found = await lint(planService(revision("0003", "0002", `op.drop_column("payments", "gone")`)), null)
    expect(found.fromEmpty).toBe("the base is unknown")
    expect(migrationsOutcome(found).reasons).toEqual([
      expect.stringMatching(/^upgrade-fails .* column "gone" of relation "payments" does not exist/),
    ])
  })

  it("may be what mends a base whose own fail", async () => {
    const found = await lint(before, planService(revision("0003", "0002", `op.drop_column("payments", "gone")`)))
    expect(found.fromEmpty).toMatch(/^the base's revisions fail on an empty database: .*column "gone"/)
    expect(found.plan.revisions.map((one) => one.revision)).toEqual(["0001", "0002"])
    expect(migrationsOutcome(found).verdict).toBe("passed")
  })
})
