import { type Directory, dag } from "@dagger.io/dagger"
import { beforeAll, describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { proveSource } from "../../../core/qa/prove.js"
import type { QaRun } from "../../../core/qa/run.js"
import { useEngine } from "../session.js"
import { attacks, filesOf, honest, MONEY } from "./evidence-attacks.js"

useEngine()

/** One app, in which each attack is a suite. */
function app(): Directory {
  const suites = Object.fromEntries(
    [...attacks, ...honest].map(({ name, command, settings }) => [
      name,
      { files: [`tests/${name}/test_refund.py`], ...(command === undefined ? {} : { command }), ...settings },
    ]),
  )
  const requirements = ["pytest==8.4.2", "pytest-xdist==3.8.0", "pytest-asyncio==1.5.0", "pytest-rerunfailures==16.7"]
  const files = {
    "tollgate.yaml": stringify({
      app: { dependencies: { files: ["requirements.txt"] } },
      qa: { services: { postgres: false, redis: false }, arguments: ["-q"], timeout: "5m", suites },
    }),
    "requirements.txt": `${[...requirements, "pytest-randomly==5.1.0", "pytest-subtests==0.15.0"].join("\n")}\n`,
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "app/__init__.py": "",
    "app/money.py": MONEY,
    ...Object.assign({}, ...[...attacks, ...honest].map(filesOf)),
  }
  return Object.entries(files).reduce((folder, [path, text]) => folder.withNewFile(path, String(text)), dag.directory())
}

let run: QaRun
beforeAll(async () => {
  run = await proveSource(app(), { suites: [], run: "", secrets: undefined })
})

function reasonsOf(name: string) {
  const verdict = run.result.suites.find(({ suite }) => suite === name)?.verdict
  return verdict?.kind === "failed" ? verdict.reasons : []
}

describe("evidence cannot be falsified in a suite's container by", () => {
  test.each(attacks)("$name", ({ name, codes, says }) => {
    const reasons = reasonsOf(name)
    expect([...new Set(reasons.map(({ code }) => code))].sort()).toEqual([...codes].sort())
    expect(reasons.map(({ message }) => message).join("\n")).toContain(says ?? "")
  })

  test.each(honest)("nothing in an honest suite, which passes: $name", ({ name }) => {
    expect(reasonsOf(name)).toEqual([])
    expect(run.result.suites.find(({ suite }) => suite === name)?.verdict.kind).toBe("passed")
  })
})
