import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { placeOf } from "../../cli/ci/place.js"
import { branchesOf, ciRunOf } from "../../core/dashboard/model/pipeline.js"
import { ciRunView, pipelineView } from "../../core/dashboard/view/pipeline.js"
import { type CiRan, ciRanOf } from "../../core/ledger/ci-ran.js"
import { XSS } from "../release/dashboard-samples.js"
import { aStatus, ended } from "./ci-samples.js"
import { event } from "./request-samples.js"

const clock = { zone: "UTC" }
const PLACE = { branch: "main", change: null }
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
      expect(placeOf(folder, {})).toEqual({ branch: null, change: null })
      execFileSync("git", ["init", "-q", "-b", "fix/price", folder])
      expect(placeOf(folder, {})).toEqual({ branch: "fix/price", change: null })
      expect(placeOf(folder, { GITHUB_HEAD_REF: "", GITHUB_REF_NAME: "main", GITHUB_REF: "refs/heads/main" })).toEqual({
        branch: "main",
        change: null,
      })
      expect(
        placeOf(folder, { GITHUB_HEAD_REF: "feature", GITHUB_REF_NAME: "12/merge", GITHUB_REF: "refs/pull/12/merge" }),
      ).toEqual({ branch: "feature", change: "12" })
      expect(placeOf(folder, { CI_COMMIT_REF_NAME: "fix", CI_MERGE_REQUEST_IID: "7" })).toEqual({
        branch: "fix",
        change: "7",
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
    const { source } = pipelineView(branches, clock).main
    expect(source).toContain("branch not known")
    expect(source).toContain("Duration of the last 2 runs of main, 1 not passed")
    expect(source).toContain('href="/pipeline/4"')
  })

  it("says how a run is recorded when there is none", () => {
    expect(pipelineView([], clock).main.source).toContain("tollgate ci --ledger=")
  })

  it("escapes whatever a branch, a commit or a gate is called", () => {
    const [gate] = ciRanOf(status, PLACE).gates
    if (gate === undefined) throw new Error("a gate ended")
    const hostile = run(1, {
      ...{ branch: XSS, change: XSS, revision: XSS, app: XSS, source: XSS, words: XSS },
      gates: [{ ...gate, name: XSS, words: XSS, reasons: [XSS], figures: [{ name: XSS, value: 1, before: 2 }] }],
    })
    const pages = [pipelineView(branchesOf([hostile]), clock), ...ciRunOf(hostile).map((one) => ciRunView(one, clock))]
    for (const { main } of pages) {
      expect(main.source).not.toMatch(/<img|<script|"[^"<>]*onerror="/)
      expect(main.source).toContain("&lt;img src=x")
    }
  })
})
