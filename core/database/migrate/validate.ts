import { count } from "../../shared/figures.js"
import type { Observation } from "../copy/observe.js"

/** What was asked of the database: pure, and the same for the rehearsal, the real upgrade, and every undo. */
export interface Expected {
  revision: string[]
  /** The schema that it must have; null when only the models can say. */
  schema: string | null
  before: Observation
}

/** Everything that is wrong; nothing when it is valid. */
export function validate(now: Observation, expected: Expected, differences: readonly string[]): string[] {
  const { before } = expected
  const problems: string[] = []
  if (now.revision.join() !== expected.revision.join())
    problems.push(`the revision is ${revisionName(now.revision)}, expected ${revisionName(expected.revision)}`)
  if (expected.schema !== null && now.schema !== expected.schema) problems.push("the schema is not the one from before")
  for (const [table, rows] of Object.entries(before.rows)) {
    const left = now.rows[table]
    if (left === undefined && rows > 0) problems.push(`the protected table ${table} is gone; it had ${rows} rows`)
    else if (left !== undefined && left < rows)
      problems.push(`the protected table ${table} has lost ${rows - left} of ${rows} rows`)
  }
  for (const [name, rows] of Object.entries(now.broken)) {
    if (typeof rows === "string") problems.push(`the query of the invariant ${name} failed: ${rows}`)
    else if (rows > 0) problems.push(`the invariant ${name} is broken by ${count(rows, "row")}`)
  }
  for (const [name, answer] of Object.entries(now.unchanged)) {
    const was = before.unchanged[name]
    if (answer === null) problems.push(`the query of ${name} (database.unchanged) failed`)
    else if (was !== null && was !== undefined && was !== answer)
      problems.push(`${name} has changed: ${short(was)} before, ${short(answer)} now`)
  }
  for (const difference of differences) problems.push(`schema and models differ: ${difference}`)
  return problems
}

/** What is wrong already, before anything was done: it would be taken for the migration's doing. */
export function brokenBefore(before: Observation): string[] {
  return Object.entries(before.broken).flatMap(([name, rows]) =>
    typeof rows === "number" && rows > 0
      ? [`the invariant ${name} is broken by ${count(rows, "row")} already, before the migration`]
      : [],
  )
}

export function revisionName(revision: readonly string[]): string {
  return revision.length === 0 ? "none" : revision.join(", ")
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ")
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
