import { randomUUID } from "node:crypto"
import type { Status } from "../../core/ci/status.js"
import { type CiPlace, type CiRan, ciRanOf } from "../../core/ledger/ci-ran.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { type PackedReport, packReport } from "../../core/ledger/report.js"
import { runId } from "../../core/qa/run-id.js"
import { ledgerAway } from "../../core/release/ledger/ledger-away.js"
import { bytes, count } from "../../core/shared/figures.js"
import { readLocalSource } from "../environment/read-settings.js"
import { caller } from "../ledger/caller.js"
import { throughLedger } from "../ledger/with-ledger.js"
import { placeOf } from "./place.js"
import { filesOfRun } from "./report-files.js"

/** What is tested belongs to no environment: it may be deployed to several. */
const NO_ENVIRONMENT = ""
/** Files that were left out and are named. */
const MOST_NAMED = 5

export interface RecordedRun {
  readonly status: Status
  /** Folder of its report; null: none was written. */
  readonly report: string | null
}

/** Opens the ledger before the run: a wrong URL is an error now, and not after minutes of tests. */
export async function recording<T>(
  options: { readonly source?: string | undefined; readonly base?: string | undefined; readonly ledger: string },
  source: string,
  work: (record: (run: RecordedRun) => Promise<string>) => Promise<T>,
): Promise<T> {
  const { settings } = readLocalSource(options.source)
  return await throughLedger(settings, null, options.ledger, (ledger) =>
    work((run) => recordRun(ledger, settings.ledger.service, placeOf(source, process.env, options.base), run)),
  )
}

/** Records a run, in the journal while the ledger is unreachable, and stores its report; says what became of both. */
export async function recordRun(
  ledger: Ledger,
  service: string,
  place: CiPlace,
  { status, report: folder }: RecordedRun,
): Promise<string> {
  const { who } = caller(process.env)
  const run = runId(new Date(status.startedAt))
  const context = { service, environment: NO_ENVIRONMENT, release: null, run, token: null, who }
  // the report first: with the event, every page shows the links to it
  const stored = folder === null ? null : await storeReport(ledger, place, status, folder)
  await ledger.record(context, ciRanOf(status, place, stored?.report ?? null))
  const away = ledgerAway(ledger)
  return [
    away === null ? "Recorded in the ledger." : `Not recorded yet: ${away}`,
    ...(stored === null ? [] : [stored.words]),
  ].join("\n")
}

/** Never throws: a run is recorded without its report as well. */
async function storeReport(
  ledger: Ledger,
  { branch }: CiPlace,
  status: Status,
  folder: string,
): Promise<{ report: CiRan["report"]; words: string }> {
  const id = randomUUID()
  try {
    const packed = packReport(filesOfRun(folder, status))
    await ledger.storeReport({ id, app: status.app, branch }, packed)
    const { sha256, files, bytes: size, leftOut } = packed
    const report = { id, sha256, files: files.length, bytes: size, leftOut: leftOut.length }
    return { report, words: storedWords(packed) }
  } catch (error) {
    return { report: null, words: `Report not stored: ${error instanceof Error ? error.message : String(error)}` }
  }
}

export function storedWords({ files, bytes: size, leftOut }: PackedReport): string {
  const words = `Report stored: ${count(files.length, "file")}, ${bytes(size)} compressed.`
  if (leftOut.length === 0) return words
  const more = leftOut.length - MOST_NAMED
  return `${words} Left out, over a limit: ${leftOut.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`
}
