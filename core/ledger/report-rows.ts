import { z } from "zod"
import type { Session } from "../database/connect/session.js"
import { inTransaction } from "./link.js"
import type { ListedFile, PackedReport, ReportOrigin } from "./report.js"
import { MOST_FILES } from "./report-schema.js"

/** All of it or nothing. */
export function insertReport(
  session: Session,
  service: string,
  { id, app, branch }: ReportOrigin,
  { files }: PackedReport,
): Promise<void> {
  return inTransaction(session, async () => {
    await session.run(
      "INSERT INTO tollgate_ledger.reports (id, service, app, branch, at) VALUES ($1, $2, $3, $4, clock_timestamp())",
      [id, service, app, branch ?? ""],
    )
    for (const { path, sha256, bytes, content } of files)
      await session.run(
        "INSERT INTO tollgate_ledger.report_files (report, path, sha256, bytes, content) VALUES ($1, $2, $3, $4, $5)",
        [id, path, sha256, bytes, content],
      )
  })
}

const listed = z.object({ path: z.string(), sha256: z.string(), bytes: z.int() })

/** The files of a report; none: it is not kept. One more than a report may have is enough to know that it was changed. */
export function filesOfReport(session: Session, service: string, id: string): Promise<ListedFile[]> {
  return session.rows(
    listed,
    `SELECT f.path, f.sha256, f.bytes FROM tollgate_ledger.reports r JOIN tollgate_ledger.report_files f ON f.report = r.id
     WHERE r.id = $1 AND r.service = $2 ORDER BY f.path COLLATE "C" LIMIT ${MOST_FILES + 1}`,
    [id, service],
  )
}

/** Compressed; null: there is no such file. */
export async function contentOfFile(session: Session, id: string, path: string): Promise<Buffer | null> {
  const [row] = await session.rows(
    z.object({ content: z.instanceof(Buffer) }),
    "SELECT content FROM tollgate_ledger.report_files WHERE report = $1 AND path = $2",
    [id, path],
  )
  return row?.content ?? null
}

/** Which of these paths some reports have. */
export function pagesOfReports(
  session: Session,
  service: string,
  ids: readonly string[],
  paths: readonly string[],
): Promise<{ report: string; path: string }[]> {
  return session.rows(
    z.object({ report: z.string(), path: z.string() }),
    `SELECT f.report::text AS report, f.path FROM tollgate_ledger.reports r JOIN tollgate_ledger.report_files f ON f.report = r.id
     WHERE r.id = ANY ($1::uuid[]) AND r.service = $2 AND f.path = ANY ($3::text[])`,
    [ids, service, paths],
  )
}
