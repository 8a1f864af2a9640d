import { codeOf } from "../../database/connect/session.js"
import { listDigest, unpackFile } from "../../ledger/report.js"
import { contentOfFile, filesOfReport } from "../../ledger/report-rows.js"
import { KEPT_OF_BRANCH, KEPT_OF_SERVICE } from "../../ledger/report-schema.js"
import { ciRunOf } from "../model/ci-run.js"
import type { Questions } from "../reading/questions.js"
import type { LedgerReader } from "../reading/reader.js"

export type ReportFile =
  | { readonly kind: "file"; readonly content: Buffer /** null: it is downloaded. */; readonly type: string | null }
  | { readonly kind: "missing" | "changed"; readonly words: string }

/** What a browser shows of a report. Nothing that can run, or refer to something else, is among them: no SVG, no XML. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["html", "text/html; charset=utf-8"],
  ...["txt", "log", "md", "json", "sarif", "xml", "csv", "info"].map((extension): [string, string] => [
    extension,
    "text/plain; charset=utf-8",
  ]),
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
])

/** By its extension alone: what is in a file never decides what it is. */
export function typeOf(path: string): string | null {
  const [, extension = ""] = /\.([a-z]+)$/.exec(path) ?? []
  return TYPES.get(extension) ?? null
}

/** The path as the address has it, decoded once; null: it is none. */
export function pathIn(address: string, prefix: string): string | null {
  if (!address.startsWith(prefix)) return null
  try {
    return decodeURIComponent(address.slice(prefix.length))
  } catch {
    return null
  }
}

const missing = (words: string): ReportFile => ({ kind: "missing", words })

/**
 * A file of the report of a run. It is looked up in the ledger's list by its exact path; no disk is read. A list or a file that is not the
 * one of the run's event is not served.
 *
 * @param number of the run's event, as the address has it
 */
export async function reportFile(
  reader: Pick<LedgerReader, "service" | "once">,
  ask: Pick<Questions, "ciRun">,
  number: string,
  path: string,
): Promise<ReportFile> {
  const { value } = await ask.ciRun(/^\d{1,15}$/.test(number) ? Number(number) : 0)
  const [run] = value === null ? [] : ciRunOf(value)
  if (run === undefined) return missing("The ledger has no run of ci with this number.")
  const { report } = run
  if (report === null) return missing("The report of this run was not stored.")
  const files = await readable(() => reader.once((session) => filesOfReport(session, reader.service, report.id)))
  if (files === null) return missing("The user of the dashboard's ledger may not read reports: docs/ledger.md, Tables.")
  if (files.length === 0)
    return missing(
      `This report is no longer kept: only the latest ${KEPT_OF_BRANCH} of a branch are, and ${KEPT_OF_SERVICE} in all.`,
    )
  if (listDigest(files) !== report.sha256)
    return { kind: "changed", words: "The files of this report are not those that the run recorded." }
  const listed = files.find((file) => file.path === path)
  if (listed === undefined) return missing("The report of this run has no such file.")
  const packed = await reader.once((session) => contentOfFile(session, report.id, path))
  const content = packed === null ? null : unpackFile(listed, packed)
  if (content === null) return { kind: "changed", words: "This file is not the one that the run recorded." }
  return { kind: "file", content, type: typeOf(path) }
}

async function readable<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (codeOf(error) === "42501") return null
    throw error
  }
}
