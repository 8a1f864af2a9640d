import { z } from "zod"
import { entryOf, expected, mapping, sequence, some, text, withHint } from "./fields.js"

const RULE = /^(squawk\/)?[a-z][a-z-]+[a-z]$/

const entry = mapping("a mapping with rule and reason", {
  rule: text("a rule such as squawk/require-concurrent-index-creation or rows-removed", RULE).describe(
    "Code of the findings, as `migration-plan` prints it.",
  ),
  revisions: some(
    "a list of revisions",
    text("a revision of alembic", /^[A-Za-z0-9_.-]+$/),
    "lists no revision: remove the key",
  )
    .optional()
    .describe("Revisions in which they are accepted. When left out: in every one, which only Squawk's rules can be."),
  reason: text("a reason: a few words at least", /\S+\s+\S+/).describe(
    "Why. It stands beside the finding in every report.",
  ),
})
  .superRefine(
    (value, context) => {
      const rule = entryOf(value, "rule")
      // what is accepted once for all would be accepted of a revision that nobody has seen yet
      if (typeof rule !== "string" || rule.startsWith("squawk/") || entryOf(value, "revisions") !== undefined) return
      context.addIssue({
        code: "custom",
        path: ["rule"],
        message: withHint("is accepted for single revisions only", "list them:  revisions: [0009]"),
      })
    },
    { when: () => true },
  )
  .transform(({ revisions, ...rest }) => ({ ...rest, revisions: revisions ?? null }))

const rows = expected("a whole number of rows, 0 or more")

export const lint = mapping("a mapping with bigTable, ci and accept", {
  bigTable: z
    .number({ error: rows })
    .int({ error: rows })
    .min(0, { error: rows })
    .prefault(100_000)
    .describe(
      "Rows from which a statement that keeps the app from a table while it works through it is an error; below, a warning.",
    ),
  ci: z
    .boolean({ error: expected("true or false") })
    .prefault(true)
    .describe(
      "Whether `ci` runs the revisions on an empty database. false: for revisions that begin from a schema made elsewhere.",
    ),
  accept: sequence("a list of accepted findings", entry)
    .prefault([])
    .describe("Findings that do not count, each with its reason."),
})

export type LintSettings = z.output<typeof lint>
