import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { html } from "../../core/database/plan/html.js"
import type { Finding, MigrationPlan } from "../../core/database/plan/plan.js"
import { planDocument, planFile, planSchema } from "../../core/database/plan/plan-file.js"
import { sarif } from "../../core/database/plan/sarif.js"
import { screenOf } from "../../core/database/plan/screen.js"
import { displayWidth } from "../../core/presentation/columns.js"
import { finding, plan } from "./plan-samples.js"

const table = { schema: "public", table: "payments", rows: 1234567, exact: false, bytes: 5 * 1024 ** 3 }
const HOSTILE = "\u001b[31m##[error]<script>alert(1)</script>\u202e"

function large(): MigrationPlan {
  const revisions = Array.from({ length: 30 }, (_, index) => ({
    revision: `r${index}`,
    down: [],
    message: `${HOSTILE} ${"word ".repeat(40)}`,
    file: `migrations/${index}.py`,
    sha256: "",
    contract: false,
    notPrinted: index === 0 ? ["SELECT 1"] : [],
    held: [
      {
        schema: "public",
        table: "payments",
        mode: "AccessExclusiveLock" as const,
        evidence: "observed" as const,
        facts: table,
      },
    ],
    statements: [
      { text: `ALTER TABLE ${HOSTILE}`, line: 1, sourceLine: 2, locks: [], locksUnknown: true, changes: [] },
    ],
  }))
  const hostile = (severity: "error" | "warning") =>
    finding(severity === "error" ? "column-dropped" : "squawk/x", {
      severity,
      message: `${HOSTILE} ${"long ".repeat(100)}`,
    })
  const errors: [Finding, ...Finding[]] = [hostile("error"), ...Array.from({ length: 19 }, () => hostile("error"))]
  const findings = [...errors, ...Array.from({ length: 40 }, () => hostile("warning"))]
  return plan({
    revisions,
    findings,
    sqlIsComplete: false,
    verdict: { kind: "red", errors },
  })
}

describe("the screen", () => {
  it("is at most 40 lines of 100 columns, however much there is, and ends with the verdict", () => {
    const lines = screenOf(large(), { report: "report.html" }).trimEnd().split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(100)
    expect(lines.at(-1)).toBe("FAILED: 20 errors: column-dropped in 0003")
    expect(lines.join("\n")).not.toMatch(/\u001b|##\[|\u202e/)
    expect(lines.join("\n")).toContain("≈ 1 234 567 rows")
    expect(lines.join("\n")).toContain("ACCESS EXCLUSIVE: reads and writes wait")
  })

  it("says of a plan that is not all shown that it is not", () => {
    expect(screenOf(plan({ verdict: { kind: "ready", complete: false } }), { report: "x" })).toMatch(
      /PASSED: 0 revisions, 0 statements; no error, no warning; the SQL shown is not everything\n$/,
    )
  })

  it("counts notes and what is accepted", () => {
    const text = screenOf(
      plan({ findings: [finding("a-b", { severity: "note" }), finding("c-d", { accepted: "agreed upon" })] }),
      { report: "x" },
    )
    expect(text).toContain("and in the report: 1 note, 1 finding accepted in tollgate.yaml")
  })

  it("says that there is nothing to do", () =>
    expect(screenOf(plan({ verdict: { kind: "nothing-to-do" } }), { report: "x" })).toMatch(
      /NOTHING TO DO: the database is at 0003, the newest revision\n$/,
    ))
})

describe("the page", () => {
  it("lets nothing of the app become an element", () => {
    const page = html(large())
    expect(page).not.toContain("<script>alert")
    expect(page).toContain("&lt;script&gt;")
    expect(page).toContain("script-src &#39;none&#39;")
  })
})

describe("plan.json", () => {
  it("follows its schema, which is the one in docs", () => {
    expect(planDocument.parse(JSON.parse(planFile(large()))).findings).toHaveLength(60)
    expect(planSchema()).toBe(
      readFileSync(new URL("../../docs/schemas/migration-plan.schema.json", import.meta.url), "utf8"),
    )
  })
})

describe("findings.sarif", () => {
  it("names places in the repository, and accepted findings as suppressed", () => {
    const log = JSON.parse(
      sarif(
        plan({
          findings: [
            finding("column-dropped"),
            finding("rows-removed", { accepted: "agreed upon", line: null }),
            finding("several-heads", { file: null }),
          ],
        }),
      ),
    )
    expect(log.runs[0].results).toMatchObject([
      {
        ruleId: "column-dropped",
        level: "error",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "app/migrations/versions/0003.py" },
              region: { startLine: 11 },
            },
          },
        ],
      },
      { suppressions: [{ kind: "external", justification: "agreed upon" }] },
      { ruleId: "several-heads" },
    ])
    expect(log.runs[0].results[2]).not.toHaveProperty("locations")
  })
})
