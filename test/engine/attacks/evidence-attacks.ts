import type { ReasonCode } from "../../../core/qa/result.js"

/** A suite that tries to pass though its app is wrong, or an honest one. */
export interface Attack {
  name: string
  /** Beside `test_refund.py`, in a folder of its own. */
  files: Record<string, string>
  /** Shell command instead of `python -m pytest FILES`; `{files}` is filled in. */
  command?: string
  /** More settings of the suite. */
  settings?: Record<string, unknown>
  /** Packages that it needs besides pytest. */
  needs?: string
  /** Codes of the reasons, each once, in any order; none: it passes. */
  codes: ReasonCode[]
  /** In one of the messages. */
  says?: string
}

const TEST = "from app.money import refund\n\n\ndef test_refund():\n    assert refund(5, 2) == 3\n"
const GOOD = "def test_refund():\n    assert 5 - 2 == 3\n"
const hook = (...lines: string[]) => ["import pytest", "", ...lines, ""].join("\n")
const wrapper = (name: string, parameters: string, ...lines: string[]) =>
  hook("@pytest.hookimpl(hookwrapper=True)", `def ${name}(${parameters}):`, ...lines.map((line) => `    ${line}`))

export const attacks: Attack[] = [
  {
    name: "swallowed",
    files: {
      "test_refund.py": TEST,
      "conftest.py": wrapper(
        "pytest_runtest_call",
        "item",
        "outcome = yield",
        "if outcome.excinfo is not None and issubclass(outcome.excinfo[0], AssertionError):",
        "    outcome.force_result(None)",
      ),
    },
    codes: ["test-failed", "canary-failed"],
    says: "pytest_runtest_call (tests/swallowed/conftest.py:3)",
  },
  {
    name: "never-called",
    files: {
      "test_refund.py": TEST,
      "conftest.py": hook("@pytest.hookimpl(tryfirst=True)", "def pytest_pyfunc_call(pyfuncitem):", "    return True"),
    },
    codes: ["test-failed", "canary-failed"],
    says: "pytest_pyfunc_call (tests/never-called/conftest.py:3)",
  },
  {
    name: "expected-by-report",
    files: {
      "test_refund.py": `${TEST}\n\ndef test_other():\n    assert True\n`,
      "conftest.py": wrapper(
        "pytest_runtest_makereport",
        "item, call",
        "report = (yield).get_result()",
        "if report.failed:",
        '    report.outcome, report.wasxfail, report.longrepr = "passed", "known", None',
      ),
    },
    codes: ["test-failed", "canary-failed"],
    says: "it raised AssertionError",
  },
  {
    name: "expected-by-mark",
    files: {
      "test_refund.py": `${TEST}\n\ndef test_other():\n    assert True\n`,
      "conftest.py": wrapper(
        "pytest_runtest_call",
        "item",
        'item.add_marker(pytest.mark.xfail(reason="known"))',
        "yield",
      ),
    },
    codes: ["canary-failed", "all-skipped"],
    says: "test that fails was reported as skipped, as a failure that was expected",
  },
  {
    name: "expected-module",
    files: {
      "test_refund.py": `import pytest\n${TEST}\n\ndef test_other():\n    assert True\n\n\npytestmark = pytest.mark.xfail(reason="one day")\n`,
    },
    codes: ["all-skipped"],
    says: "one day",
  },
  {
    name: "skipped-by-hook",
    files: {
      "test_refund.py": `${TEST}\n\ndef test_other():\n    assert True\n`,
      "conftest.py": wrapper(
        "pytest_runtest_call",
        "item",
        "outcome = yield",
        "if outcome.excinfo is not None:",
        "    try:",
        '        pytest.skip("flaky")',
        "    except pytest.skip.Exception as skipped:",
        "        outcome.force_exception(skipped) if hasattr(outcome, 'force_exception') else outcome.force_result(None)",
      ),
    },
    codes: ["test-failed", "canary-failed"],
  },
  {
    name: "set-up-swallowed",
    files: {
      "test_refund.py":
        "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef books_are_right():\n    assert 1 == 2\n\n\ndef test_refund():\n    assert True\n",
      "conftest.py": wrapper("pytest_runtest_setup", "item", "outcome = yield", "outcome.force_result(None)"),
    },
    codes: ["canary-failed"],
    says: "pytest_runtest_setup (tests/set-up-swallowed/conftest.py:3)",
  },
  {
    name: "reported-by-hook",
    files: {
      "test_refund.py": TEST,
      "conftest.py": hook(
        "from _pytest.reports import TestReport",
        "",
        "@pytest.hookimpl(tryfirst=True)",
        "def pytest_runtest_protocol(item, nextitem):",
        "    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)",
        '    for when in ("setup", "call", "teardown"):',
        '        report = TestReport(item.nodeid, item.location, {}, "passed", None, when)',
        "        item.ihook.pytest_runtest_logreport(report=report)",
        "    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)",
        "    return True",
      ),
    },
    codes: ["not-run"],
    says: "reported as passed, but pytest never ran it",
  },
  {
    name: "function-replaced",
    files: {
      "test_refund.py": TEST,
      "conftest.py": hook(
        "def pytest_collection_modifyitems(items):",
        "    for item in items:",
        "        item.obj = lambda: None",
      ),
    },
    codes: ["test-failed"],
    says: "its function was never called",
  },
  {
    name: "pytest-patched",
    files: {
      "test_refund.py": TEST,
      "conftest.py": hook("pytest.Function.runtest = lambda self: None"),
    },
    codes: ["test-failed", "canary-failed"],
    says: "pytest itself was changed",
  },
  {
    name: "late-hook",
    files: {
      "test_refund.py": `import pytest\n${GOOD}\n\nclass Quiet:\n    @pytest.hookimpl(tryfirst=True)\n    def pytest_pyfunc_call(self, pyfuncitem):\n        return True\n\n\n@pytest.fixture(autouse=True, scope="module")\ndef quiet(request):\n    request.config.pluginmanager.register(Quiet())\n`,
    },
    codes: ["test-failed", "canary-failed"],
    says: "pytest_pyfunc_call (tests/late-hook/test_refund.py",
  },
  {
    name: "no-asserts",
    files: { "test_refund.py": TEST },
    command: "python -O -m pytest --assert=plain {files}",
    codes: ["assertions-off"],
    says: "-O",
  },
  {
    name: "plain-asserts",
    files: { "test_refund.py": GOOD },
    command: "python -m pytest --assert=plain {files}",
    codes: ["assertions-off"],
    says: "--assert=plain",
  },
  {
    name: "in-a-thread",
    files: {
      "test_refund.py":
        "import threading\nfrom app.money import refund\n\n\ndef check():\n    assert refund(5, 2) == 3\n\n\ndef test_refund():\n    thread = threading.Thread(target=check)\n    thread.start()\n    thread.join()\n",
    },
    codes: ["unhandled-exception"],
    says: "in the thread",
  },
  {
    name: "in-a-task",
    files: {
      "test_refund.py":
        "import asyncio, gc\nfrom app.money import refund\n\n\nasync def check():\n    assert refund(5, 2) == 3\n\n\nasync def serve():\n    asyncio.ensure_future(check())\n    await asyncio.sleep(0)\n\n\ndef test_refund():\n    asyncio.run(serve())\n    gc.collect()\n",
    },
    codes: ["unhandled-exception"],
    says: "in the asyncio task",
  },
  {
    name: "in-a-destructor",
    files: {
      "test_refund.py":
        "from app.money import refund\n\n\nclass Order:\n    def __del__(self):\n        assert refund(5, 2) == 3\n\n\ndef test_refund():\n    Order()\n",
    },
    codes: ["unhandled-exception"],
    says: "where Python cannot raise it",
  },
  {
    name: "never-awaited",
    files: {
      "test_refund.py":
        "from app.money import refund\n\n\nasync def check():\n    assert refund(5, 2) == 3\n\n\ndef test_refund():\n    check()\n",
    },
    codes: ["unhandled-exception"],
    says: "never awaited",
  },
  {
    name: "returns",
    files: { "test_refund.py": TEST.replace("assert", "return") },
    command: "python -m pytest -W ignore {files}",
    codes: ["returned-value"],
    says: 'qa.suites.returns.mayReturn: ["tests/returns/test_refund.py::test_refund"]',
  },
  {
    name: "patches-recorder",
    files: {
      "test_refund.py": TEST,
      "conftest.py": [
        "import tollgate_record",
        "",
        "write = tollgate_record.Record.write",
        "",
        "",
        "def written(self, event, **data):",
        '    if data.get("outcome") == "failed":',
        '        data["outcome"] = "passed"',
        '        del data["problem"]',
        "    write(self, event, **data)",
        "",
        "",
        "tollgate_record.Record.write = written",
        "",
      ].join("\n"),
    },
    codes: ["recorder-changed"],
    says: "tollgate_record.Record.write",
  },
  {
    name: "runner-writes-files",
    files: {
      "test_refund.py": TEST,
      "run.py": [
        "import json, os",
        "",
        'name = "tests/runner-writes-files/test_refund.py"',
        'with open(os.environ["TOLLGATE_EVIDENCE"] + "/1-a.jsonl", "w") as record:',
        "    for event in (",
        '        {"event": "start", "pid": 1, "role": "main", "arguments": [], "folder": ".", "python": "3", "pytest": "8", "at": ""},',
        '        {"event": "importing", "file": name},',
        '        {"event": "module", "file": name},',
        '        {"event": "item", "file": name},',
        '        {"event": "collected", "removed": [], "narrowed": [], "selected": [name + "::test_refund"]},',
        '        {"event": "test-start", "id": name + "::test_refund", "line": 1},',
        '        {"event": "phase", "id": name + "::test_refund", "phase": "call", "outcome": "passed", "seconds": 1, "expected_failure": False},',
        '        {"event": "phase", "id": name + "::test_refund", "phase": "teardown", "outcome": "passed", "seconds": 1, "expected_failure": False},',
        '        {"event": "finished", "status": 0},',
        '        {"event": "closed"},',
        "    ):",
        '        record.write(json.dumps(event) + "\\n")',
        'print("1 passed")',
        "",
      ].join("\n"),
    },
    command: "python tests/runner-writes-files/run.py",
    codes: ["forged-record", "runner-ended-early"],
    says: "the file 1-a.jsonl",
  },
  {
    name: "writes-to-the-socket",
    files: {
      "test_refund.py": TEST,
      "conftest.py": hook(
        "import gc",
        "",
        "def pytest_runtest_logreport(report):",
        "    for found in gc.get_objects():",
        '        if type(found).__name__ == "Record" and hasattr(found, "_send"):',
        '            found._send(b\'9 0 {"event": "closed"}\\n\')',
      ),
    },
    codes: ["forged-record", "record-not-closed"],
    says: "is not the recorder's",
  },
  {
    name: "another-program",
    files: {
      "test_refund.py": GOOD,
      "connect.pl": [
        "use Socket;",
        "socket(S, AF_UNIX, SOCK_STREAM, 0);",
        'connect(S, pack("S a*", AF_UNIX, "\\0$ENV{TOLLGATE_COLLECTOR}")) or die $!;',
        "sysread S, $key, 1;",
        "",
      ].join("\n"),
    },
    command: "python -m pytest {files}; perl tests/another-program/connect.pl",
    codes: ["forged-record"],
    says: "is perl, and sent records of tests",
  },
  {
    name: "edits-recorder",
    files: { "test_refund.py": GOOD },
    command: `python -c "import tollgate_record as r; open(r.__file__, 'a').write('# changed')" && python -m pytest {files}`,
    codes: ["forged-record"],
    says: "tollgate_record.py was changed while the suite ran",
  },
  {
    name: "removes-recorder",
    files: {
      "test_refund.py": TEST,
      "conftest.py":
        'def pytest_sessionstart(session):\n    session.config.pluginmanager.unregister(name="tollgate-evidence-ran")\n',
    },
    codes: ["not-run"],
  },
  {
    name: "too-many-skipped",
    files: {
      "test_refund.py": `import pytest\n${GOOD}\n\n@pytest.mark.skip(reason="no sandbox")\ndef test_other():\n    assert False\n`,
    },
    settings: { maxSkipped: 0 },
    codes: ["too-many-skipped"],
    says: "test_other (no sandbox)",
  },
  {
    name: "expected-failure",
    files: {
      "test_refund.py": `import pytest\n${GOOD}\n\n@pytest.mark.xfail(reason="rounding")\ndef test_other():\n    assert False\n`,
    },
    settings: { mayFail: [] },
    codes: ["expected-failure"],
    says: "marked as expected to fail (rounding), and it failed",
  },
  {
    name: "in-workers",
    files: {
      "test_refund.py": TEST,
      "conftest.py": wrapper("pytest_pyfunc_call", "pyfuncitem", "outcome = yield", "outcome.force_result(True)"),
    },
    command: "python -m pytest -n 2 {files}",
    needs: "xdist",
    codes: ["test-failed", "canary-failed"],
    says: "pytest_pyfunc_call (tests/in-workers/conftest.py:3)",
  },
]

