import { describe, expect, it } from "vitest"
import { ciRunOf } from "../../core/dashboard/model/ci-run.js"
import { environmentChecks } from "../../core/dashboard/model/environment-checks.js"
import { branchesOf } from "../../core/dashboard/model/pipeline.js"
import { reportLink } from "../../core/dashboard/model/report-links.js"
import type { CiSuite } from "../../core/dashboard/model/suites.js"
import { ciRunView } from "../../core/dashboard/view/ci-run.js"
import { pipelineView } from "../../core/dashboard/view/pipeline.js"
import { ciRanOf } from "../../core/ledger/ci-ran.js"
import { releasesOf } from "../../core/ledger/fold.js"
import type { ListedFile } from "../../core/ledger/report.js"
import { html } from "../../core/report/html.js"
import { XSS } from "../release/dashboard-samples.js"
import { started } from "../release/ledger-samples.js"
import { aStatus, ended } from "./ci-samples.js"
import { aFailedTest, aResult, aSuite, aTest } from "./qa-result-samples.js"
import { event } from "./request-samples.js"

const clock = { zone: "UTC" }
const ID = "00000000-0000-4000-8000-000000000001"
const suite = (name: string, verdict: "passed" | "failed"): CiSuite => ({
  ...{ name, verdict, tests: 1, failed: 0, failedTests: [], seconds: 1, cached: false },
})
const status = aStatus({
  test: ended({
    verdict: "failed",
    suites: [suite("e2e", "failed"), suite("webhook", "passed")],
    figures: [{ name: "coverage", value: 98 }],
  }),
})
const report = { id: ID, sha256: "a", files: 3, bytes: 10, leftOut: 2 }
const run = event(7, ciRanOf(status, { branch: "main", change: null, base: null }, report))
const files: ListedFile[] = ["index.html", "test/report.html", "scan/report.html", 'test/a b&"<.txt'].map((path) => ({
  path,
  sha256: "b",
  bytes: 2000,
}))
const kept = new Map([[ID, new Set(files.map(({ path }) => path))]])
const linksOf = (source: string) => [...source.matchAll(/href="(\/reports\/[^"]*)"/g)].map(([, href = ""]) => href)
const branches = branchesOf([run])
const [branch] = branches
if (branch === undefined) throw new Error("it has a run")

describe("the pages of the pipeline", () => {
  it("link each gate, suite and figure to its place in the report, where the ledger keeps it", () => {
    const expected = [
      "/reports/7/test/report.html#why",
      "/reports/7/test/report.html#why-e2e",
      "/reports/7/test/report.html#suite-webhook",
      "/reports/7/test/report.html#coverage",
      "/reports/7/scan/report.html",
    ]
    const overview = linksOf(pipelineView(branches, reportLink(kept), [], clock).main.source)
    expect(overview).toEqual(expect.arrayContaining([...expected, "/reports/7/index.html"]))
    const page = ciRunView(branch, files, clock).main.source
    expect(linksOf(page)).toEqual(expect.arrayContaining(expected))
    expect(linksOf(page)).toContain("/reports/7/test/a%20b%26%22%3C.txt")
    expect(page).toContain("2 files over a limit left out")
    // of a gate whose report was left out there is none
    expect([...overview, ...linksOf(page)].filter((link) => link.includes("/image/"))).toEqual([])
  })

  it("link to nothing, and say why, when the report is not kept or was not stored", () => {
    expect(linksOf(pipelineView(branches, reportLink(new Map()), [], clock).main.source)).toEqual([])
    const gone = ciRunView(branch, [], clock).main.source
    expect(linksOf(gone)).toEqual([])
    expect(gone).toContain("no longer kept")
    const [without] = branchesOf([event(8, ciRanOf(status, { branch: "main", change: null, base: null }))])
    if (without === undefined) throw new Error("it has a run")
    expect(ciRunView(without, files, clock).main.source).toContain("It was not stored")
    expect(ciRunOf(run)).toMatchObject([{ report: { id: ID } }])
  })
})

it("the report of the suites has the places that the pages link to", () => {
  const failed = aFailedTest("tests/test_pay.py::test_card", "1 == 2")
  const page = html(
    aResult([
      aSuite("e2e", { tests: [failed], reasons: [{ code: "test-failed", test: failed.id, message: "1 == 2" }] }),
      aSuite("webhook", { tests: [aTest("tests/test_hook.py::test_ok")] }),
    ]),
  )
  for (const id of ["why", "why-e2e", "suite-e2e", "suite-webhook", "coverage", "tests"])
    expect(page.split(`id="${id}"`), id).toHaveLength(2)
})

it("the gates of deployments show how each ended last, and before, and nothing while one runs", () => {
  const release = (id: string, ecpay: "done" | "failed" | "running" | null) => ({
    ...recordOf(id),
    steps:
      ecpay === null
        ? []
        : [{ name: "ecpay", outcome: ecpay, startedAt: "2026-11-27T09:00:00Z", seconds: 1, note: XSS }],
  })
  const of = (...releases: ReturnType<typeof release>[]) => environmentChecks(releases)
  expect(of(release("r3", "running"), release("r2", "failed"), release("r1", "done"))).toMatchObject([
    { step: "ecpay", release: "r2", latest: { outcome: "failed" }, before: "done" },
  ])
  expect(of(release("r1", null))).toEqual([])
  const checks = of(release("r2", "failed"), release("r1", "done"))
  const { source } = pipelineView([], () => null, [{ environment: XSS, checks }], clock).main
  expect(source).toContain("before: passed")
  expect(source).not.toMatch(/<img|<script/)
})

function recordOf(id: string) {
  const [record] = releasesOf([event(1, started(), { release: id })], null)
  if (record === undefined) throw new Error("a release was started")
  return record
}
