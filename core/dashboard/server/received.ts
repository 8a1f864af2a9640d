import { codeOf } from "../../database/connect/session.js"
import { TollgateError } from "../../shared/errors.js"

export interface Refusal {
  readonly code: string
  /** Goes on from "it". */
  readonly message: string
}

/** What became of a file that a browser signed. */
export type Received =
  | { readonly kind: "recorded"; readonly answer: Readonly<Record<string, string>> }
  | { readonly kind: "refused"; readonly problems: readonly Refusal[] }

export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function refusedByLedger(error: unknown): Refusal | null {
  if (error instanceof TollgateError && error.code === "request-replayed")
    return { code: error.code, message: "has the id of a request that the ledger already has" }
  if (codeOf(error) === "42501")
    return {
      code: "ledger-rights",
      message:
        "cannot be recorded: the dashboard's role of the ledger may not INSERT into tollgate_ledger.events. Use the command line, or grant it",
    }
  return null
}
