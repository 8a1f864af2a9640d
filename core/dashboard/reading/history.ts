import type { Session } from "../../database/connect/session.js"
import type { LedgerEvent } from "../../ledger/event.js"
import { releasesOf } from "../../ledger/fold.js"
import type { LeaseHolder, ReleaseRecord } from "../../ledger/ledger.js"
import { type HistoryFilter, matches, rangeOf } from "../model/filter.js"
import { endsOfReleases, numberAt, ofReleases, type Position, startsBefore } from "./rows.js"

export interface HistoryPage {
  /** The newest first. */
  readonly releases: readonly ReleaseRecord[]
  /** Event number from which on older ones are searched; null: this is the end. */
  readonly next: number | null
  /** Releases that were looked at. */
  readonly searched: number
}

export const PAGE_SIZE = 50
/** Releases that one request looks at: a filter that matches nothing must not read all of a long history. */
const MOST_SEARCHED = 1000
/** Events of the releases of one page; more are of a release that is broken. */
const MOST_EVENTS = 20_000

/**
 * One page of the history of some environments.
 *
 * @param holders current holders of their leases
 */
export async function historyPage(
  session: Session,
  service: string,
  environments: readonly string[],
  holders: ReadonlyMap<string, LeaseHolder | null>,
  filter: HistoryFilter,
  { number: last }: Position,
): Promise<HistoryPage> {
  const range = rangeOf(filter)
  const from = range.from === null ? 1 : await numberAt(session, range.from, last)
  const until = range.until === null ? last + 1 : await numberAt(session, range.until, last)
  const found: { environment: string; id: string }[] = []
  let before = Math.min(filter.before ?? last + 1, until)
  let searched = 0
  let next: number | null = null
  for (;;) {
    const all: LedgerEvent[] = []
    for (const environment of environments)
      all.push(...(await startsBefore(session, service, environment, { before, from }, PAGE_SIZE)))
    const starts = all.sort((one, other) => other.number - one.number).slice(0, PAGE_SIZE)
    const records = isNarrow(filter) ? await recordsOf(starts, endsOfReleases) : null
    for (const { context, number } of starts) {
      const { environment, release: id } = context
      if (id === null || found.length === PAGE_SIZE) continue
      searched += 1
      before = number
      const record = records?.get(`${environment} ${id}`)
      if (records === null || (record !== undefined && matches(record, filter))) found.push({ environment, id })
    }
    next = before
    if (found.length === PAGE_SIZE || searched >= MOST_SEARCHED) break
    if (starts.length < PAGE_SIZE) {
      next = null
      break
    }
  }
  const shown = await recordsOf(
    found.map(({ environment, id }) => ({ context: { environment, release: id } })),
    ofReleases,
  )
  const releases = found.flatMap(({ environment, id }) => shown.get(`${environment} ${id}`) ?? [])
  return { releases, next, searched }

  async function recordsOf(
    of: readonly { readonly context: Pick<LedgerEvent["context"], "environment" | "release"> }[],
    read: typeof ofReleases,
  ): Promise<Map<string, ReleaseRecord>> {
    const records = new Map<string, ReleaseRecord>()
    for (const environment of environments) {
      const ids = of.flatMap(({ context }) =>
        context.environment === environment && context.release !== null ? [context.release] : [],
      )
      const events = await read(session, service, environment, ids, MOST_EVENTS)
      for (const record of releasesOf(events, holders.get(environment) ?? null))
        records.set(`${environment} ${record.id}`, record)
    }
    return records
  }
}

/** Whether a release must be read to know that it belongs to the page. */
function isNarrow({ action, outcome, who }: HistoryFilter): boolean {
  return action !== null || outcome !== null || who !== null
}
