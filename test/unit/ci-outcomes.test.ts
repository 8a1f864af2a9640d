import { describe, expect, it } from "vitest"
import { migrationsOutcome } from "../../core/database/plan/outcome.js"
import { imageOutcome } from "../../core/image/outcome.js"
import { moduleIn, writingOf } from "../../core/init/files.js"
import { loadScenarios } from "../../core/load/ci.js"
import { loadOutcome } from "../../core/load/outcome.js"
import { gitPatch } from "../../core/patch-coverage/git-patch.js"
import { judgePatch, readPatchReport } from "../../core/patch-coverage/judge.js"
import { lacksApprovals } from "../../core/release/deploy/steps.js"
import { testOutcome } from "../../core/report/outcome.js"
import { scanOutcome } from "../../core/scan/outcome.js"
import { TollgateError } from "../../core/shared/errors.js"
import { imageResult } from "./image-samples.js"
import { kept, lost, slow, unreachable } from "./load-samples.js"
import { finding, plan } from "./plan-samples.js"
import { allGreen, coverageBelow, everySample, severalReds } from "./qa-result-samples.js"
import { judged, result as scanResult } from "./scan-samples.js"

/** As diff-cover writes it. */
const report = (files: Record<string, { covered: number[]; missing: number[] }>) =>
  readPatchReport(
    JSON.stringify({
      report_name: "LCOV",
      diff_name: "…",
      src_stats: Object.fromEntries(
        Object.entries(files).map(([name, { covered, missing }]) => [
          name,
          { percent_covered: 50, violation_lines: missing, covered_lines: covered, violations: [] },
        ]),
      ),
      total_num_lines: Object.values(files).reduce(
        (sum, { covered, missing }) => sum + covered.length + missing.length,
        0,
      ),
      total_num_violations: Object.values(files).reduce((sum, { missing }) => sum + missing.length, 0),
      total_percent_covered: 50,
      num_changed_lines: 9,
    }),
  )

describe("coverage of the changed lines", () => {
  const rule = { threshold: 80, fewestLines: 4 }
  const half = { "app/a.py": { covered: [1, 2], missing: [3, 4] } }

  it("fails below the threshold, and names each file's lines, the worst first", () => {
    const judged = judgePatch(report({ ...half, "app/b.py": { covered: [], missing: [7, 8, 9] } }), rule)
    expect(judged).toMatchObject({ verdict: "failed", words: "28.57 % of 7 changed lines is below 80 %" })
    expect(judged.reasons).toEqual(["app/b.py: no suite runs lines 7–9", "app/a.py: no suite runs lines 3–4"])
  })

  it("is not enforced for a change of few lines, and passes at the threshold", () => {
    expect(judgePatch(report(half), { ...rule, fewestLines: 5 })).toMatchObject({
      verdict: "passed",
      words: "50.00 % of 4 changed lines is below 80 %; not enforced below 5 changed lines",
    })
    expect(judgePatch(report(half), { ...rule, threshold: 50 })).toMatchObject({ verdict: "passed" })
  })

  it("has no figure where no measured line changed, which is not 100 %", () => {
    expect(judgePatch(report({}), rule)).toMatchObject({ verdict: "passed", figures: [] })
  })
})

describe("the engine's patch", () => {
  it("names both sides of a new and of a removed file, and no name in quotes", () => {
    const engine = [
      "diff --git a/a.py b/a.py",
      "diff --git a/dir/old.py b/dir/renamed.py",
      "diff --git a/gone.py a/gone.py",
      "+++ /dev/null",
      "diff --git b/new/n b.py b/new/n b.py",
      "+diff --git b/x b/x",
      'diff --git "b/\\303\\274n.py" "b/\\303\\274n.py"',
    ]
    expect(gitPatch(engine.join("\n")).split("\n")).toEqual([
      "diff --git a/a.py b/a.py",
      "diff --git a/dir/old.py b/dir/renamed.py",
      "diff --git a/gone.py b/gone.py",
      "+++ /dev/null",
      "diff --git a/new/n b.py b/new/n b.py",
      "+diff --git b/x b/x",
      "diff --git a/ün.py b/ün.py",
    ])
  })
})

