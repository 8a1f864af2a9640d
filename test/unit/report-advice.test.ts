import { describe, expect, it } from "vitest"
import { summary } from "../../core/report/summary.js"
import { aFailedTest, aResult, aSuite } from "./qa-result-samples.js"

/** Messages as pytest shows them. */

const advice = (...messages: string[]) => {
  const tests = messages.map((message, at) => aFailedTest(`tests/test_a.py::test_${at}`, message))
  const reasons = messages.map((message) => ({ code: "test-failed" as const, message }))
  const shown = summary(aResult([aSuite("e2e", { tests, reasons })]), { report: "report.html" })
  // long lines are wrapped
  return shown
    .replace(/\n(?! *\w+:? )/g, "\n")
    .split(/\n(?=May help: |\n)/)
    .flatMap((text) => (text.startsWith("May help: ") ? [text.trim().replace(/\s+/g, " ")] : []))
}

describe("the screen of a failed suite says which setting may help", () => {
  it.each<[string, string, string]>([
    [
      "a database at localhost",
      'sqlalchemy.exc.OperationalError: connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused',
      'May help: the database did not answer where the app looked: it is at DATABASE_URL; in parts, qa.env: { DB_HOST: "{host}", DB_PORT: "{port}" }',
    ],
    [
      "asyncpg at localhost",
      "OSError: Multiple exceptions: [Errno 111] Connect call failed ('127.0.0.1', 5432)",
      'May help: the database did not answer where the app looked: it is at DATABASE_URL; in parts, qa.env: { DB_HOST: "{host}", DB_PORT: "{port}" }',
    ],
    [
      "tables that are not there",
      'psycopg.errors.UndefinedTable: relation "payments" does not exist',
      'May help: the tables do not exist: make them before the tests, such as qa.before: ["alembic upgrade head"]',
    ],
    [
      "a package in src/",
      "ModuleNotFoundError: No module named 'allocation'",
      "May help: allocation is not installed: add it to the dependencies; or, if it is the app's own in a folder such as src, qa.env: { PYTHONPATH: src }",
    ],
    [
      "a shared library",
      "ImportError: libpq.so.5: cannot open shared object file: No such file or directory",
      "May help: a library of Debian's is missing: name its package in app.packages",
    ],
  ])("%s", (_, message, shown) => expect(advice(message)).toEqual([shown]))

  it("two of them at most, and each once", () => {
    const all = ["No module named 'a'", 'relation "b" does not exist', "OperationalError", "OperationalError"]
    expect(advice(...all)).toHaveLength(2)
  })

  it("and nothing for a test that just failed, or for a suite that passed", () => {
    expect(advice("assert 300 == 301")).toEqual([])
    const passed = aSuite("e2e", { evidence: { outputTail: "OperationalError: caught, as it should be\n" } })
    expect(summary(aResult([passed]), { report: "report.html" })).not.toContain("May help")
  })
})
