import { expect, it } from "vitest"
import { failures } from "../failures.mjs"

const test = (fullName: string, status: string, ...failureMessages: string[]) => ({ fullName, status, failureMessages })

it("lists each failed test by file and name with its reason, and none that passed or was skipped", () => {
  const report = {
    testResults: [
      {
        name: "/x/test/a.test.ts",
        status: "failed",
        assertionResults: [
          test("adds", "passed"),
          test("divides", "failed", "\u001b[31mAssertionError: expected 1\u001b[39m\n    at a.test.ts:3"),
        ],
      },
      { name: "/x/test/b.test.ts", status: "passed", assertionResults: [test("waits", "skipped")] },
    ],
  }
  expect(failures(report, (path) => path.replace("/x/", ""))).toEqual([
    "test/a.test.ts > divides\n    AssertionError: expected 1\n        at a.test.ts:3",
  ])
})

it("lists a file that failed before its first test, with why", () => {
  const report = {
    testResults: [{ name: "c.test.ts", status: "failed", message: "Cannot find module x", assertionResults: [] }],
  }
  expect(failures(report, (path) => path)).toEqual(["c.test.ts\n    Cannot find module x"])
})

it("says how many lines of a long reason are only in the log above", () => {
  const long = Array.from({ length: 25 }, (_, line) => `line ${line}`).join("\n")
  const [shown] = failures(
    { testResults: [{ name: "d", status: "failed", assertionResults: [test("is long", "failed", long)] }] },
    (path) => path,
  )
  expect(shown).toContain("line 19\n    and 5 more lines above")
})
