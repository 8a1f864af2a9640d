import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { proveSource } from "../../core/qa/prove.js"
import { isProven } from "../../core/qa/result.js"
import type { QaRun } from "../../core/qa/run.js"
import { codesOf, reasonsOf } from "./service.js"
import { useEngine } from "./session.js"

useEngine()

const QUIET = "  services: { postgres: false, redis: false }\n  timeout: 120s\n"

/** A service of a few files, as teams lay them out who are not ours. */
function prove(files: Record<string, string>, suites: string[] = []): Promise<QaRun> {
  const all = { "requirements.txt": "pytest==8.4.2\npytest-xdist==3.8.0\n", ...files }
  const source = Object.entries(all).reduce((folder, [path, text]) => folder.withNewFile(path, text), dag.directory())
  return proveSource(source, { suites, run: "", secrets: undefined })
}

const counts = (run: QaRun) => run.result.suites.map(({ suite, counts: { tests, passed } }) => [suite, tests, passed])

test.concurrent("without a runner pytest runs the files, folders and patterns of each suite, unittest's tests as well, and names the files of no suite", async () => {
  const run = await prove({
    "requirements.txt": "idna==3.10\n",
    "shop/__init__.py": "def fee(amount):\n    return amount // 100\n",
    "tests/api/test_fee.py": "from shop import fee\n\ndef test_fee():\n    assert fee(500) == 5\n",
    "tests/api/fee_test.py":
      "import unittest\nfrom shop import fee\n\nclass Fee(unittest.TestCase):\n    def test_none(self):\n        self.assertEqual(fee(0), 0)\n",
    "tests/web/test_cart.py": "def test_cart():\n    pass\n",
    "tests/web/test_page.py": "def test_page():\n    pass\n",
    "tests/test_forgotten.py": "def test_no():\n    assert False\n",
    "tollgate.yaml": `qa:\n${QUIET}  suites:\n    api: { files: [tests/api] }\n    web: { files: ["tests/web/test_[cp]*.py"] }\n`,
  })
  expect(reasonsOf(run)).toEqual([])
  expect(counts(run)).toEqual([
    ["api", 2, 2],
    ["web", 2, 2],
  ])
  expect(run.result.unlisted).toEqual(["tests/test_forgotten.py"])
})

test.concurrent("a folder or a pattern without a test file fails the suite, and a suite's own command replaces the runner", async () => {
  const run = await prove(
    {
      "tests/test_a.py": "import os\n\ndef test_a():\n    assert os.environ['WHICH'] == 'a'\n",
      "tests/e2e/readme.md": "none yet\n",
      "tollgate.yaml": `qa:\n${QUIET}  suites:\n    a: { files: [tests/test_a.py], command: "WHICH=\${NONE}a python -m pytest {files} -k {suite}" }\n    e2e: { files: [tests/e2e, tests/test_a.py] }\n`,
    },
    ["a"],
  )
  expect(reasonsOf(run)).toEqual([])
  const other = await prove({
    "tests/test_a.py": "def test_a():\n    pass\n",
    "tests/e2e/readme.md": "none yet\n",
    "tollgate.yaml": `qa:\n${QUIET}  suites:\n    e2e: { files: [tests/e2e, tests/test_a.py, "tests/x_*.py"] }\n`,
  })
  expect(reasonsOf(other).map(({ code, message }) => [code, message.split(" ", 1)[0]])).toEqual([
    ["file-missing", "tests/e2e"],
    ["file-missing", "tests/x_*.py"],
  ])
})

test.concurrent("pytest's configuration in a folder of its own, where node ids lose their files, by itself and with xdist", async () => {
  const run = await prove({
    "ci/pytest.ini": "[pytest]\npythonpath = ..\n",
    "shop/__init__.py": "",
    "tests/test_one.py": "def test_same():\n    pass\n\ndef test_one():\n    pass\n",
    "tests/deep/test_two.py": "def test_same():\n    pass\n",
    "tollgate.yaml": `qa:\n${QUIET}  arguments: [-c, ci/pytest.ini]\n  suites:\n    plain: { files: [tests/test_one.py, tests/deep/test_two.py] }\n    spread: { files: [tests/test_one.py, tests/deep/test_two.py], command: "python -m pytest -n 2 -c ci/pytest.ini {files}" }\n    folder: { files: [tests/deep/test_two.py], command: "python -m pytest -c ci/pytest.ini tests/deep" }\n`,
  })
  expect(reasonsOf(run)).toEqual([])
  expect(counts(run)).toEqual([
    ["plain", 3, 3],
    ["spread", 3, 3],
    ["folder", 1, 1],
  ])
})

