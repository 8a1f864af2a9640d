import { z } from "zod"
import { suiteEvidence } from "../qa/evidence.js"
import { isProven, type QaResult, type ReasonCode, type SuiteResult } from "../qa/result.js"
import { verdictLine } from "./verdict.js"

/**
 * evidence.json: all that the gate knew and what it made of it, for whoever wants to check the verdict or keep it.
 * Within format 1 fields may be added; none changes its meaning or goes away.
 */

// the compiler refuses this list when a code is added to the gate and not here
const reasonCodes = {
  "no-evidence": true, "runner-missing": true, "runner-ended-early": true, "before-failed": true, "timed-out": true,
  "file-missing": true, "file-not-collected": true, "file-empty": true, "collection-error": true, "all-skipped": true,
  "test-failed": true, "setup-failed": true, "teardown-failed": true, "unhandled-exception": true, "deselected": true, "removed-from-collection": true,
  "not-run": true, "record-not-closed": true, "internal-error": true, "exit-status": true,
} satisfies Record<ReasonCode, true>

const reason = z.object({
  code: z.string().describe(`Stable, for scripts. Now one of: ${Object.keys(reasonCodes).join(", ")}.`),
  suite: z.string(),
  file: z.string().nullable().describe("Relative to the app's folder."),
  line: z.number().int().nullable(),
  test: z.string().nullable().describe("pytest's id of the test it is about."),
  message: z.string(),
})

const suite = z.object({
  suite: z.string(),
  verdict: z.enum(["proven", "red"]),
  reasons: z.array(reason).describe("Why the suite is not proven; empty when it is."),
  counts: z.object({
    tests: z.number().int(), passed: z.number().int(), failed: z.number().int(), skipped: z.number().int(),
  }),
  seconds: z.number(),
  disagreement: z.string().nullable().describe("Where the runner's own claim and the evidence disagree."),
  cached: z.boolean().describe("Gathered by an earlier run on the same source."),
  evidence: suiteEvidence.nullable().describe("null: the suite's container left nothing behind."),
})

const coverage = z.object({
  verdict: z.enum(["not-asked", "partial", "proven", "below", "missing"]).describe("partial: only some suites ran."),
  percent: z.number().nullable(),
  threshold: z.number().nullable(),
  why: z.string().nullable().describe("Why there is no figure, when one is missing."),
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
  format: z.literal(1),
  tollgate: z.string().describe("Version of Tollgate that gathered and judged."),
  app: z.string().describe("The app's folder inside the source."),
  source: z.string().describe("Digest of the app's files that the suites ran on."),
  dependencies: z.string().describe("What was found that says what to install, and how it was installed."),
  startedAt: z.string().describe("When the oldest of the evidence began, ISO 8601."),
  seconds: z.number(),
  verdict: z.enum(["proven", "red"]),
  verdictInWords: z.string(),
  suites: z.array(suite),
  notRun: z.array(z.string()).describe("Suites of tollgate.yaml that were not asked for: nothing is proven about them."),
  unlisted: z.array(z.string()).describe("Test files of the app, by their names, that no suite of tollgate.yaml lists."),
  coverage,
})

export type EvidenceDocument = z.infer<typeof evidenceDocument>

export function evidenceFile(result: QaResult): string {
  return `${JSON.stringify(document(result), null, 2)}\n`
}

function document(result: QaResult): EvidenceDocument {
  return {
    format: 1,
    tollgate: result.tollgateVersion,
    app: result.app,
    source: result.source,
    dependencies: result.dependencies,
    startedAt: result.startedAt,
    seconds: result.seconds,
    verdict: isProven(result) ? "proven" : "red",
    verdictInWords: verdictLine(result),
    suites: result.suites.map(suiteEntry),
    notRun: result.notRun,
    unlisted: result.unlisted,
    coverage: coverageEntry(result.coverage),
  }
}

/** The tests are inside the evidence, process by process: once is enough. */
function suiteEntry(one: SuiteResult): EvidenceDocument["suites"][number] {
  return {
    suite: one.suite,
    verdict: one.verdict.kind,
    reasons: one.verdict.kind === "red" ? one.verdict.reasons : [],
    counts: one.counts,
    seconds: one.seconds,
    disagreement: one.disagreement,
    cached: one.cached,
    evidence: one.evidence,
  }
}

function coverageEntry(verdict: QaResult["coverage"]): EvidenceDocument["coverage"] {
  const none = { percent: null, threshold: null, why: null, files: [] }
  switch (verdict.kind) {
    case "not-asked":
      return { ...none, verdict: "not-asked" }
    case "missing":
      return { ...none, verdict: "missing", threshold: verdict.threshold, why: verdict.why }
    default: {
      const { kind, percent, threshold, files } = verdict
      return { verdict: kind, percent, threshold, why: null, files }
    }
  }
}

/** Other programs read evidence.json: the schema lets them meet fields of a later version. */
export function evidenceSchema(): string {
  const schema = z.toJSONSchema(evidenceDocument, { target: "draft-7", io: "input" })
  const { $schema, ...rest } = schema
  const described = {
    $schema,
    title: "Tollgate evidence",
    description: "evidence.json of `test-report`: what each suite's processes recorded, and the verdict on it.",
    ...rest,
  }
  return `${JSON.stringify(described, null, 2)}\n`
}
