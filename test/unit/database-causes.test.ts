import { describe, expect, it } from "vitest"
import type { Comparison, Difference } from "../../core/database/alembic/alembic-account.js"
import { failureWords, grouped } from "../../core/database/alembic/failure.js"
import { judgeModels } from "../../core/database/alembic/models.js"
import type { Finding } from "../../core/database/plan/plan.js"
import { screenOf } from "../../core/database/plan/screen.js"
import { finding, plan } from "./plan-samples.js"

const difference = (kind: string, what: string): Difference => ({ kind, what, key: `${kind} ${what}` })
const comparison = (...differences: Difference[]): Comparison => ({ notCompared: null, differences })

describe("the models against a database", () => {
  const library = difference("remove_table", "apscheduler_jobs")
  const drift = difference("modify_nullable", "orders.note: True in the database, False in the models")

  it("warn of differences from before, and refuse those that the migration made", () => {
    const known = [library.key, drift.key]
    expect(judgeModels(comparison(library, drift), known)).toEqual({
      problems: [],
      warnings: [
        "2 earlier differences between models and database: nullable of orders.note: True in the database, False in the models; table apscheduler_jobs is in the database and not in the models",
      ],
    })
    expect(judgeModels(comparison(library, difference("remove_table", "leftover")), known).problems).toEqual([
      "table leftover is in the database and not in the models",
    ])
  })

  it.each(["add_table", "add_column"])("refuse what the new code would miss, whenever it went missing: %s", (kind) => {
    const missing = difference(kind, "orders.note")
    expect(judgeModels(comparison(missing), [missing.key]).problems).toEqual([
      expect.stringContaining("orders.note is in the models and not in the database"),
    ])
  })

  it("take foreign tables for earlier ones where the earlier state is not known", () => {
    expect(judgeModels(comparison(library, drift), null)).toMatchObject({
      problems: [expect.stringContaining("nullable of orders.note")],
      warnings: [expect.stringContaining("apscheduler_jobs")],
    })
  })

  it("that are none are said to be none, and refuse nothing", () => {
    expect(judgeModels({ notCompared: "env.py has no target_metadata", differences: [] }, [])).toEqual({
      problems: [],
      warnings: ["the models could not be compared with the schema: env.py has no target_metadata"],
    })
  })
})

describe("reasons", () => {
  it("with one cause are one, and say how many there are", () => {
    const tables = Array.from(
      { length: 130 },
      (_, number) => `schema and models differ: table more_${number} is in the database and not in the models`,
    )
    expect(grouped([...tables, "the invariant paid-has-order is broken by 2 rows"])).toEqual([
      `${tables[0]}\nand 129 more of the same kind`,
      "the invariant paid-has-order is broken by 2 rows",
    ])
  })

  it("are each of them told where they are few, or differ in more than a name", () => {
    const few = ["table a is gone", "table b is gone", "table c is gone", "the revision is 3, expected 2"]
    expect(grouped(few)).toEqual(few)
  })

  it("end with where they came from", () => {
    expect(failureWords({ message: "no such column", revision: "0003", file: "helpers/refunds.py", line: 3 })).toBe(
      "no such column\nin revision 0003, helpers/refunds.py:3",
    )
    expect(failureWords({ message: "KeyError: 'DB_HOST'", revision: null, file: "migrations/env.py", line: 9 })).toBe(
      "KeyError: 'DB_HOST'\nin migrations/env.py:9",
    )
    expect(failureWords({ message: "canceled", revision: null, file: null, line: null })).toBe("canceled")
  })
})

describe("a plan's screen", () => {
  it("shows 130 findings of one kind as one, with what it is", () => {
    const dropped = (number: number) =>
      finding("column-dropped", { revision: `r${number}`, message: `r${number} drops a column` })
    const others = Array.from({ length: 129 }, (_, number) => dropped(number + 1))
    const findings: [Finding, ...Finding[]] = [dropped(0), ...others]
    const text = screenOf(plan({ findings, verdict: { kind: "red", errors: findings } }), {
      report: "report.html",
    })
    expect(text.match(/ERROR column-dropped/g)).toHaveLength(1)
    expect(text).toContain(
      "r0 drops a column\n      and 129 more column-dropped: r1, r2, r3, r4 and 125 more revisions",
    )
  })

  it("cuts no cause", () => {
    const missing = Array.from({ length: 12 }, (_, number) => `setting_number_${number}: Field required`).join("; ")
    const error = finding("env-unreadable", {
      revision: null,
      message: `12 validation errors for Settings: ${missing}`,
    })
    const text = screenOf(plan({ findings: [error], verdict: { kind: "red", errors: [error] } }), {
      report: "report.html",
    })
    expect(text.replace(/\s+/g, " ")).toContain(missing)
  })
})
