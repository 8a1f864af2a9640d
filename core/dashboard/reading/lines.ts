import type { Session } from "../../database/connect/session.js"
import {
  type LineFilter,
  type LineSummary,
  linesOfRelease,
  maySelectLines,
  type StoredLine,
  summaryOfLines,
} from "../../ledger/logs/rows.js"

/** Log lines that a page shows. */
export const LINES_ON_PAGE = 200

export type LineFacts =
  | {
      readonly kind: "read"
      /** Those that match, the oldest first. */
      readonly lines: readonly StoredLine[]
      /** Whether there are older ones that match. */
      readonly more: boolean
      readonly summary: LineSummary
    }
  /** The role of the dashboard's ledger has no privilege for them. */
  | { readonly kind: "refused" }

export async function lineFacts(
  session: Session,
  of: readonly [service: string, environment: string, release: string],
  filter: LineFilter,
): Promise<LineFacts> {
  if (!(await maySelectLines(session))) return { kind: "refused" }
  const found = await linesOfRelease(session, of, filter, LINES_ON_PAGE + 1)
  return {
    kind: "read",
    lines: found.slice(0, LINES_ON_PAGE).reverse(),
    more: found.length > LINES_ON_PAGE,
    summary: await summaryOfLines(session, of),
  }
}
