import { spawn, spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { suiteEvidence } from "../../core/qa/evidence.js"
import type { Reason } from "../../core/qa/result.js"
import { commandOf } from "../../core/qa/suite-command.js"
import { judgeSuite } from "../../core/qa/verdict.js"
import { type Attack, attacks, filesOf, honest, MONEY } from "../engine/attacks/evidence-attacks.js"

/**
 * The recorder by itself, with a pytest of this machine: seconds instead of containers, and any version of Python and pytest
 * (TOLLGATE_TEST_PYTHON). The same attacks run in containers in test/engine/attacks.
 */
const PYTHON = process.env.TOLLGATE_TEST_PYTHON ?? "python3"
const TOOLS = fileURLToPath(new URL("../../core/qa/python", import.meta.url))

const imports = (...modules: string[]) => spawnSync(PYTHON, ["-c", `import ${modules.join(", ")}`]).status === 0
const hasPytest = imports("pytest")
const able = ({ needs }: Attack) => needs === undefined || imports(...needs.split(" "))

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-attacks-"))
  // a copy: an attack changes it
  cpSync(TOOLS, join(folder, "tools"), { recursive: true, filter: (path) => !path.endsWith("__pycache__") })
  const files = { "app/__init__.py": "", "app/money.py": MONEY, "pytest.ini": "[pytest]\n" }
  for (const [path, text] of Object.entries(Object.assign(files, ...[...attacks, ...honest].map(filesOf)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), String(text))
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

async function reasonsOf(suite: Attack): Promise<Reason[]> {
  const out = mkdtempSync(join(tmpdir(), "tollgate-evidence-"))
  const files = [`tests/${suite.name}/test_refund.py`]
  const command = suite.command?.replace(/^python /, `${PYTHON} `) ?? null
  const qa = { runner: null, interpreter: PYTHON, suiteFlag: "--suite", arguments: [] }
  const specification = {
    suite: suite.name,
    files,
    runner: null,
    command: commandOf(suite.name, { command }, files, qa),
    workdir: ".",
    timeout: 120,
    before: [],
    artifacts: [],
    coverageSettings: null,
  }
  writeFileSync(join(out, "suite.json"), JSON.stringify(specification))
  const driver = spawn(PYTHON, [join(folder, "tools/tollgate_suite.py"), join(out, "suite.json"), out], {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: "ignore",
  })
  expect(await new Promise((ended) => driver.once("close", ended))).toBe(0)
  const evidence = suiteEvidence.parse(JSON.parse(readFileSync(join(out, "evidence.json"), "utf8")))
  rmSync(out, { recursive: true })
  const may = { mayDeselect: [], mayLeaveUnhandled: [], mayReturn: [], mayFail: null, maxSkipped: null }
  const verdict = judgeSuite({ suite: suite.name, files, unmatched: [], ...may, ...suite.settings }, evidence)
  return verdict.kind === "failed" ? verdict.reasons : []
}

describe.skipIf(!hasPytest)("the recorder", () => {
  it.each(attacks.filter(able))("is not fooled: $name", async (suite) => {
    const reasons = await reasonsOf(suite)
    expect([...new Set(reasons.map(({ code }) => code))].sort(), JSON.stringify(reasons, null, 1)).toEqual(
      [...suite.codes].sort(),
    )
    expect(reasons.map(({ message }) => message).join("\n")).toContain(suite.says ?? "")
  })

  it.each(honest.filter(able))("accuses no honest suite: $name", async (suite) => {
    expect(await reasonsOf(suite)).toEqual([])
  })
})
