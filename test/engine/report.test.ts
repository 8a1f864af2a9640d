import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Ajv } from "ajv"
import { XMLValidator } from "fast-xml-parser"
import { afterAll, beforeAll, expect, test } from "vitest"
import { qaReport } from "../../core/report/folder.js"
import { prove } from "./service.js"
import { useEngine } from "./session.js"

useEngine()

const folder = mkdtempSync(join(tmpdir(), "tollgate-report-test-"))
const read = (path: string) => readFileSync(join(folder, path), "utf8")

/** A red run in more than one way: a failing test that prints, a file that is missing, and a suite that is well. */
beforeAll(async () => {
  const run = await prove({
    "tests/test_money.py": (text) =>
      text.replace("assert total([]) == 0", 'print("the till has", 3, "coins")\n    assert total([]) == 7'),
    "tests/test_rules.py": null,
    "tollgate.yaml": (text) => text.replace("qa:\n", "qa:\n  artifacts: ['report_*.json']\n"),
  })
  await (await qaReport(run)).export(folder, { wipe: true })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("the report of a failed run is complete", () => {
  expect(readdirSync(folder).sort()).toEqual([
    ".gitignore",
    "coverage",
    "coverage.xml",
    "ctrf.json",
    "evidence.json",
    "junit",
    "report.html",
    "suites",
    "summary.md",
  ])
  expect(readdirSync(join(folder, "junit")).filter((name) => /^(e2e|webhook)\.xml$/.test(name))).toEqual([
    "e2e.xml",
    "webhook.xml",
  ])
})

test("its JUnit files are well-formed and say what failed and what is missing", () => {
  expect(XMLValidator.validate(read("junit/e2e.xml"))).toBe(true)
  expect(read("junit/e2e.xml")).toContain("test_nothing_costs_nothing")
  expect(read("junit/e2e.xml")).toContain("tests/test_rules.py")
  expect(read("junit/webhook.xml")).not.toContain("<failure")
})

test("its coverage is Cobertura and browsable HTML", () => {
  expect(XMLValidator.validate(read("coverage.xml"))).toBe(true)
  expect(read("coverage.xml")).toContain('filename="app/money.py"')
  expect(read("coverage/index.html")).toContain("money.py")
})

test("its evidence is what the published schema says", () => {
  const schema: object = JSON.parse(
    readFileSync(new URL("../../docs/schemas/evidence.schema.json", import.meta.url), "utf8"),
  )
  const ajv = new Ajv({ strict: false })
  expect(ajv.validate(schema, JSON.parse(read("evidence.json"))), ajv.errorsText()).toBe(true)
})

test("what a failing test printed is in it, and what the suite left behind", () => {
  expect(read("report.html")).toContain("the till has 3 coins")
  expect(read("suites/e2e/output.log")).toContain("test_nothing_costs_nothing")
  expect(readdirSync(join(folder, "suites/e2e/artifacts"))).toEqual([expect.stringMatching(/^report_.*\.json$/)])
})
