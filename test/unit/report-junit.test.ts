import { XMLParser, XMLValidator } from "fast-xml-parser"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import type { SuiteResult } from "../../core/qa/result.js"
import { junit, junitFiles } from "../../core/report/junit.js"
import * as samples from "./qa-result-samples.js"

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseAttributeValue: false,
  parseTagValue: false,
  isArray: (name) => name === "testcase",
})
const outcome = z
  .union([
    z.literal(""),
    z.object({ message: z.string(), type: z.string().optional(), "#text": z.string().optional() }),
  ])
  .optional()
const totals = {
  name: z.string(),
  tests: z.string(),
  failures: z.string(),
  errors: z.string(),
  skipped: z.string(),
  time: z.string(),
}
const shape = z.object({
  testsuites: z.object({
    ...totals,
    testsuite: z.object({
      ...totals,
      timestamp: z.string().optional(),
      "system-out": z.string().optional(),
      testcase: z
        .array(
          z.object({
            classname: z.string(),
            name: z.string(),
            time: z.string(),
            file: z.string().optional(),
            line: z.string().optional(),
            failure: outcome,
            error: outcome,
            skipped: outcome,
            "system-out": z.string().optional(),
          }),
        )
        .default([]),
    }),
  }),
})

async function read(suite: SuiteResult) {
  return shape.parse(parser.parse(await junit(suite))).testsuites.testsuite
}

function suite(result: { suites: SuiteResult[] }, name: string): SuiteResult {
  const found = result.suites.find((one) => one.suite === name)
  if (found === undefined) throw new Error(`no suite ${name} in the sample`)
  return found
}

describe("JUnit XML", () => {
  test.each(samples.everySample)(
    "of %s is well-formed, has only XML's characters, and counts what it holds",
    async (_, result) => {
      for (const { text } of await junitFiles(result)) {
        expect(XMLValidator.validate(text)).toBe(true)
        expect(text).not.toMatch(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u)
        const read = shape.parse(parser.parse(text)).testsuites.testsuite
        expect(Number(read.tests)).toBe(read.testcase.length)
        expect(Number(read.failures)).toBe(read.testcase.filter((one) => one.failure !== undefined).length)
        expect(Number(read.errors)).toBe(read.testcase.filter((one) => one.error !== undefined).length)
        expect(Number(read.skipped)).toBe(read.testcase.filter((one) => one.skipped !== undefined).length)
      }
    },
  )

  test.each(samples.everySample)("of %s is red for a reader exactly where the verdict is", async (_, result) => {
    for (const one of result.suites) {
      const { failures, errors } = await read(one)
      expect(Number(failures) + Number(errors) > 0).toBe(one.verdict.kind === "failed")
    }
  })

  test("names class, test, file, line and time, and tells a failure with its traceback and output", async () => {
    const failed = (await read(suite(samples.severalReds, "e2e"))).testcase.find((one) => one.failure !== undefined)
    expect(failed).toMatchObject({
      classname: "tests.e2e.test_checkout",
      name: "test_total_of_upgrade",
      file: "tests/e2e/test_checkout.py",
      line: "33",
      time: "3.840",
      failure: {
        type: "AssertionError",
        message: "AssertionError: assert 1200 == 1250 + where 1200 = order.total",
        "#text": expect.stringContaining("assert paid"),
      },
      "system-out": expect.stringContaining("ERROR payments.upgrade:upgrade.py:31"),
    })
  })

  test("puts classes and parameters where readers look for them", async () => {
    const names = (await read(suite(samples.allGreen, "e2e"))).testcase.map((one) => `${one.classname} ${one.name}`)
    expect(names).toContain("tests.e2e.test_upgrade.TestProration test_leap_february[2028-02-29]")
  })

  test("makes an error of a passed test whose teardown failed", async () => {
    const errors = (await read(suite(samples.severalReds, "e2e"))).testcase.filter((one) => one.error !== undefined)
    expect(errors.map((one) => one.name)).toEqual(["test_refund"])
  })

  test("makes an error case of each reason that belongs to no test", async () => {
    const cases = (await read(suite(samples.severalReds, "monitoring"))).testcase
    expect(cases.map((one) => one.name)).toEqual([
      "runner-ended-early",
      "file-missing: tests/monitoring/test_metrics.py",
    ])
    expect(cases[1]).toMatchObject({
      file: "tests/monitoring/test_metrics.py",
      error: { type: "file-missing", message: "listed in tollgate.yaml, but not in the source" },
    })
  })

  test("says why a test was skipped, and that an expected failure is not a failure", async () => {
    const xfail = samples.aTest("tests/test_x.py::test_known", { outcome: "xfailed", skipReason: "issue 12" })
    const { testcase } = await read(samples.aSuite("e2e", { tests: [xfail] }))
    expect(testcase[0]?.skipped).toMatchObject({ message: "failed, as expected: issue 12" })
  })

  test("keeps the test that passed green beside its run that failed", async () => {
    const failed = samples.aFailedTest("tests/test_x.py::test_x", "no")
    const tests = [failed, samples.aTest(failed.id)]
    const { testcase } = await read(
      samples.aSuite("e2e", { tests, reasons: [{ code: "test-failed", test: failed.id, message: "no" }] }),
    )
    expect(testcase.map((one) => one.failure !== undefined)).toEqual([true, false])
  })

  test("writes one file per suite, and one for coverage that is too low or missing", async () => {
    const names = async (result: Parameters<typeof junitFiles>[0]) =>
      (await junitFiles(result)).map((file) => file.name)
    expect(await names(samples.allGreen)).toEqual([
      "e2e.xml",
      "regression.xml",
      "browser.xml",
      "monitoring.xml",
      "webhook.xml",
    ])
    expect((await junitFiles(samples.coverageBelow)).at(-1)).toMatchObject({
      name: "tollgate.run.xml",
      text: expect.stringContaining('errors="1"'),
    })
    expect((await names(samples.aResult([samples.aSuite("../a/b")])))[0]).toBe("..%2Fa%2Fb.xml")
  })

  test("a test called true still has a name", async () => {
    const { testcase } = await read(samples.aSuite("e2e", { tests: [samples.aTest("tests/test_x.py::true")] }))
    expect(testcase[0]?.name).toBe("true")
  })
})
