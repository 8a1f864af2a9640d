import { clip, oneLine } from "../presentation/plain-text.js"
import type { QaResult, SuiteResult } from "../qa/result.js"
import { plainText } from "../shared/plain-text.js"
import { type Case, casesOf } from "./cases.js"
import { EVIDENCE } from "./evidence-file.js"
import { problemsOutsideSuites } from "./verdict.js"

export interface ReportFile {
  name: string
  text: string
}

/** One file per suite, and one for problems outside of suites, so that no reader shows a failed run as passed. */
export async function junitFiles(result: QaResult): Promise<ReportFile[]> {
  const files = result.suites.map(async (suite) => ({ name: `${fileName(suite.suite)}.xml`, text: await junit(suite) }))
  const outside = problemsOutsideSuites(result)
  if (outside.length === 0) return Promise.all(files)
  const cases = outside.map(
    ({ code, message }): Case => ({
      suite: "tollgate",
      test: null,
      code,
      group: "tollgate",
      name: code,
      file: null,
      line: null,
      seconds: 0,
      status: "error",
      message,
      traceback: "",
      output: "",
    }),
  )
  const text = await writeJunit([{ name: "tollgate", cases, seconds: 0, startedAt: null, output: "" }])
  return [...(await Promise.all(files)), { name: "tollgate.run.xml", text }]
}

export function junit(suite: SuiteResult): Promise<string> {
  return writeJunit([sheetOf(suite)])
}

export function sheetOf(suite: SuiteResult): Sheet {
  return {
    name: suite.suite,
    cases: casesOf(suite),
    seconds: suite.seconds,
    startedAt: suite.evidence?.startedAt ?? null,
    output: suite.evidence?.outputTail ?? "",
  }
}

/** A suite's name may contain a slash. Different names give different files. */
function fileName(suite: string): string {
  return encodeURIComponent(plainText(suite))
}

/** A testsuite of a JUnit document. */
export interface Sheet {
  name: string
  cases: Case[]
  seconds: number
  startedAt: string | null
  output: string
}

/** One document for all sheets. */
export async function writeJunit(sheets: readonly Sheet[]): Promise<string> {
  const { XMLBuilder } = await import("fast-xml-parser")
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
    // otherwise a test named "true" would become an attribute without a value
    suppressBooleanAttributes: false,
  })
  const document = {
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "tollgate",
      ...totals(
        sheets.flatMap(({ cases }) => cases),
        sheets.reduce((sum, { seconds }) => sum + seconds, 0),
      ),
      testsuite: sheets.map(({ name, cases, seconds, startedAt, output }) => ({
        "@name": oneLine(name),
        ...totals(cases, seconds),
        ...(startedAt === null ? {} : { "@timestamp": oneLine(startedAt) }),
        testcase: cases.map(testcase),
        ...systemOut(output),
      })),
    },
  }
  return `${builder.build(document).trimEnd()}\n`
}

function totals(cases: readonly Case[], seconds: number): object {
  return {
    "@tests": cases.length,
    "@failures": cases.filter((one) => one.status === "failed").length,
    "@errors": cases.filter((one) => one.status === "error").length,
    "@skipped": cases.filter((one) => one.status === "skipped").length,
    "@time": time(seconds),
  }
}

function testcase(one: Case): object {
  return {
    "@classname": oneLine(one.group),
    "@name": oneLine(one.name),
    ...(one.file === null ? {} : { "@file": oneLine(one.file) }),
    ...(one.line === null ? {} : { "@line": one.line }),
    "@time": time(one.seconds),
    ...outcome(one),
    ...systemOut(one.output),
  }
}

function outcome(one: Case): object {
  const message = oneLine(clip(one.message, 2000, EVIDENCE))
  switch (one.status) {
    case "passed":
      return {}
    case "skipped":
      return { skipped: { "@message": message } }
    case "failed":
      return { failure: { "@message": message, "@type": typeOf(one), "#text": body(one) } }
    case "error":
      return { error: { "@message": message, "@type": typeOf(one), "#text": body(one) } }
  }
}

/** The exception's class from `AssertionError: …`, or the code of a reason. */
function typeOf(one: Case): string {
  return one.code ?? /^[\w.]+(?=:|$)/.exec(one.message)?.[0] ?? one.status
}

function body(one: Case): string {
  return clip(one.traceback === "" ? one.message : one.traceback, longest, EVIDENCE)
}

function systemOut(output: string): object {
  const text = clip(output, longest, EVIDENCE)
  return text === "" ? {} : { "system-out": text }
}

// limits the size of the file, because some readers load it into memory
const longest = 100_000

function time(seconds: number): string {
  return seconds.toFixed(3)
}