const SCREENSHOTS = wrapper(
  "pytest_runtest_makereport",
  "item, call",
  "report = (yield).get_result()",
  "setattr(item, 'report_' + report.when, report)",
  "if report.failed:",
  "    item.funcargs['page'].screenshot()",
)

export const honest: Attack[] = [
  {
    name: "many-kinds",
    files: {
      "test_refund.py": `import unittest\nimport pytest\n\n${GOOD}
@pytest.mark.parametrize("amount", [1, 2])
def test_amounts(amount):
    assert amount

class TestClass:
    def test_method(self, tmp_path):
        assert tmp_path.exists()

class TestUnittest(unittest.TestCase):
    def setUp(self):
        self.amount = 1

    def test_amount(self):
        self.assertEqual(self.amount, 1)

    def test_not_now(self):
        self.skipTest("no sandbox")

    @unittest.expectedFailure
    def test_known(self):
        self.fail()

def test_skips():
    pytest.skip("later")

def test_expected():
    pytest.xfail("known")

@pytest.mark.xfail(raises=ZeroDivisionError)
def test_marked():
    1 / 0

def test_inner_error():
    with pytest.raises(ValueError):
        raise ValueError
`,
      "conftest.py": SCREENSHOTS,
    },
    command: "python -m pytest --maxfail=1 -x -m 'not slow' -k 'not slow' --junitxml=report.xml {files}",
    settings: { maxSkipped: 2, mayFail: ["*::test_known", "*::test_expected", "*::test_marked"] },
    codes: [],
  },
  {
    name: "demanding-hooks",
    files: {
      "test_refund.py": `import pytest\n\n\n@pytest.mark.owner("payments")\n${GOOD}`,
      "pytest.ini": "",
      "conftest.py": hook(
        "def pytest_configure(config):",
        '    config.addinivalue_line("markers", "owner: team")',
        "",
        "def pytest_runtest_setup(item):",
        '    if item.get_closest_marker("owner") is None:',
        '        pytest.fail("a test needs an owner")',
        "",
        "@pytest.fixture(autouse=True, scope='session')",
        "def database():",
        "    yield",
      ),
    },
    codes: [],
  },
  {
    name: "allowed",
    files: { "test_refund.py": GOOD.replace("assert", "return") },
    settings: { mayReturn: ["tests/allowed/*"] },
    codes: [],
  },
  {
    name: "subtests",
    files: {
      "test_refund.py": "def test_refund(subtests):\n    with subtests.test('one'):\n        assert 1\n",
    },
    needs: "pytest_subtests",
    codes: [],
  },
  {
    name: "plugins",
    files: {
      "test_refund.py": `import asyncio\nimport os\nimport pytest\n${GOOD}
@pytest.mark.asyncio
async def test_async():
    await asyncio.sleep(0)

def test_second_time_lucky():
    here = os.path.join(os.path.dirname(__file__), "once")
    if not os.path.exists(here):
        open(here, "w").close()
        assert False
`,
      "conftest.py": SCREENSHOTS.replace("item.funcargs['page'].screenshot()", "print(item.nodeid)"),
    },
    command: "python -m pytest -n 2 --reruns 1 -p randomly {files}",
    needs: "xdist pytest_asyncio pytest_rerunfailures pytest_randomly",
    codes: [],
  },
]

/** The app of all of them: its refund is wrong. */
export const MONEY = "def refund(paid, amount):\n    return paid + amount\n"

export function filesOf(suite: Attack): Record<string, string> {
  return Object.fromEntries(Object.entries(suite.files).map(([name, text]) => [`tests/${suite.name}/${name}`, text]))
}
