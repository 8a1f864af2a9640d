import { type Markup, markup } from "../../presentation/html-markup.js"
import { list } from "./parts.js"

type Row = readonly [name: string, value: Markup]

/** Approvals in the ledger that do not count, each with its reason; no row when all count. */
export function uncountedRows(
  others: readonly { readonly approver: string; readonly code: string; readonly message: string }[],
): Row[] {
  if (others.length === 0) return []
  const lines = others.map(({ approver, code, message }) => markup`${approver}: it ${message} <code>${code}</code>`)
  return [["Do not count", list(lines, "")]]
}

/** Who may approve, and why others may not. */
export function approversList(
  approvers: readonly { readonly name: string; readonly whyNot: string | null }[],
  none = "no one",
): Markup {
  return list(
    approvers.map(({ name, whyNot }) => (whyNot === null ? markup`${name}` : markup`${name}: no, ${whyNot}`)),
    none,
  )
}
