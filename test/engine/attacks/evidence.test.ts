import { type Directory, dag } from "@dagger.io/dagger"
import { beforeAll, describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { proveSource } from "../../../core/qa/prove.js"
import type { QaRun } from "../../../core/qa/run.js"
import { useEngine } from "../session.js"
import { type Attack, attacks, filesOf, honest, MONEY } from "./evidence-attacks.js"

useEngine()

/** Opens the memory of the driver, where the records are; a test on the host could not say whether a container may. */
const PEEKS: Attack = {
  name: "peeks",
  files: {
    "test_refund.py": "def test_refund():\n    pass\n",
    "peek.py": [
      "import glob",
      'for path in glob.glob("/proc/[0-9]*/cmdline"):',
      // the container's first process has the command among its own arguments
      '    if b"tollgate_suite.py" in b"".join(open(path, "rb").read().split(b"\\0")[1:2]):',
      "        try:",
      '            open(path.replace("cmdline", "mem"), "rb")',
      '            print("the driver is open")',
      "        except PermissionError:",
      '            print("the driver is closed")',
      "",
    ].join("\n"),
  },
  command: "python -m pytest {files} && python tests/peeks/peek.py",
  codes: [],
}
const all = [...attacks, ...honest, PEEKS]

/** One app, in which each attack is a suite. */
function app(): Directory {
  const suites = Object.fromEntries(
    all.map(({ name, command, settings }) => [
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
    ...Object.assign({}, ...all.map(filesOf)),
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

  test("looking into the memory of the driver", () => {
    const said = run.result.suites.find(({ suite }) => suite === PEEKS.name)?.evidence?.outputTail
    expect(said).toContain("the driver is closed")
    expect(said).not.toContain("the driver is open")
  })

  test.each(honest)("nothing in an honest suite, which passes: $name", ({ name }) => {
    expect(reasonsOf(name)).toEqual([])
    expect(run.result.suites.find(({ suite }) => suite === name)?.verdict.kind).toBe("passed")
  })
})
