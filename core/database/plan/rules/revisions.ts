import { type Elsewhere, elsewhereProblem } from "../../alembic/elsewhere.js"
import { headsNotApart, howToMerge, type Pending, unknownRevisions } from "../../alembic/pending.js"
import { type AppliedRecord, changedRevisions } from "../../copy/hash-chain.js"
import type { Description } from "../answers.js"
import type { Finding } from "../plan.js"
import { finding, whole } from "./finding.js"

/** What is wrong with the revisions as a whole, before any SQL is looked at. */
export function judgeRevisions(description: Description, current: string[], pending: Pending): Finding[] {
  const findings: Finding[] = []
  if (description.error !== null)
    findings.push(
      finding(
        "revisions-unreadable",
        "error",
        `alembic cannot load the revisions: ${whole(description.error.message)}`,
        description.error.file === null ? {} : { file: description.error.file, line: description.error.line },
      ),
    )
  for (const warning of description.warnings)
    findings.push(finding("revision-twice", "error", warning, { help: "Give each revision an id of its own." }))
  if (description.environment?.error)
    findings.push(
      finding("env-unreadable", "error", `alembic's env.py fails: ${whole(description.environment.error.message)}`, {
        file: description.environment.error.file,
        line: description.environment.error.line,
        help: "Set what it needs in database.env (-x arguments: database.x), or list it in database.secrets: nothing else of your environment is there.",
      }),
    )
  if (pending.kind === "no-way" && description.error === null)
    findings.push(...noWay(pending.reason, description, current))
  return findings
}

function noWay(
  reason: Extract<Pending, { kind: "no-way" }>["reason"],
  { heads, revisions }: Description,
  current: string[],
): Finding[] {
  switch (reason) {
    case "no-revision":
      return [finding("no-revision", "error", "alembic finds no revision in the source.")]
    case "several-heads": {
      const unmerged = headsNotApart(revisions, heads)
      const files = unmerged.map(
        (head) => `${head} (${revisions.find(({ revision }) => revision === head)?.file ?? "?"})`,
      )
      return [
        finding(
          "several-heads",
          "error",
          `There are ${unmerged.length} heads: ${files.join(", ")}. None of them is the newest.`,
          {
            help: `Put one after the other (down_revision), or ${howToMerge(unmerged)}.`,
          },
        ),
      ]
    }
    case "unknown-current": {
      const unknown = unknownRevisions(revisions, current)
      return [
        finding(
          "unknown-current",
          "error",
          `The database is at revision ${unknown.join(", ")}, which this source does not have: the database is newer than the code, or of another service.`,
          {
            help: "Plan from the source that the database was migrated with, or a newer one.",
          },
        ),
      ]
    }
  }
}

/** What is no connection to a database may do without an answer: the upgrade of the real one has none either. */
export function judgeElsewhere(tried: readonly Elsewhere[]): Finding[] {
  const said = new Map(tried.map((one) => [elsewhereProblem([one]).join(""), one]))
  return [...said].map(([message, { file, line }]) =>
    finding("env-elsewhere", "warning", `${message}.`, {
      file,
      line,
      help: "If that is the database, take its address from the variables of database.url or database.env. Nothing else is reachable while revisions run, neither here nor in `migrate`.",
    }),
  )
}

/** A copy on which text sorts in another way, or an extension does other things, may not show what happens to the database. */
export function judgeCopy(differences: readonly string[]): Finding[] {
  return differences.map((one) =>
    finding("copy-differs", "warning", `${one}.`, {
      help: "Set database.image of tollgate.yaml to an image that has it.",
    }),
  )
}

/** Revisions that were applied, against what their files say now: one that was changed afterwards never ran as it reads. */
export function judgeApplied(description: Description, record: AppliedRecord): Finding[] {
  if (record.kind === "none") return []
  const findings: Finding[] = []
  if (record.broken !== null)
    findings.push(
      finding("record-broken", "error", `The hash chain of applied revisions is broken: ${record.broken}.`, {
        help: "The schema tollgate was edited by hand. Compare it with a backup before you migrate.",
      }),
    )
  for (const { applied, now } of changedRevisions(record, description.revisions)) {
    findings.push(
      finding(
        "applied-revision-changed",
        "error",
        `Revision ${now.revision} was applied at ${applied.appliedAt} with other content than ${now.file} has now (sha256 ${applied.sha256.slice(0, 12)}… then, ${now.sha256.slice(0, 12)}… now).`,
        {
          revision: now,
          help: "Restore the file, and write the change as a new revision.",
        },
      ),
    )
  }
  return findings
}
