import { z } from "zod"
import type { Status } from "../ci/status.js"
import { freeText } from "../secrets/free-text.js"

/** A run of `ci`: its status.json within bounds, so that no report makes the ledger large. */

const [MOST_GATES, MOST_FIGURES, MOST_REASONS] = [30, 30, 5]

const text = z.string()

const gate = z.object({
  name: text,
  verdict: z.enum(["passed", "failed", "skipped", "inconclusive"]),
  words: freeText,
  /** The first of them. */
  reasons: z.array(freeText).max(MOST_REASONS),
  figures: z.array(z.object({ name: text, value: z.number(), before: z.number().nullable() })).max(MOST_FIGURES),
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
  /** Commit; null: not known. */
  revision: text.nullable(),
  /** Digest of the source. */
  source: text,
  verdict: z.enum(["passed", "failed", "inconclusive"]),
  words: freeText,
  startedAt: z.iso.datetime({ offset: true }),
  seconds: z.number().min(0),
  gates: z.array(gate).max(MOST_GATES),
})
export type CiRan = z.output<typeof ciRan>

/** Where a run was made. */
export type CiPlace = Pick<CiRan, "branch" | "change">

export function ciRanOf(status: Status, { branch, change }: CiPlace): CiRan {
  const { app, source, revision, verdict, verdictInWords, startedAt, seconds, gates } = status
  return ciRan.parse({
    kind: "ci-ran",
    app,
    branch,
    change,
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
    })),
  })
}