describe("a gate's result in ci", () => {
  it("is the verdict that the gate itself gives", () => {
    expect(testOutcome(allGreen)).toMatchObject({ verdict: "passed", cached: false })
    expect(testOutcome(allGreen).figures.map(({ name }) => name)).toEqual(["tests", "coverage"])
    for (const [name, sample] of everySample)
      if (testOutcome(sample).verdict === "failed") expect(testOutcome(sample).reasons, name).not.toEqual([])
  })

  it("names every reason, also those outside of suites", () => {
    const reasons = testOutcome(severalReds).reasons
    const expected = severalReds.suites.flatMap(({ verdict }) => (verdict.kind === "failed" ? verdict.reasons : []))
    for (const { code } of expected)
      expect(
        reasons.some((one) => one.includes(code)),
        code,
      ).toBe(true)
    expect(testOutcome(coverageBelow).reasons[0]).toMatch(/^coverage-below: /)
  })

  it("of the image, the scan and the load test names each problem, and what to do", () => {
    const broken = imageOutcome(
      imageResult({
        problems: [
          { code: "runs-as-root", message: "the user is root", next: "Add USER.", details: [], output: false },
        ],
      }),
    )
    expect(broken).toMatchObject({ verdict: "failed", reasons: ["runs-as-root: the user is root. Add USER."] })
    expect(broken.figures[0]?.name).toBe("image-size")

    expect(scanOutcome(scanResult()).verdict).toBe("passed")
    const found = scanOutcome(scanResult({ findings: [judged({ disposition: { kind: "blocking" } })] }))
    expect(found.verdict).toBe("failed")
    expect(found.reasons[0]).toMatch(/^critical {2}CVE-2024-1135 {2}gunicorn 21\.2\.0 .*fixed in 22\.0\.0$/)
    const stale = scanOutcome(scanResult({ reasons: [{ code: "database-stale", message: "is old", next: "Retry." }] }))
    expect(stale).toMatchObject({ verdict: "inconclusive", reasons: ["database-stale: is old Retry."] })

    expect(loadOutcome(kept)).toMatchObject({ verdict: "passed", reasons: [] })
    for (const sample of [slow, unreachable, lost]) expect(loadOutcome(sample)).toMatchObject({ verdict: "failed" })
    expect(loadOutcome(slow).reasons[0]).toMatch(/^checkout: threshold-broken: /)
    expect(loadOutcome(unreachable).figures).toEqual([])
  })

  it("of the migrations counts errors of single revisions only where the base says which of them are new", () => {
    const found = [finding("column-dropped", { revision: "0003" }), finding("several-heads", { revision: null })]
    const lint = (fromEmpty: string | null, findings = found) =>
      migrationsOutcome({ plan: plan({ findings }), fromEmpty })
    expect(lint(null)).toMatchObject({
      verdict: "failed",
      reasons: [/^column-dropped/, /^several-heads/].map((one) => expect.stringMatching(one)),
    })
    expect(lint("the base is unknown")).toMatchObject({
      verdict: "failed",
      reasons: [expect.stringMatching(/^several-heads/)],
    })
    expect(lint("the base is unknown", found.slice(0, 1))).toMatchObject({ verdict: "passed", reasons: [] })
    expect(lint("the base is unknown", found.slice(0, 1)).words).toMatch(
      /1 error not enforced; on an empty database, because the base is unknown$/,
    )
    const fails = lint("the base is unknown", [finding("upgrade-fails", { revision: "0001" })])
    expect(fails.reasons[0]).toContain("set database.lint.ci of tollgate.yaml to false")
    const accepted = [finding("column-dropped", { revision: "0003", accepted: "by a reason" })]
    expect(lint(null, accepted)).toMatchObject({ verdict: "passed", reasons: [] })
  })

  it("of a change is a load test of the scenario smoke alone, where there is one", () => {
    expect(loadScenarios(["checkout", "smoke"])).toEqual(["smoke"])
    expect(loadScenarios(["checkout"])).toEqual([])
  })
})

describe("a deployment", () => {
  it("waits when only approvals are missing, and is refused for anything else", () => {
    expect(lacksApprovals(new TollgateError("approval-too-few", "2 needed", "Sign."))).toBe(true)
    expect(lacksApprovals(new TollgateError("approval-expired", "expired", "Sign."))).toBe(false)
    expect(lacksApprovals(new TollgateError("approval-refused", "several", "Sign."))).toBe(false)
    expect(lacksApprovals(new Error("approval-too-few"))).toBe(false)
  })
})

describe("a file of init", () => {
  it("that another author wrote is kept, whatever it says", () => {
    expect(writingOf({ path: "x", text: "new" }, "old").kind).toBe("keep")
    expect(writingOf({ path: "x", text: "new" }, "new").kind).toBe("same")
    expect(moduleIn("env:\n  TOLLGATE: github.com/a/b@1\n")).toBe("github.com/a/b@1")
    expect(moduleIn("tollgate=github.com/a/b@1\n")).toBe("github.com/a/b@1")
  })
})
