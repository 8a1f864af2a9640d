import type { Revision } from "../../alembic/revision.js"
import type { Change } from "../answers.js"
import { Lineage } from "../lineage.js"
import type { Finding, Mention, RunningUse } from "../plan.js"
import { finding } from "./finding.js"
import { narrows } from "./narrowing.js"

export interface RevisionChanges {
  revision: Revision
  changes: { change: Change; line: number | null; statement: string | null }[]
}

/** A change that the version which is running now may not survive. */
interface Destructive {
  code: string
  what: string
  help: string
  table: string
  /** null: it concerns the table as a whole. */
  column: string | null
}

/**
 * Two versions of an app run on one database while a release is under way. What takes something away that the running one
 * uses belongs into a later release (the contract phase of expand and contract), once nothing uses it any more.
 */
export function judgeDestructive(
  revisions: RevisionChanges[],
  contract: readonly string[],
  running: RunningUse,
): Finding[] {
  const lineage = new Lineage()
  return revisions.flatMap(({ revision, changes }) =>
    changes.flatMap(({ change, line, statement }) => {
      const destructive = destructiveOf(change, lineage)
      lineage.follow(change)
      return destructive === null
        ? []
        : [judge(destructive, { revision, line, statement }, contract.includes(revision.revision), running)]
    }),
  )
}

function destructiveOf(change: Change, lineage: Lineage): Destructive | null {
  if (change.kind === "function-dropped")
    return {
      code: "function-dropped",
      what: `drops the function ${change.table}`,
      help: "Drop it in a later release, when nothing calls it.",
      table: change.table,
      column: null,
    }
  const table = lineage.table(change.schema, change.table)
  if (table === null) return null
  const column = change.column === null ? null : lineage.column(change.schema, change.table, change.column)
  const shown = display(table)
  const place = { table, column }
  switch (change.kind) {
    case "relation-dropped":
      return {
        ...place,
        code: "table-dropped",
        what: `drops ${shown}`,
        help: "Drop it in a later release, when the running version no longer uses it, and mark that revision in database.contract.",
      }
    case "relation-renamed":
      return {
        ...place,
        code: "table-renamed",
        what: `renames ${shown} to ${change.to ?? "?"}`,
        help: "Rename in steps: make the new one, write to both, switch, and drop the old one in a later release.",
      }
    case "column-dropped":
      return {
        ...place,
        code: "column-dropped",
        what: `drops ${shown}.${column}`,
        help: "Drop it in a later release, when the running version no longer uses it, and mark that revision in database.contract.",
      }
    case "column-renamed":
      return {
        ...place,
        code: "column-renamed",
        what: `renames ${shown}.${column} to ${change.to ?? "?"}`,
        help: "Add the new column, write to both, copy, switch, and drop the old one in a later release.",
      }
    case "column-type": {
      const { from, to } = change
      if (from === null || to === null || !narrows(from, to)) return null
      return {
        ...place,
        code: "type-narrowed",
        what: `changes ${shown}.${column} from ${from} to ${to}, which not every value fits`,
        help: "Add a column of the new type, write to both, copy, switch, and drop the old one in a later release.",
      }
    }
    case "column-required":
      return change.to === "new"
        ? {
            table,
            column: null,
            code: "column-required",
            what: `adds ${shown}.${column}, which must have a value and has no default`,
            help: "Give it a default, or let it be null until every running version writes it.",
          }
        : {
            ...place,
            code: "column-required",
            what: `makes ${shown}.${column} NOT NULL without a default`,
            help: "First release the version that always writes it, then require it.",
          }
    default:
      return null
  }
}

function judge(
  destructive: Destructive,
  at: { revision: Revision; line: number | null; statement: string | null },
  contract: boolean,
  running: RunningUse,
): Finding {
  const { code, what } = destructive
  const about = { ...at, help: destructive.help }
  if (running.kind === "unknown") {
    if (contract)
      return finding(code, "note", `${at.revision.revision} ${what}. It is marked as contract phase.`, {
        ...about,
        help: null,
      })
    return finding(
      code,
      "error",
      `${at.revision.revision} ${what}, and the running version may use it: ${running.why}.`,
      about,
    )
  }
  const used = usesOf(destructive, running)
  const where = places(used.mentions)
  if (used.mapped) {
    if (!contract)
      return finding(
        code,
        "error",
        `${at.revision.revision} ${what}, which the running version's models map${where}.`,
        about,
      )
    return finding(
      "contract-too-early",
      "error",
      `${at.revision.revision} ${what}. It is marked as contract phase, but the running version's models still map it${where}.`,
      {
        ...about,
        help: "First release a version whose models do not have it.",
      },
    )
  }
  if (used.mentions.length > 0)
    return finding(
      code,
      contract ? "warning" : "error",
      `${at.revision.revision} ${what}. The running version's models do not map it, but the name stands in its source${where}.`,
      about,
    )
  return finding(
    code,
    contract ? "note" : "warning",
    `${at.revision.revision} ${what}. Neither the running version's models nor its source name it.`,
    { ...about, help: null },
  )
}

function usesOf(
  { table, column }: Destructive,
  running: Extract<RunningUse, { kind: "known" }>,
): { mapped: boolean; mentions: Mention[] } {
  const [schema, name] = splitName(table)
  // models leave out the schema that the search path finds
  const mapped = running.tables.filter((one) => one.table === name && (one.schema === null || one.schema === schema))
  return {
    mapped: mapped.some(({ columns }) => column === null || columns.includes(column)),
    mentions: running.mentions.get(column ?? name) ?? [],
  }
}

function splitName(table: string): [schema: string, name: string] {
  const name = table.replace(/\(.*$/, "")
  const dot = name.indexOf(".")
  return dot === -1 ? ["public", name] : [name.slice(0, dot), name.slice(dot + 1)]
}

function display(table: string): string {
  return table.startsWith("public.") ? table.slice("public.".length) : table
}

function places(mentions: Mention[]): string {
  const shown = mentions.slice(0, 3).map(({ file, line }) => `${file}:${line}`)
  return shown.length === 0 ? "" : ` (${shown.join(", ")})`
}
