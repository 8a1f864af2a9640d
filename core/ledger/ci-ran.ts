import { z } from "zod"
import type { Status } from "../ci/status.js"
import { freeText } from "../secrets/free-text.js"

/** A run of `ci`: its status.json within bounds, so that no report makes the ledger large. */

const [MOST_GATES, MOST_FIGURES, MOST_REASONS, MOST_SUITES, MOST_TESTS] = [30, 30, 5, 30, 10]
/** Characters of a test's id. */
const LONGEST_TEST = 300

const text = z.string()

const suite = z.object({
  name: text,
  verdict: z.enum(["passed", "failed"]),
  tests: z.int().min(0),
  failed: z.int().min(0),
  /** Ids of the first failed tests: a parameter of one may be a secret. */
  failedTests: z.array(freeText).max(MOST_TESTS),
  seconds: z.number().min(0).nullable(),
  cached: z.boolean(),
})

const gate = z.object({
  name: text,
  verdict: z.enum(["passed", "failed", "skipped", "inconclusive"]),
  words: freeText,
  /** The first of them. */
  reasons: z.array(freeText).max(MOST_REASONS),
  figures: z.array(z.object({ name: text, value: z.number(), before: z.number().nullable() })).max(MOST_FIGURES),
  /** Of the gate `test`; none in events of before the field existed. */
  suites: z.array(suite).max(MOST_SUITES).default([]),
  cached: z.boolean(),
  seconds: z.number().min(0).nullable(),
})

export const ciRan = z.object({
  kind: z.literal("ci-ran"),
  app: text,
  /** null: not known. */
  branch: text.nullable(),
  /** Number of the pull request or merge request; null: none is known. */
  change: text.nullable(),
  /** The branch that the change goes into; null: none is known. */
  base: text.nullable().default(null),
  /** Commit; null: not known. */
  revision: text.nullable(),
  /** Digest of the source. */
  source: text,
  verdict: z.enum(["passed", "failed", "inconclusive"]),
  words: freeText,
  startedAt: z.iso.datetime({ offset: true }),
  seconds: z.number().min(0),
  gates: z.array(gate).max(MOST_GATES),
  /** Its report in the ledger's tables, by the digest of the list of its files; null: it was not stored. */
  report: z
    .object({
      id: z.uuid(),
      sha256: text,
      files: z.int().min(0),
      /** Compressed. */
      bytes: z.int().min(0),
      /** Files that were over a limit. */
      leftOut: z.int().min(0),
    })
    .nullable()
    .default(null),
})
export type CiRan = z.output<typeof ciRan>

/** Where a run was made. */
export type CiPlace = Pick<CiRan, "branch" | "change" | "base">

export function ciRanOf(status: Status, { branch, change, base }: CiPlace, report: CiRan["report"] = null): CiRan {
  const { app, source, revision, verdict, verdictInWords, startedAt, seconds, gates } = status
  return ciRan.parse({
    kind: "ci-ran",
    app,
    branch,
    change,
    base,
    revision,
    source,
    verdict,
    words: verdictInWords,
    startedAt,
    seconds,
    gates: gates.slice(0, MOST_GATES).map((one) => ({
      ...one,
      reasons: one.reasons.slice(0, MOST_REASONS),
      figures: one.figures.slice(0, MOST_FIGURES),
      suites: one.suites.slice(0, MOST_SUITES).map((of) => ({
        ...of,
        failedTests: of.failedTests.slice(0, MOST_TESTS).map((test) => test.slice(0, LONGEST_TEST)),
      })),
    })),
    report,
  })
}
