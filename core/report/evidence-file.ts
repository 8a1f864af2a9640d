import { z } from "zod"
import { suiteEvidence } from "../qa/evidence.js"
import { isProven, type QaResult, type ReasonCode, type SuiteResult } from "../qa/result.js"
import { verdictLine } from "./verdict.js"

/** Name of the file in the report. */
export const EVIDENCE = "evidence.json"

/**
 * evidence.json: all evidence of the test gate and the verdict on it. Within a format, fields may be added; none changes its meaning or
 * is removed.
 */

// the compiler reports a code that is missing here
const reasonCodes = {
  "no-evidence": true,
  "runner-missing": true,
  "runner-ended-early": true,
  "before-failed": true,
  "timed-out": true,
  "file-missing": true,
  "file-not-collected": true,
  "file-empty": true,
  "collection-error": true,
  "all-skipped": true,
  "test-failed": true,
  "setup-failed": true,
  "teardown-failed": true,
  "returned-value": true,
  "unhandled-exception": true,
  "expected-failure": true,
  "too-many-skipped": true,
  "assertions-off": true,
  "canary-failed": true,
  "recorder-changed": true,
  "forged-record": true,
  deselected: true,
  "removed-from-collection": true,
  "not-run": true,
  "record-not-closed": true,
  "internal-error": true,
  "exit-status": true,
} satisfies Record<ReasonCode, true>

const reason = z.object({
  code: z.string().describe(`Stable, for scripts. Now one of: ${Object.keys(reasonCodes).join(", ")}.`),
  suite: z.string(),
  file: z.string().nullable().describe("Relative to the app's folder."),
  line: z.number().int().nullable(),
  test: z.string().nullable().describe("pytest's id of the test."),
  message: z.string(),
})

const suite = z.object({
  suite: z.string(),
  verdict: z.enum(["passed", "failed"]),
  reasons: z.array(reason).describe("Why the suite failed; empty when it passed."),
  counts: z.object({
    tests: z.number().int(),
    passed: z.number().int(),
    failed: z.number().int(),
    skipped: z.number().int(),
  }),
  seconds: z.number(),
  disagreement: z
    .string()
    .nullable()
    .describe("How the runner's exit code contradicts the evidence; null when it does not."),
  cached: z.boolean().describe("The evidence is from an earlier run on the same source."),
  evidence: suiteEvidence.nullable().describe("null when the suite's container left no evidence."),
})

const coverage = z.object({
  verdict: z
    .enum(["passed", "failed", "skipped", "inconclusive"])
    .describe(
      "failed: below the threshold, or no figure. skipped: tollgate.yaml sets no threshold. inconclusive: only some suites ran.",
    ),
  percent: z.number().nullable(),
  threshold: z.number().nullable(),
  why: z.string().nullable().describe("Why there is no figure; null when there is one."),
  files: z.array(
    z.object({
      file: z.string(),
      statements: z.number().int(),
      covered: z.number().int(),
      percent: z.number(),
      missingLines: z.array(z.number().int()),
    }),
  ),
})

export const evidenceDocument = z.object({
  format: z.literal(2),
  tollgate: z.string().describe("Version of Tollgate that gathered the evidence."),
  app: z.string().describe("The app's folder inside the source."),
  source: z.string().describe("Digest of the app's files that the suites ran on."),
  dependencies: z.string().describe("What was found that says what to install, and how it was installed."),
  startedAt: z.string().describe("Start of the oldest evidence, ISO 8601."),
  seconds: z.number(),
  verdict: z.enum(["passed", "failed"]),
  verdictInWords: z.string(),
  suites: z.array(suite),
  notRun: z.array(z.string()).describe("Suites of tollgate.yaml that this run did not select."),
  unlisted: z.array(z.string()).describe("Test files of the app that no suite of tollgate.yaml lists."),
  coverage,
})

export type EvidenceDocument = z.infer<typeof evidenceDocument>

export function evidenceFile(result: QaResult): string {
  return `${JSON.stringify(document(result), null, 2)}\n`
}

function document(result: QaResult): EvidenceDocument {
  return {
    format: 2,
    tollgate: result.tollgateVersion,
    app: result.app,
    source: result.source,
    dependencies: result.dependencies,
    startedAt: result.startedAt,
    seconds: result.seconds,
    verdict: isProven(result) ? "passed" : "failed",
    verdictInWords: verdictLine(result),
    suites: result.suites.map(suiteEntry),
    notRun: result.notRun,
    unlisted: result.unlisted,
    coverage: coverageEntry(result.coverage),
  }
}

/** The tests are not repeated: the evidence contains them, process by process. */
function suiteEntry(one: SuiteResult): EvidenceDocument["suites"][number] {
  return {
    suite: one.suite,
    verdict: one.verdict.kind === "passed" ? "passed" : "failed",
    reasons: one.verdict.kind === "failed" ? one.verdict.reasons : [],
    counts: one.counts,
    seconds: one.seconds,
    disagreement: one.disagreement,
    cached: one.cached,
    evidence: one.evidence,
  }
}

const COVERAGE_VERDICTS = { passed: "passed", below: "failed", partial: "inconclusive" } as const

function coverageEntry(verdict: QaResult["coverage"]): EvidenceDocument["coverage"] {
  const none = { percent: null, threshold: null, why: null, files: [] }
  switch (verdict.kind) {
    case "not-asked":
      return { ...none, verdict: "skipped" }
    case "missing":
      return { ...none, verdict: "failed", threshold: verdict.threshold, why: verdict.why }
    default: {
      const { kind, percent, threshold, files } = verdict
      return { verdict: COVERAGE_VERDICTS[kind], percent, threshold, why: null, files }
    }
  }
}

/** Allows unknown fields, so that readers accept files of a later version. */
export function evidenceSchema(): string {
  const schema = z.toJSONSchema(evidenceDocument, { target: "draft-7", io: "input" })
  const { $schema, ...rest } = schema
  const described = {
    $schema,
    title: "Tollgate evidence",
    description: "evidence.json of `test-report`: the records of each suite's processes, and the verdict on them.",
    ...rest,
  }
  return `${JSON.stringify(described, null, 2)}\n`
}