test.concurrent("a failing session that a test starts outside of the app is that test's business, one inside of it is not", async () => {
  const session = (folder: string) =>
    `import pathlib, subprocess, sys\n\ndef test_reports(tmp_path):\n    folder = ${folder}\n    (folder / "test_inner.py").write_text("def test_no():\\n    assert 1 == 2\\n")\n    ended = subprocess.run([sys.executable, "-m", "pytest", "-q", "test_inner.py"], cwd=folder)\n    assert ended.returncode == 1\n`
  const run = await prove({
    "tests/test_outside.py": session("tmp_path"),
    "tests/test_within.py": session("pathlib.Path('tests')"),
    "tollgate.yaml": `qa:\n${QUIET}  suites:\n    outside: { files: [tests/test_outside.py] }\n    within: { files: [tests/test_within.py] }\n`,
  })
  expect(reasonsOf(run)).toMatchObject([{ suite: "within", code: "test-failed", file: "tests/test_inner.py" }])
  expect(run.result.suites[0]).toMatchObject({ verdict: { kind: "passed" }, counts: { tests: 1 } })
})

test.concurrent("a server in another folder, and one with an environment of its own, count for coverage", async () => {
  const server =
    "import sys\n\ndef fee(amount):\n    if amount < 1000:\n        return 5\n    return amount // 100\n\nprint(fee(int(sys.argv[1])))\n"
  const run = await prove({
    "app/api.py": server,
    "tests/test_api.py":
      "import os, subprocess, sys\n\ndef test_both():\n    asked = lambda amount, **more: subprocess.check_output([sys.executable, more.pop('path'), amount], **more)\n    assert asked('500', path='api.py', cwd='app') == b'5\\n'\n    assert asked('2000', path='app/api.py', env={'PATH': os.environ['PATH']}) == b'20\\n'\n    assert 'COVERAGE_PROCESS_START' not in subprocess.check_output(['env'], env={}).decode()\n",
    "tollgate.yaml": `qa:\n${QUIET}  suites:\n    api: { files: [tests/test_api.py] }\n  coverage: { source: [app], threshold: 100 }\n`,
  })
  expect(reasonsOf(run)).toEqual([])
  expect(run.result.coverage).toMatchObject({ kind: "passed", percent: 100 })
})

test.concurrent("what a thread, a task or a coroutine left unhandled fails the suite that pytest passes, unless the test may", async () => {
  const tests = `import asyncio, gc, threading

async def pay():
    assert 1 == 500

def test_thread():
    def deliver():
        assert 1000 == 500
    thread = threading.Thread(target=deliver, name="webhook")
    thread.start()
    thread.join()

def test_task():
    async def main():
        asyncio.ensure_future(pay())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    asyncio.run(main())
    gc.collect()

def test_await():
    pay()
    gc.collect()

def test_handled():
    def main():
        try:
            raise ValueError("expected")
        except ValueError:
            pass
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()

def test_meant():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
`
  const run = await prove({
    "tests/test_hooks.py": tests,
    "tollgate.yaml": `qa:\n${QUIET}  suites:\n    hooks: { files: [tests/test_hooks.py], mayLeaveUnhandled: ["tests/test_hooks.py::test_meant"] }\n`,
  })
  expect(
    reasonsOf(run).map(({ code, line, test, message }) => [code, line, test?.split("::")[1], message.split(". ")[0]]),
  ).toEqual([
    ["unhandled-exception", 8, "test_thread", "AssertionError: assert 1000 == 500 in the thread webhook"],
    [
      "unhandled-exception",
      4,
      "test_task",
      expect.stringMatching(
        /^AssertionError: assert 1 == 500 in the asyncio task Task-\d+, whose result was never read$/,
      ),
    ],
    [
      "unhandled-exception",
      22,
      "test_await",
      "coroutine 'pay' was never awaited: an await is missing, and what it would have checked did not run",
    ],
  ])
  expect(run.result.suites[0]?.disagreement).toContain("the runner exited 0")
})

test.concurrent("tests that a marker leaves out are named whole, with the line that allows them", async () => {
  const run = await prove({
    "pytest.ini": '[pytest]\naddopts = -m "not slow"\nmarkers = slow\n',
    "tests/test_pay.py": `import pytest\n\ndef test_fast():\n    pass\n\n${[1, 2, 3, 4, 5].map((n) => `@pytest.mark.slow\ndef test_slow_${n}():\n    pass\n`).join("\n")}`,
    "tollgate.yaml": `qa:\n${QUIET}  suites:\n    pay: { files: [tests/test_pay.py] }\n`,
  })
  expect(codesOf(run)).toEqual(["deselected"])
  const ids = [1, 2, 3, 4, 5].map((n) => `"tests/test_pay.py::test_slow_${n}"`).join(", ")
  expect(reasonsOf(run)[0]?.message).toContain(`allow it: qa.suites.pay.mayDeselect: [${ids}]`)
  expect(isProven(run.result)).toBe(false)
})
