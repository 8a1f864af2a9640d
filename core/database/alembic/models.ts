import { count } from "../../shared/figures.js"
import type { Comparison, Difference } from "./alembic-account.js"

/** The app's models against a database, judged by what the migration changed. */
export interface ModelsJudged {
  /** What the migration has made different, and what the new code would miss. */
  problems: string[]
  warnings: string[]
}

/** Without them the new code fails at its first query, whenever they went missing. */
const NEEDED = ["add_table", "add_column"]

/**
 * @param before keys of the differences that were there before the migration: a table of a library, a drift of long ago; null: not known
 */
export function judgeModels({ notCompared, differences }: Comparison, before: readonly string[] | null): ModelsJudged {
  if (notCompared !== null)
    return { problems: [], warnings: [`the models could not be compared with the schema: ${notCompared}`] }
  const wasThere = ({ kind, key }: Difference): boolean =>
    !NEEDED.includes(kind) && (before === null ? kind === "remove_table" : before.includes(key))
  const old = differences.filter(wasThere)
  return {
    problems: inOrder(differences.filter((one) => !wasThere(one))).map(words),
    warnings:
      old.length === 0
        ? []
        : [`${count(old.length, "earlier difference")} between models and database: ${shown(inOrder(old))}`],
  }
}

function inOrder(all: readonly Difference[]): Difference[] {
  return [...all].sort((one, other) => one.kind.localeCompare(other.kind) || one.what.localeCompare(other.what))
}

export function keysOf({ differences }: Comparison): string[] {
  return differences.map(({ key }) => key)
}

function words({ kind, what }: Difference): string {
  const [, verb = "", noun = ""] = /^(add|remove)_(.*)$/.exec(kind) ?? []
  const named = `${NOUNS.get(noun) ?? noun} ${what}`
  switch (verb) {
    case "add":
      return `${named} is in the models and not in the database`
    case "remove":
      return `${named} is in the database and not in the models`
    default:
      return `${kind.replace(/^modify_/, "")} of ${what}`
  }
}

const NOUNS = new Map([["fk", "foreign key"]])

const MOST = 3

/** The first of each kind, and how many more there are of it. */
function shown(all: readonly Difference[]): string {
  const kinds = [...new Set(all.map(({ kind }) => kind))]
  return kinds
    .map((kind) => {
      const alike = all.filter((one) => one.kind === kind).map(words)
      const rest = alike.length - MOST
      return `${alike.slice(0, MOST).join("; ")}${rest > 0 ? `; and ${rest} more of the same kind` : ""}`
    })
    .join("; ")
}
