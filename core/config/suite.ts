import { z } from "zod"
import { distinct, duration, environment, expected, mapping, some, testFiles, text } from "./fields.js"
import { suiteCommand } from "./suite-command.js"

const NO_FILE = "lists no file: nothing would be proven"

const testIds = (example: string) =>
  distinct("a list of patterns of test ids", text(`a pattern of test ids such as ${example}`))

export const suite = mapping("a mapping with the suite's files", {
  files: some(
    "a list of test files",
    testFiles("a test file, a folder or a pattern such as tests/api/test_*.py, relative to app.path"),
    NO_FILE,
  ).describe(
    "Test files that must run in this suite, relative to app.path; a folder stands for its test_*.py and *_test.py. Each file must be collected and have a test that ran; a folder or pattern without one fails the suite.",
  ),
  command: suiteCommand
    .optional()
    .describe(
      "Shell command that runs this suite, such as `tox -e webhook` or `nox -s tests -- {files}`. Filled in: {suite} {files}. Every pytest that it starts must keep the variables PYTEST_*, PYTHONPATH, TOLLGATE_* and COVERAGE_*. When left out: qa.runner, else pytest.",
    ),
  timeout: duration.optional().describe("Longest time for this suite. When left out: qa.timeout."),
  env: environment.prefault({}).describe("Environment variables for this suite alone, over those of qa.env."),
  mayDeselect: testIds("tests/test_slow.py::*")
    .prefault([])
    .describe(
      "Patterns of test ids that the service's own pytest configuration may deselect. Any other deselected test fails the suite.",
    ),
  mayLeaveUnhandled: testIds("tests/test_crash.py::*")
    .prefault([])
    .describe(
      "Patterns of test ids whose threads, asyncio tasks, coroutines and destructors may end with an exception that nothing handles. In any other test it fails the suite.",
    ),
  mayReturn: testIds("tests/test_legacy.py::*")
    .prefault([])
    .describe(
      "Patterns of test ids that may return a value. Any other test that returns one fails the suite: it returns what it should assert.",
    ),
  mayFail: testIds("tests/test_known.py::*")
    .optional()
    .describe(
      "Patterns of test ids that may be marked as expected to fail (xfail). When given, any other such test fails the suite. When left out: each may, and none of them counts as executed.",
    ),
  maxSkipped: z
    .int({ error: expected("a whole number, 0 or more") })
    .min(0, { error: expected("a whole number, 0 or more") })
    .optional()
    .describe(
      "How many tests of the suite may be skipped. When left out: any number, while each file has a test that ran.",
    ),
})
