import { createHash } from "node:crypto"
import type { Commands } from "../alembic/migration-tool.js"
import type { Revision } from "../alembic/revision.js"
import { keepsBooks, type Logged, onlyAsks } from "./logged-statements.js"

/** Its output, line by line: `revision` is compared as a whole. */
export function revisionLines(output: string): string[] {
  const text = output.trim()
  return text === "" ? [] : text.split("\n").map((line) => line.trimEnd())
}

/** What a plan calls the step from one revision to another: what is new in the later one. */
export function stepName(from: readonly string[], to: readonly string[]): string {
  const added = to.filter((line) => !from.includes(line))
  return (added.length === 0 ? to : added).join(", ") || "next"
}

/** What changes from run to run and means nothing: a time that a tool writes down, an id that it makes up. */
const VARIES =
  /'\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}[^']*'|'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'/gi

/** The statements as a script. Those that only ask, and those of the tool's own tables, are left out. */
export function scriptOf(statements: readonly Logged[], books: readonly string[]): string[] {
  const pieces: string[] = []
  let open = ""
  const end = (): void => {
    if (open !== "") pieces.push("COMMIT;\n")
    open = ""
  }
  for (const { text, transaction, explicit } of statements) {
    if (onlyAsks(text) || keepsBooks(text, books)) continue
    const several = /;\s*\S/.test(text) && !/(?:^|;)\s*(?:BEGIN|COMMIT)\b/i.test(text)
    // several statements sent as one are one transaction
    const within = explicit || several ? transaction : ""
    if (within !== open) {
      end()
      if (within !== "") pieces.push("BEGIN;\n")
      open = within
    }
    pieces.push(`${text.replace(/;\s*$/, "")};\n`)
  }
  end()
  return pieces
}

/** By which an approval and a measured time know the same migration again. */
export function steadyScript(pieces: readonly string[]): string {
  return pieces.join("").replace(VARIES, "'…'")
}

/** All that `migrate` does from here, as one revision. */
export function pendingRevision(
  commands: Commands,
  from: readonly string[],
  to: readonly string[] | null,
  pieces: readonly string[],
): Revision {
  const { migrate, revision, rollback = null } = commands
  const sha256 = createHash("sha256")
    .update(JSON.stringify({ migrate, revision, rollback, script: steadyScript(pieces) }))
    .digest("hex")
  const name = to === null ? "next" : stepName(from, to)
  return {
    revision: name,
    down: [...from],
    dependsOn: [],
    labels: [],
    message: migrate,
    file: "tollgate.yaml",
    sha256,
    upgrade: "work",
    downgrade: rollback === null ? "missing" : "work",
    downgradeLine: null,
    live: [],
  }
}
