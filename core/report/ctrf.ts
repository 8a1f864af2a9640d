import { clip, oneLine } from "../presentation/plain-text.js"
import type { QaResult, SuiteResult } from "../qa/result.js"
import { plainText } from "../shared/plain-text.js"
import { type Case, casesOf, isFailed } from "./cases.js"
import { EVIDENCE } from "./evidence-file.js"
import { problemsOutsideSuites } from "./verdict.js"

/** Common Test Report Format, https://ctrf.io: one document for all suites. */
export function ctrf(result: QaResult): string {
  const tests = [
    ...outsideSuites(result),
    ...result.suites.flatMap((suite) => casesOf(suite).map((one) => ctrfTest(one))),
  ]
  const start = milliseconds(result.startedAt)
  const pytest = firstPytest(result.suites)
  const document = {
    reportFormat: "CTRF",
    specVersion: "0.0.0",
    generatedBy: `tollgate ${plainText(result.tollgateVersion)}`,
    results: {
      tool: { name: "pytest", ...(pytest === undefined ? {} : { version: plainText(pytest) }) },
      summary: {
        tests: tests.length,
        passed: tests.filter((test) => test.status === "passed").length,
        failed: tests.filter((test) => test.status === "failed").length,
        skipped: tests.filter((test) => test.status === "skipped").length,
        pending: 0,
        other: 0,
        flaky: tests.filter((test) => test.flaky === true).length,
        suites: result.suites.length,
        start,
        stop: start + Math.round(result.seconds * 1000),
        duration: Math.round(result.seconds * 1000),
      },
      tests,
      environment: { appName: plainText(result.app), extra: { source: plainText(result.source) } },
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

interface CtrfTest {
  name: string
  status: "passed" | "failed" | "skipped"
  duration: number
  suite: string[]
  testId?: string
  message?: string
  trace?: string
  filePath?: string
  line?: number
  rawStatus?: string
  retries?: number
  flaky?: boolean
  stdout?: string[]
}

function ctrfTest(one: Case): CtrfTest {
  const { test } = one
  return {
    name: oneLine(one.name) || "(no name)",
    status: isFailed(one) ? "failed" : one.status === "skipped" ? "skipped" : "passed",
    duration: Math.round(one.seconds * 1000),
    suite: [one.suite, ...(one.group === "" ? [] : [one.group])].map(oneLine),
    ...(test === null ? {} : { testId: oneLine(`${one.suite}/${test.id}`), rawStatus: test.outcome }),
    ...(test === null || test.reruns === 0 ? {} : { retries: test.reruns, flaky: !isFailed(one) }),
    ...(one.message === "" ? {} : { message: clip(one.message, longest, EVIDENCE) }),
    ...(one.traceback === "" ? {} : { trace: clip(one.traceback, longest, EVIDENCE) }),
    ...(one.file === null ? {} : { filePath: plainText(one.file) }),
    ...(one.line === null ? {} : { line: one.line }),
    ...(one.output === "" ? {} : { stdout: clip(one.output, longest, EVIDENCE).split("\n") }),
  }
}

const longest = 100_000

function outsideSuites(result: QaResult): CtrfTest[] {
  return problemsOutsideSuites(result).map(({ code, message }) => ({
    name: code,
    status: "failed",
    duration: 0,
    suite: ["tollgate"],
    message,
  }))
}

function firstPytest(suites: SuiteResult[]): string | undefined {
  return suites.flatMap((suite) => suite.evidence?.processes ?? [])[0]?.pytest
}

function milliseconds(iso: string): number {
  const time = Date.parse(iso)
  return Number.isNaN(time) ? 0 : time
}
