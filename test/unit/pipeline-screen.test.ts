import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { placeOf } from "../../cli/ci/place.js"
import { branchesOf } from "../../core/dashboard/model/pipeline.js"
import { ciRunView } from "../../core/dashboard/view/ci-run.js"
import { pipelineView } from "../../core/dashboard/view/pipeline.js"
import { type CiRan, ciRanOf } from "../../core/ledger/ci-ran.js"
import { XSS } from "../release/dashboard-samples.js"
import { aStatus, ended } from "./ci-samples.js"
import { event } from "./request-samples.js"

const clock = { zone: "UTC" }
const PLACE = { branch: "main", change: null, base: null }
const status = aStatus({ test: ended(), scan: ended({ verdict: "failed", words: "2 findings" }) })

const run = (number: number, more: Partial<CiRan> = {}) => event(number, { ...ciRanOf(status, PLACE), ...more })

describe("a run of ci in the ledger", () => {
  it("has the verdict, words and seconds of each gate, and of long lists only the first", () => {
    const [gate] = status.gates
    if (gate === undefined) throw new Error("a gate ended")
    const long = Array.from({ length: 1000 }, (_, index) => ({ ...gate, reasons: Array(1000).fill(`reason ${index}`) }))
    const what = ciRanOf({ ...status, gates: long }, PLACE)
    expect(what).toMatchObject({ verdict: status.verdict, words: status.verdictInWords, branch: "main" })
    expect(what.gates).toHaveLength(30)
    expect(what.gates[0]).toMatchObject({ name: gate.name, words: gate.words, seconds: gate.seconds })
    expect(what.gates[0]?.reasons).toHaveLength(5)
  })

  it("names the branch and the pull request as GitHub, GitLab or git knows them, and otherwise nothing", () => {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-test-place-"))
    try {
      const git = (...args: string[]) =>
        execFileSync("git", ["-C", folder, "-c", "user.name=Bo", "-c", "user.email=bo@shop.example", ...args])
      expect(placeOf(folder, {})).toEqual({ branch: null, change: null, base: null })
      git("init", "-q", "-b", "fix/price")
      expect(placeOf(folder, {})).toEqual({ branch: "fix/price", change: null, base: null })
      git("commit", "-q", "--allow-empty", "-m", "first")
      git("update-ref", "refs/remotes/origin/release/1", "HEAD")
      git("branch", "main")
      const bases = ["origin/release/1", "main", "HEAD", "HEAD~5", "--all", "."]
      expect(bases.map((base) => placeOf(folder, {}, base).base)).toEqual([
        "release/1",
        "main",
        "fix/price",
        null,
        null,
        null,
      ])
      expect(placeOf(folder, { GITHUB_HEAD_REF: "", GITHUB_REF_NAME: "main", GITHUB_REF: "refs/heads/main" })).toEqual({
        branch: "main",
        change: null,
        base: null,
      })
      const pull = { GITHUB_HEAD_REF: "feature", GITHUB_REF_NAME: "12/merge", GITHUB_REF: "refs/pull/12/merge" }
      expect(placeOf(folder, { ...pull, GITHUB_BASE_REF: "main" }, "origin/other")).toEqual({
        branch: "feature",
        change: "12",
        base: "main",
      })
      const merge = { CI_COMMIT_REF_NAME: "fix", CI_MERGE_REQUEST_IID: "7" }
      expect(placeOf(folder, { ...merge, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" })).toEqual({
        branch: "fix",
        change: "7",
        base: "main",
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe("the page of the pipeline", () => {
  it("shows of each branch, and of each app, the newest run and the ones before", () => {
    const branches = branchesOf([
      run(5, { branch: "fix" }),
      run(4),
      run(3, { app: "other" }),
      run(2, { verdict: "passed" }),
      run(1, { branch: null }),
    ])
    expect(branches.map(({ name, latest, runs }) => [name, latest.number, runs.map(({ number }) => number)])).toEqual([
      ["fix", 5, [5]],
      ["main", 4, [4, 2]],
      ["main", 3, [3]],
      [null, 1, [1]],
    ])
    const { source } = pipelineView(branches, () => null, [], clock).main
    expect(source).toContain("branch not known")
    expect(source).toContain("Duration of the last 2 runs of main, 1 not passed")
    expect(source).toContain('href="/pipeline/4"')
  })

  it("says how a run is recorded when there is none", () => {
    expect(pipelineView([], () => null, [], clock).main.source).toContain("tollgate ci --ledger=")
  })

  it("escapes whatever a branch, a commit or a gate is called", () => {
    const [gate] = ciRanOf(status, PLACE).gates
    if (gate === undefined) throw new Error("a gate ended")
    const hostile = (number: number, verdict: "passed" | "failed") =>
      run(number, {
        ...{ branch: XSS, change: XSS, base: XSS, revision: XSS, app: XSS, source: XSS, words: XSS },
        gates: [
          {
            ...{ ...gate, name: XSS, words: XSS, reasons: [XSS], figures: [{ name: XSS, value: 1, before: 2 }] },
            suites: [{ name: XSS, verdict, tests: 1, failed: 1, failedTests: [XSS], seconds: 1, cached: false }],
          },
        ],
      })
    const branches = branchesOf([hostile(2, "passed"), hostile(1, "failed")])
    const pages = [pipelineView(branches, () => null, [], clock), ...branches.map((one) => ciRunView(one, [], clock))]
    expect(pages.map(({ main }) => main.source).join("")).toContain("flaky</span>")
    for (const { main } of pages) {
      expect(main.source).not.toMatch(/<img|<script|"[^"<>]*onerror="/)
      expect(main.source).toContain("&lt;img src=x")
    }
  })
})
