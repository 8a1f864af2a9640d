import { type Directory, dag } from "@dagger.io/dagger"
import { beforeAll, describe, expect, it } from "vitest"
import { ciReport } from "../../core/ci/folder.js"
import { type CiRun, runCi } from "../../core/ci/run.js"
import { readStatus } from "../../core/ci/status.js"
import { noStamp } from "../../core/image/stamp.js"
import { ciComment, ciVerdict } from "../../core/module/ci.js"
import { PRICE, TESTED } from "./price.js"
import { useEngine } from "./session.js"
import { type Changes, shop } from "./shop.js"

useEngine()

const SETTINGS = `qa:
  services: { postgres: false, redis: false }
  suites:
    unit: { files: [tests/test_shop.py] }
  coverage: { source: [shop], threshold: 0, patch: { threshold: 80, fewestLines: 3 } }
image:
  maxSize: 400MB
paths:
  image: ["shop/serve.py", Dockerfile]
  scan: ["gone/*.txt"]
`
const before: Changes = { "tollgate.yaml": SETTINGS, "gone/list.txt": "old\n" }

function ci(source: Directory, base: Directory, more: { failFast?: boolean; baseline?: Directory } = {}) {
  return runCi({
    source,
    base,
    whyNoBase: "",
    baseline: more.baseline,
    usual: new Map(),
    failFast: more.failFast ?? false,
    secrets: undefined,
    stamp: noStamp,
  })
}

const verdicts = ({ status }: CiRun) => Object.fromEntries(status.gates.map(({ name, verdict }) => [name, verdict]))

describe("ci for a change of one module, whose test misses half of it", () => {
  let run: CiRun
  let report: Directory
  beforeAll(async () => {
    const source = shop({ ...before, "shop/price.py": PRICE, "tests/test_shop.py": TESTED })
    run = await ci(source, shop({ ...before }))
    report = await ciReport(run, { key: "shop", url: "", comment: "always" })
  })

  it("runs the suites, names the changed lines that none of them runs, and leaves out what the change cannot touch", () => {
    expect(verdicts(run)).toEqual({
      config: "passed",
      test: "passed",
      "patch-coverage": "failed",
      image: "skipped",
      scan: "skipped",
      migrations: "skipped",
      load: "skipped",
    })
    const patch = run.status.gates.find(({ name }) => name === "patch-coverage")
    expect(patch).toMatchObject({
      words: "50.00 % of 6 changed lines is below 80 %",
      reasons: ["shop/price.py: no suite runs lines 4–6"],
    })
    expect(run.status.changed).toBe(2)
    expect(run.status.verdictInWords).toBe(
      "FAILED: 1 of 7 gates: patch-coverage; not run: image, scan, migrations, load",
    )
  })

  it("writes one folder with every report, from which the verdict and the comment are made again", async () => {
    const names = await report.glob("**")
    for (const name of [
      "index.html",
      "junit.xml",
      "summary.md",
      "pr-comment.md",
      "ctrf.json",
      "gl-code-quality.json",
      "test/report.html",
    ])
      expect(names).toContain(name)
    expect(names).toContain("patch-coverage/report.html")
    expect(readStatus(await report.file("status.json").contents(), "x")).toEqual(run.status)
    await expect(ciVerdict(report)).rejects.toThrow(/FAILED: 1 of 7 gates: patch-coverage/)
    const comment = await (await ciComment(report, { key: "shop", url: "" })).contents()
    expect(comment).toBe(await report.file("pr-comment.md").contents())
  })
})

// a load test waits for every other gate: which of them is faster decides nothing here
const LOAD = `${SETTINGS.replace("gone/*.txt", "none/*.txt")}  load: ["gone/*.txt"]
load:
  scenarios:
    orders: { path: /orders, rate: 5/s, duration: 1s, checks: { answer: { json: status, equals: ok } }, thresholds: { p50: 3s } }
`

it("a removed folder touches the gate of its files, and a failed gate ends the run under --fail-fast", async () => {
  const source = shop({ "tollgate.yaml": LOAD, "tests/test_shop.py": "def test_red():\n    assert 1 == 2\n" })
  const run = await ci(source, shop({ ...before, "tollgate.yaml": LOAD }), { failFast: true })
  expect(run.status.changed).toBe(2)
  const load = run.status.gates.find(({ name }) => name === "load")
  expect(load?.words).toBe("stopped, because test did not pass (--fail-fast)")
  expect(verdicts(run)).toMatchObject({ test: "failed", image: "skipped", scan: "skipped" })
})

it("an unknown base is named, and leaves out the comparison alone", async () => {
  const source = dag.directory().withNewFile("tollgate.yaml", SETTINGS)
  const run = await runCi({
    source,
    base: undefined,
    whyNoBase: "git knows no revision main here",
    baseline: undefined,
    usual: new Map(),
    failFast: false,
    secrets: undefined,
    stamp: noStamp,
  })
  // tollgate.yaml lists a file that is not there
  expect(verdicts(run)["config"]).toBe("failed")
  const patch = run.status.gates.find(({ name }) => name === "patch-coverage")
  expect(patch?.words).toBe("no base to compare with: git knows no revision main here")
})
