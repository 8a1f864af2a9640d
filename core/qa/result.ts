import type { SuiteEvidence, TestRecord } from "./evidence.js"

/** Why a suite is not proven. The codes are stable: reports and scripts may rely on them. */
export type ReasonCode =
  | "no-evidence"
  | "runner-missing"
  | "runner-ended-early"
  | "before-failed"
  | "timed-out"
  | "file-missing"
  | "file-not-collected"
  | "file-empty"
  | "collection-error"
  | "all-skipped"
  | "test-failed"
  | "setup-failed"
  | "teardown-failed"
  | "returned-value"
  | "unhandled-exception"
  | "expected-failure"
  | "too-many-skipped"
  | "assertions-off"
  | "canary-failed"
  | "recorder-changed"
  | "forged-record"
  | "deselected"
  | "removed-from-collection"
  | "not-run"
  | "record-not-closed"
  | "internal-error"
  | "exit-status"

export interface Reason {
  code: ReasonCode
  suite: string
  /** The file of the app it is about, when it is about one. */
  file: string | null
  line: number | null
  test: string | null
  /** What happened, in one or two lines. */
  message: string
}

export interface SuiteCounts {
  tests: number
  passed: number
  failed: number
  skipped: number
}

export type SuiteVerdict = { kind: "passed" } | { kind: "failed"; reasons: [Reason, ...Reason[]] }

export interface SuiteResult {
  suite: string
  /** null: the container left nothing behind. */
  evidence: SuiteEvidence | null
  tests: TestRecord[]
  counts: SuiteCounts
  seconds: number
  verdict: SuiteVerdict
  /** Where the runner's own claim and the evidence disagree, in one sentence. */
  disagreement: string | null
  /** The evidence was gathered by an earlier run of the same source and is still valid. */
  cached: boolean
}

export interface FileCoverage {
  file: string
  statements: number
  covered: number
  percent: number
  missingLines: number[]
}

export type CoverageVerdict =
  /** tollgate.yaml asks for no coverage. */
  | { kind: "not-asked" }
  /** Only some suites ran: the figure is shown, the threshold is not judged. */
  | { kind: "partial"; percent: number; threshold: number; files: FileCoverage[] }
  | { kind: "passed"; percent: number; threshold: number; files: FileCoverage[] }
  | { kind: "below"; percent: number; threshold: number; files: FileCoverage[] }
  | { kind: "missing"; threshold: number; why: string }

export interface QaResult {
  /** Path of the app inside the source, for the reader. */
  app: string
  /** Digest of the app's files that the suites ran on. */
  source: string
  /** What was found that says what to install, and how it was installed. */
  dependencies: string
  tollgateVersion: string
  suites: SuiteResult[]
  /** Suites of tollgate.yaml that were not asked for in this run. */
  notRun: string[]
  /** Test files of the app, by their names, that no suite of tollgate.yaml lists. */
  unlisted: string[]
  coverage: CoverageVerdict
  /** When the oldest of the evidence began, ISO 8601. */
  startedAt: string
  /** Wall clock of the suites that ran now, from the first one's start to the last one's end; 0 when all evidence is cached. */
  seconds: number
}

/** Proven: every suite and the coverage; a run of some suites is proven for those alone. */
export function isProven(result: QaResult): boolean {
  return (
    result.suites.length > 0 &&
    result.suites.every((suite) => suite.verdict.kind === "passed") &&
    result.coverage.kind !== "below" &&
    result.coverage.kind !== "missing"
  )
}
