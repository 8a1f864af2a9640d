import { describe, expect, test } from "vitest"
import { isProven } from "../../core/qa/result.js"
import type { QaRun } from "../../core/qa/run.js"
import { codesOf, prove, reasonsOf } from "./service.js"
import { useEngine } from "./session.js"

useEngine()

function suite(run: QaRun, name: string) {
  const found = run.result.suites.find((one) => one.suite === name)
  if (found === undefined) throw new Error(`${name} did not run`)
  return found
}

test("a service whose suites all ran and passed is proven, with its tests counted and its coverage measured", async () => {
  const run = await prove({})
  expect(isProven(run.result)).toBe(true)
  expect(run.result.suites.map(({ suite, counts }) => [suite, counts.tests, counts.passed])).toEqual([
    ["e2e", 4, 4],
    ["webhook", 3, 3],
  ])
  expect(run.result.coverage).toMatchObject({ kind: "passed", percent: 100 })
})

describe.concurrent("the gate refuses, naming suite, file and reason,", () => {
  test("a listed file that is missing", async () => {
    const run = await prove({ "tests/test_rules.py": null }, ["e2e"])
    expect(reasonsOf(run)).toMatchObject([{ suite: "e2e", file: "tests/test_rules.py", code: "file-missing" }])
    expect(suite(run, "e2e").disagreement).toContain("the runner exited 0")
  })

  test("a file with no tests", async () => {
    const run = await prove(
      {
        "tests/test_rules.py": "from app.money import refund\n\n\ndef check_refund():\n    assert refund(5, 2) == 3\n",
      },
      ["e2e"],
    )
    expect(reasonsOf(run)).toMatchObject([{ suite: "e2e", file: "tests/test_rules.py", code: "file-empty" }])
  })

  test("an import error, while the runner exits 0", async () => {
    const run = await prove({ "tests/test_rules.py": (text) => `import stripe_of_last_year\n${text}` }, ["e2e"])
    expect(reasonsOf(run)[0]).toMatchObject({ suite: "e2e", file: "tests/test_rules.py", code: "collection-error" })
    expect(reasonsOf(run)[0]?.message).toContain("No module named 'stripe_of_last_year'")
    expect(suite(run, "e2e").evidence?.runner).toEqual({ kind: "exited", code: 0 })
    // the other file's tests were collected and, since pytest gave up, never ran
    expect(reasonsOf(run).slice(1)).toMatchObject([{ file: "tests/test_money.py", code: "not-run" }])
  })

  test("every test skipped", async () => {
    const run = await prove(
      {
        "tests/test_retry.py": (text) =>
          text.replace("import pytest\n", 'import pytest\n\npytestmark = pytest.mark.skip(reason="flaky")\n'),
      },
      ["webhook"],
    )
    expect(reasonsOf(run)).toMatchObject([{ suite: "webhook", file: "tests/test_retry.py", code: "all-skipped" }])
    expect(reasonsOf(run)[0]?.message).toContain("flaky")
  })

  test("a whole file skipped at its import", async () => {
    const skip = 'import pytest\n\npytest.skip("no sandbox today", allow_module_level=True)\n'
    const run = await prove({ "tests/test_retry.py": (text) => skip + text }, ["webhook"])
    expect(reasonsOf(run)).toMatchObject([{ file: "tests/test_retry.py", code: "all-skipped" }])
    expect(reasonsOf(run)[0]?.message).toContain("no sandbox today")
  })

  test("tests that all are expected to fail: nothing is proven by them", async () => {
    const broken = {
      "tests/test_retry.py": (text: string) =>
        text.replace("== seconds", "== -1").replace("@pytest", "@pytest.mark.xfail\n@pytest"),
    }
    expect(codesOf(await prove(broken, ["webhook"]))).toEqual(["all-skipped"])
  })

  test("a failing test while the runner exits 0", async () => {
    const run = await prove({
      "tests/test_rules.py": (text) => text.replace("== 300", "== 301"),
      "tests/run_payment_qa_tests.py": (text) => text.replace("sys.exit(1 if failed else 0)", "sys.exit(0)"),
    })
    expect(reasonsOf(run)).toMatchObject([
      {
        suite: "e2e",
        file: "tests/test_rules.py",
        line: 7,
        code: "test-failed",
        test: "tests/test_rules.py::test_a_part_can_be_refunded",
      },
    ])
    expect(reasonsOf(run)[0]?.message).toContain("assert 300 == 301")
    expect(suite(run, "e2e").disagreement).toContain("the runner exited 0")
    expect(suite(run, "webhook").verdict).toEqual({ kind: "passed" })
    expect(isProven(run.result)).toBe(false)
  })

  test("a test that fails inside a library, at the test's own line", async () => {
    const run = await prove({ "tests/test_rules.py": 'import json\n\n\ndef test_reads():\n    json.loads("{")\n' }, [
      "e2e",
    ])
    expect(reasonsOf(run)[0]).toMatchObject({
      code: "test-failed",
      file: "tests/test_rules.py",
      line: 5,
      test: "tests/test_rules.py::test_reads",
    })
  })

  test("pytest-json-report absent: pytest dies before it collects, and the runner exits 0", async () => {
    const run = await prove({ "requirements.txt": (text) => text.replace(/pytest-json-report.*\n/, "") }, ["e2e"])
    expect(codesOf(run)).toEqual(["runner-ended-early"])
    expect(reasonsOf(run)[0]?.message).toContain("unrecognized arguments: --json-report")
    expect(suite(run, "e2e").evidence?.runner).toEqual({ kind: "exited", code: 0 })
  })

  test("pytest itself absent", async () => {
    const run = await prove({ "requirements.txt": "coverage==7.17.3\n" }, ["webhook"])
    expect(codesOf(run)[0]).toBe("runner-ended-early")
    expect(reasonsOf(run)[0]?.message).toContain("No module named pytest")
  })

  test("the runner absent", async () => {
    const run = await prove({ "tests/run_payment_qa_tests.py": null }, ["e2e"])
    expect(reasonsOf(run)).toMatchObject([{ suite: "e2e", code: "runner-missing" }])
    expect(reasonsOf(run)[0]?.message).toContain("tests/run_payment_qa_tests.py")
  })

  test("a suite that the runner no longer knows", async () => {
    const run = await prove({ "tests/run_payment_qa_tests.py": (text) => text.replace('"webhook": [', '"hooks": [') }, [
      "webhook",
    ])
    expect(reasonsOf(run)[0]).toMatchObject({ suite: "webhook", code: "runner-ended-early" })
    expect(reasonsOf(run)[0]?.message).toContain("invalid choice: 'webhook'")
  })

  test("a listed file that the runner does not pass on", async () => {
    const run = await prove(
      { "tests/run_payment_qa_tests.py": (text) => text.replace(', "tests/test_rules.py"', "") },
      ["e2e"],
    )
    expect(reasonsOf(run)).toMatchObject([{ suite: "e2e", file: "tests/test_rules.py", code: "file-not-collected" }])
  })

  test("a test process killed by a signal", async () => {
    const kill =
      "\n\ndef test_the_machine_runs_out_of_memory():\n    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)\n\n\ndef test_after(): pass\n"
    const run = await prove({ "tests/test_retry.py": (text) => text + kill }, ["webhook"])
    expect(reasonsOf(run)).toMatchObject([
      {
        suite: "webhook",
        file: "tests/test_retry.py",
        code: "record-not-closed",
        test: "tests/test_retry.py::test_the_machine_runs_out_of_memory",
      },
    ])
  })

  test("os._exit(0) in the middle of a suite", async () => {
    const leave = "\n\ndef test_leaves():\n    import os\n    os._exit(0)\n\n\ndef test_after(): pass\n"
    const run = await prove({ "tests/test_money.py": (text) => text + leave }, ["e2e"])
    expect(codesOf(run)[0]).toBe("record-not-closed")
    expect(reasonsOf(run)[0]).toMatchObject({ file: "tests/test_money.py", test: "tests/test_money.py::test_leaves" })
    expect(reasonsOf(run).map(({ file }) => file)).toContain("tests/test_rules.py")
  })

  test("sys.exit(0) at import", async () => {
    const run = await prove({ "tests/test_rules.py": (text) => `import sys\n\nsys.exit(0)\n${text}` }, ["e2e"])
    expect(codesOf(run).length).toBeGreaterThan(0)
    expect(reasonsOf(run).map(({ file }) => file)).toContain("tests/test_rules.py")
    expect(suite(run, "e2e").disagreement).toContain("the runner exited 0")
  })

  test("os._exit(0) at import", async () => {
    const run = await prove({ "tests/test_rules.py": (text) => `import os\n\nos._exit(0)\n${text}` }, ["e2e"])
    expect(reasonsOf(run)[0]).toMatchObject({ code: "record-not-closed", file: "tests/test_rules.py" })
  })

  test("sys.exit(0) in a conftest", async () => {
    const run = await prove({ "tests/conftest.py": "import sys\n\nsys.exit(0)\n" }, ["webhook"])
    expect(codesOf(run).length).toBeGreaterThan(0)
  })

  test("a hang past qa.timeout, saying which test hung and where", async () => {
    // long enough for pytest to reach the test on any machine; the others run meanwhile
    const hang = "\n\ndef test_waits_for_the_provider():\n    import time\n    time.sleep(3600)\n"
    const run = await prove(
      {
        "tests/test_retry.py": (text) => text + hang,
        "tollgate.yaml": (text) => text.replace("timeout: 60s", "timeout: 45s"),
      },
      ["webhook"],
    )
    expect(reasonsOf(run)).toMatchObject([
      {
        suite: "webhook",
        code: "timed-out",
        file: "tests/test_retry.py",
        test: "tests/test_retry.py::test_waits_for_the_provider",
      },
    ])
    expect(suite(run, "webhook").evidence?.outputTail).toContain(
      'test_retry.py", line 13 in test_waits_for_the_provider',
    )
  })

  test("tests deselected by addopts in the app's own pytest.ini", async () => {
    const run = await prove({ "pytest.ini": '[pytest]\naddopts = -k "not refunded"\n' }, ["e2e"])
    expect(reasonsOf(run)).toMatchObject([{ suite: "e2e", file: "tests/test_rules.py", code: "deselected" }])
    expect(reasonsOf(run)[0]?.message).toContain("test_a_part_can_be_refunded")
  })

  test("a file ignored by addopts in the app's own pytest.ini, when the runner passes on a folder", async () => {
    const run = await prove(
      {
        "pytest.ini": "[pytest]\naddopts = --ignore=tests/test_rules.py\n",
        "tests/run_payment_qa_tests.py": (text) =>
          text.replace('"tests/test_money.py", "tests/test_rules.py"', '"tests"'),
      },
      ["e2e"],
    )
    expect(reasonsOf(run)).toMatchObject([{ suite: "e2e", file: "tests/test_rules.py", code: "file-not-collected" }])
  })

  test("tests left out because pytest stops at the first failure", async () => {
    const run = await prove(
      { "pytest.ini": "[pytest]\naddopts = -x\n", "tests/test_money.py": (text) => text.replace("== 350", "== 351") },
      ["e2e"],
    )
    expect(codesOf(run)).toContain("test-failed")
    expect(reasonsOf(run)).toContainEqual(expect.objectContaining({ code: "not-run", file: "tests/test_rules.py" }))
  })

  test("an error in a fixture's teardown", async () => {
    const fixture =
      '\n\n@pytest.fixture\ndef order():\n    yield 7\n    raise RuntimeError("the order is still locked")\n\n\ndef test_uses_an_order(order):\n    assert order == 7\n'
    const run = await prove({ "tests/test_rules.py": (text) => text + fixture }, ["e2e"])
    expect(reasonsOf(run)).toMatchObject([
      { code: "teardown-failed", file: "tests/test_rules.py", test: "tests/test_rules.py::test_uses_an_order" },
    ])
    expect(reasonsOf(run)[0]?.message).toContain("the order is still locked")
  })

  test("an error in a fixture's set-up", async () => {
    const fixture =
      '\n\n@pytest.fixture\ndef order():\n    raise RuntimeError("no database")\n\n\ndef test_uses_an_order(order):\n    assert order == 7\n'
    expect(codesOf(await prove({ "tests/test_rules.py": (text) => text + fixture }, ["e2e"]))).toEqual(["setup-failed"])
  })

  test("coverage under the threshold", async () => {
    const run = await prove({ "app/unused.py": Array.from({ length: 40 }, (_, n) => `unused_${n} = ${n}\n`).join("") })
    expect(run.result.coverage).toMatchObject({ kind: "below", threshold: 90 })
    expect(run.result.suites.map(({ verdict }) => verdict.kind)).toEqual(["passed", "passed"])
    expect(isProven(run.result)).toBe(false)
  })

  test("no coverage data at all", async () => {
    const run = await prove({
      "tests/run_payment_qa_tests.py": (text) =>
        text.replace(
          "subprocess.run(command",
          'os.environ["COVERAGE_PROCESS_START"] = os.devnull\n    subprocess.run(command',
        ),
    })
    expect(run.result.coverage).toMatchObject({ kind: "missing" })
    expect(run.result.suites.map(({ verdict }) => verdict.kind)).toEqual(["passed", "passed"])
    expect(isProven(run.result)).toBe(false)
  })

  test("no coverage data, with coverage.py's own reason", async () => {
    const run = await prove({
      "tollgate.yaml": (text) => text.replace(/coverage:\n/, "coverage:\n    concurrency: [gevent]\n"),
    })
    expect(run.result.coverage).toMatchObject({
      kind: "missing",
      why: expect.stringMatching(/concurrency=gevent.*(isn't|not) installed/),
    })
  })

  test("a command of qa.before that fails", async () => {
    const run = await prove(
      { "tollgate.yaml": (text) => text.replace("  timeout: 60s", '  timeout: 60s\n  before: ["true", "exit 4"]') },
      ["e2e"],
    )
    expect(reasonsOf(run)).toMatchObject([{ code: "before-failed" }])
    expect(reasonsOf(run)[0]?.message).toContain("`exit 4`")
  })

  test("tests that the runner's arguments leave out of a listed file", async () => {
    const one = '"tests/test_rules.py::test_a_part_can_be_refunded"'
    const exists = "os.path.exists(path.split('::')[0])"
    const run = await prove(
      {
        "tests/run_payment_qa_tests.py": (text) =>
          text.replace('"tests/test_rules.py"', one).replace("os.path.exists(path)", exists),
      },
      ["e2e"],
    )
    expect(reasonsOf(run)).toMatchObject([{ code: "deselected", file: "tests/test_rules.py" }])
    expect(reasonsOf(run)[0]?.message).toContain("test_more_than_was_paid_cannot_be_refunded")
  })

  test("a first pytest.main() that stops early, though a second one in the same process is well", async () => {
    const twice =
      'import pytest, sys\nsys.path.insert(0, ".")\npytest.main(["tests/test_money.py"])\nsys.exit(pytest.main(["tests/test_rules.py"]))\n'
    const stop =
      '\n\ndef test_enough():\n    import pytest\n    pytest.exit("enough", returncode=0)\n\n\ndef test_after(): assert False\n'
    const run = await prove({ "tests/run_payment_qa_tests.py": twice, "tests/test_money.py": (text) => text + stop }, [
      "e2e",
    ])
    expect(reasonsOf(run)).toContainEqual(expect.objectContaining({ code: "not-run", file: "tests/test_money.py" }))
  })

  test("a file of the same name in another folder that runs instead of the listed one", async () => {
    const elsewhere =
      'import subprocess, sys\nsys.exit(subprocess.run([sys.executable, "-m", "pytest", "tests/test_retry.py"], cwd="plugins").returncode)\n'
    const run = await prove(
      { "tests/run_payment_qa_tests.py": elsewhere, "plugins/tests/test_retry.py": "def test_nothing(): pass\n" },
      ["webhook"],
    )
    expect(reasonsOf(run)).toMatchObject([{ code: "file-not-collected", file: "tests/test_retry.py" }])
  })

  test("coverage that only looks enough because the runner measures its own tests as well", async () => {
    const run = await prove({
      ".coveragerc": "[run]\nsource = app, tests\n",
      "tests/run_payment_qa_tests.py": (text) =>
        text.replace('"-m", "pytest"', '"-m", "coverage", "run", "--source=app,tests", "-m", "pytest"'),
      "app/unused.py": Array.from({ length: 20 }, (_, n) => `unused_${n} = ${n}\n`).join(""),
    })
    expect(run.result.coverage).toMatchObject({ kind: "below" })
    expect(
      run.result.coverage.kind === "below" && run.result.coverage.files.every(({ file }) => file.startsWith("app/")),
    ).toBe(true)
  })

  test("a runner that starts pytest without Tollgate's plugin", async () => {
    const run = await prove(
      {
        "tests/run_payment_qa_tests.py": (text) =>
          text.replace('["-v"] if verbose else [])', '["-v"] if verbose else []), env={"PATH": os.environ["PATH"]}'),
      },
      ["e2e"],
    )
    expect(codesOf(run)[0]).toBe("runner-ended-early")
    expect(reasonsOf(run)[0]?.message).toContain("must pass on PYTEST_ADDOPTS")
  })
})

describe.concurrent("a hook of the app changes nothing about the verdict:", () => {
  const failing = { "tests/test_rules.py": (text: string) => text.replace("== 300", "== 301") }

  test("one that rewrites the exit status to 0 leaves a failing test red", async () => {
    const hook =
      "import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 0\n"
    const run = await prove({ ...failing, "tests/conftest.py": hook }, ["e2e"])
    expect(codesOf(run)).toEqual(["test-failed"])
    expect(suite(run, "e2e").evidence?.processes[0]?.exitStatus).toBe(1)
  })

  test("one that turns failed reports into passed ones leaves a failing test red", async () => {
    const hook = [
      "import pytest\n\n",
      "@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    report = outcome.get_result()\n",
      '    if report.when == "call" and call.excinfo is not None:\n        report.outcome = "passed"\n        report.longrepr = None\n',
    ].join("")
    const run = await prove({ ...failing, "tests/conftest.py": hook }, ["e2e"])
    expect(reasonsOf(run)).toMatchObject([
      { code: "canary-failed", file: "tests/conftest.py", line: 3 },
      { code: "test-failed", file: "tests/test_rules.py" },
    ])
    expect(reasonsOf(run)[1]?.message).toContain(
      "reported as passed by a plugin or a hook, but it raised AssertionError",
    )
  })

  test("one that rewrites it to 1 leaves passing tests proven", async () => {
    const hook = "def pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 1\n"
    const run = await prove({ "tests/conftest.py": hook }, ["e2e"])
    expect(suite(run, "e2e").verdict).toEqual({ kind: "passed" })
  })

  test("options of the app cannot keep Tollgate's plugin out", async () => {
    const run = await prove({ ...failing, "pytest.ini": "[pytest]\naddopts = -p no:tollgate_evidence\n" }, ["e2e"])
    expect(codesOf(run)).toEqual(["test-failed"])
  })

  test("one that empties the collection is red", async () => {
    const hook = "def pytest_collection_modifyitems(items):\n    items[:] = []\n"
    const run = await prove({ "tests/conftest.py": hook }, ["e2e"])
    expect(reasonsOf(run).slice(0, 2)).toMatchObject([
      { code: "removed-from-collection", file: "tests/test_money.py" },
      { code: "removed-from-collection", file: "tests/test_rules.py" },
    ])
  })

  test("one that empties it after everybody else is red", async () => {
    const hook =
      "import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_runtestloop(session):\n    session.items[:] = []\n"
    const run = await prove({ "tests/conftest.py": hook }, ["e2e"])
    expect(codesOf(run)).toEqual(["not-run", "not-run"])
  })
})

describe.concurrent("the gate does not refuse", () => {
  test("an app whose --cov-fail-under fails in each suite though the total is enough", async () => {
    const run = await prove({ "pytest.ini": "[pytest]\naddopts = --cov=app --cov-fail-under=95\n" })
    expect(isProven(run.result)).toBe(true)
    expect(run.result.coverage).toMatchObject({ kind: "passed", percent: 100 })
    expect(run.result.suites.map(({ evidence }) => evidence?.runner)).toEqual([
      { kind: "exited", code: 0 },
      { kind: "exited", code: 0 },
    ])
  })

  test("tests that tollgate.yaml allows to be deselected", async () => {
    const run = await prove(
      {
        "pytest.ini": '[pytest]\naddopts = -k "not a_part"\n',
        "tollgate.yaml": (text) =>
          text.replace(
            "tests/test_rules.py]",
            "tests/test_rules.py]\n      mayDeselect: ['tests/test_rules.py::test_a_part*']",
          ),
      },
      ["e2e"],
    )
    expect(suite(run, "e2e").verdict).toEqual({ kind: "passed" })
  })

  test("some skipped tests beside others that ran", async () => {
    const run = await prove(
      { "tests/test_retry.py": (text) => `${text}\n\n@pytest.mark.skip\ndef test_later(): pass\n` },
      ["webhook"],
    )
    expect(suite(run, "webhook")).toMatchObject({
      verdict: { kind: "passed" },
      counts: { tests: 4, passed: 3, skipped: 1 },
    })
  })

  test("a runner that works in the tests' own folder, where node ids are relative to", async () => {
    const inside =
      'import subprocess, sys\nsys.exit(subprocess.run([sys.executable, "-m", "pytest", "test_retry.py"], cwd="tests", env={**__import__("os").environ, "PYTHONPATH": "..:" + __import__("os").environ["PYTHONPATH"]}).returncode)\n'
    const run = await prove({ "tests/run_payment_qa_tests.py": inside, "tests/pytest.ini": "[pytest]\n" }, ["webhook"])
    expect(suite(run, "webhook")).toMatchObject({ verdict: { kind: "passed" }, counts: { passed: 3 } })
  })

  test("a test that pytest-rerunfailures had to run twice, and says how often", async () => {
    const flaky =
      "\n\ndef test_second_time_lucky():\n    import os\n    if not os.path.exists('/tmp/once'):\n        open('/tmp/once', 'w').close()\n        assert False\n"
    const run = await prove(
      {
        "requirements.txt": (text) => `${text}pytest-rerunfailures==16.1\n`,
        "pytest.ini": "[pytest]\naddopts = --reruns 1\n",
        "tests/test_retry.py": (text) => text + flaky,
      },
      ["webhook"],
    )
    expect(suite(run, "webhook").verdict).toEqual({ kind: "passed" })
    expect(suite(run, "webhook").tests.map(({ reruns }) => reruns)).toEqual([0, 0, 0, 1])
  })

  test("pytest-xdist, whose workers collect and whose controller reports", async () => {
    const run = await prove({
      "requirements.txt": (text) => `${text}pytest-xdist==3.8.0\n`,
      "pytest.ini": "[pytest]\naddopts = -n 2\n",
    })
    expect(isProven(run.result)).toBe(true)
    expect(run.result.suites.map(({ counts }) => counts.passed)).toEqual([4, 3])
  })
})

test("a run of some suites proves only those, and asks no coverage of them", async () => {
  const run = await prove({}, ["webhook"])
  expect(run.result.notRun).toEqual(["e2e"])
  expect(run.result.coverage.kind).toBe("partial")
})
