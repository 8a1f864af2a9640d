import { codeOf, type Session } from "../../database/connect/session.js"
import type { ListedFile } from "../../ledger/report.js"
import { filesOfReport, pagesOfReports } from "../../ledger/report-rows.js"
import { LINKED } from "../model/report-links.js"

/** Paths of the files that a report in the ledger has, by its id. */
export type KeptPages = ReadonlyMap<string, ReadonlySet<string>>

export async function keptPages(session: Session, service: string, ids: readonly string[]): Promise<KeptPages> {
  const kept = new Map<string, Set<string>>()
  const rows = ids.length === 0 ? [] : await readable(() => pagesOfReports(session, service, ids, LINKED))
  for (const { report, path } of rows) kept.set(report, (kept.get(report) ?? new Set()).add(path))
  return kept
}

export function keptFiles(session: Session, service: string, id: string): Promise<ListedFile[]> {
  return readable(() => filesOfReport(session, service, id))
}

/** A role from before the ledger kept reports may read everything else. */
async function readable<T>(ask: () => Promise<T[]>): Promise<T[]> {
  try {
    return await ask()
  } catch (error) {
    if (codeOf(error) === "42501") return []
    throw error
  }
}
