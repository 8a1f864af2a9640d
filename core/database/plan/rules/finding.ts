import type { Revision } from "../../alembic/revision.js"
import type { Finding, Severity } from "../plan.js"

export interface About {
  revision?: Revision | undefined
  /** Where it is not in the revision's own file. */
  file?: string | null
  line?: number | null
  statement?: string | null
  help?: string | null
}

export function finding(code: string, severity: Severity, message: string, about: About = {}): Finding {
  return {
    code,
    severity,
    revision: about.revision?.revision ?? null,
    file: about.file ?? about.revision?.file ?? null,
    line: about.line ?? null,
    statement: about.statement ?? null,
    message,
    help: about.help ?? null,
    accepted: null,
  }
}

/** A statement in one line, short enough to stand in a sentence. */
export function brief(text: string, longest = 120): string {
  const plain = text.replace(/\s+/g, " ").trim()
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1)}…`
}

/** A cause in one line, all of it. */
export function whole(text: string): string {
  return text.replace(/\s+/g, " ").trim()
}
