import type { Status } from "../../core/ci/status.js"
import { type CiPlace, ciRanOf } from "../../core/ledger/ci-ran.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { runId } from "../../core/qa/run-id.js"
import { ledgerAway } from "../../core/release/ledger/ledger-away.js"
import { readLocalSource } from "../environment/read-settings.js"
import { caller } from "../ledger/caller.js"
import { throughLedger } from "../ledger/with-ledger.js"
import { placeOf } from "./place.js"

/** What is tested belongs to no environment: it may be deployed to several. */
const NO_ENVIRONMENT = ""

/** Opens the ledger before the run: a wrong URL is an error now, and not after minutes of tests. */
export async function recording<T>(
  options: { readonly source?: string | undefined; readonly base?: string | undefined; readonly ledger: string },
  source: string,
  work: (record: (status: Status) => Promise<string>) => Promise<T>,
): Promise<T> {
  const { settings } = readLocalSource(options.source)
  return await throughLedger(settings, null, options.ledger, (ledger) =>
    work((status) => recordRun(ledger, settings.ledger.service, placeOf(source, process.env, options.base), status)),
  )
}

/** Records a run, in the journal while the ledger is unreachable; says which of the two. */
export async function recordRun(ledger: Ledger, service: string, place: CiPlace, status: Status): Promise<string> {
  const { who } = caller(process.env)
  const run = runId(new Date(status.startedAt))
  const context = { service, environment: NO_ENVIRONMENT, release: null, run, token: null, who }
  await ledger.record(context, ciRanOf(status, place))
  const away = ledgerAway(ledger)
  return away === null ? "Recorded in the ledger." : `Not recorded yet: ${away}`
}
