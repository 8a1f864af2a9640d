import { z } from "zod"
import { EMPTY_CHAIN, followChain } from "../ledger/chain.js"
import type { ChainedRow } from "../ledger/chained-row.js"
import { happening } from "../ledger/event.js"
import type { ChainVerdict, Ledger } from "../ledger/ledger.js"
import { TollgateError } from "../shared/errors.js"
import { AUDIT_FORMAT, AUDIT_VERSION, type AuditRow, contextOf, type Evidence } from "./evidence.js"
import type { Period } from "./period.js"

const PAGE = 1000

type Source = Pick<Ledger, "rowsAfter" | "rowsOf" | "holder">

export interface ReadRequest {
  readonly service: string
  readonly environment: string
  readonly period: Period
  /** Leave out the content of other services' events. */
  readonly hideOthers: boolean
  readonly now: Date
}

/**
 * Reads what an export needs. Every event of the ledger is read and its chain verified before.
 *
 * @throws TollgateError `audit-chain-broken`
 */
export async function readEvidence(ledger: Source, request: ReadRequest): Promise<Evidence> {
  const { service, environment, period, hideOthers, now } = request
  const held = await ledger.holder(environment)
  const found = new Range(request)
  const verdict = await visit(ledger, (row) => found.add(row))
  const { from, through } = found.numbers(verdict.events)
  const chain: ChainedRow[] = []
  for (let after = from - 1; after < through; ) {
    const rows = await ledger.rowsAfter(after, Math.min(PAGE, through - after))
    if (rows.length === 0) break
    chain.push(...rows)
    after += rows.length
  }
  const outside = await readOutside(ledger, request, chain, found)
  const hidden = ({ body, ...row }: ChainedRow): AuditRow => ({
    ...row,
    body: hideOthers && contextOf(body).service !== service ? null : body,
  })
  return {
    head: {
      format: AUDIT_FORMAT,
      version: AUDIT_VERSION,
      service,
      environment,
      ...period,
      exportedAt: now.toISOString(),
      othersHidden: hideOthers,
      running: held?.run ?? null,
      ledger: { events: verdict.events, head: verdict.head },
    },
    chain: chain.map(hidden),
    outside: outside.map((row) => ({ ...row })),
  }
}

async function visit(
  ledger: Source,
  each: (row: ChainedRow) => void,
): Promise<Extract<ChainVerdict, { kind: "whole" }>> {
  let verdict: ChainVerdict = EMPTY_CHAIN
  for (;;) {
    const rows = await ledger.rowsAfter(verdict.events, PAGE)
    verdict = followChain(verdict, rows)
    if (verdict.kind === "broken")
      throw new TollgateError(
        "audit-chain-broken",
        `The ledger's hash chain is broken at event ${verdict.number}: ${verdict.why}.`,
        "Restore the ledger from a backup, and find out who changed it. `tollgate ledger verify` checks it again. Nothing was written.",
      )
    for (const row of rows) each(row)
    if (rows.length < PAGE) return verdict
  }
}

/** Finds the events that an export needs, from the first to the last. */
class Range {
  /** Releases with events before the period. */
  readonly earlier = new Set<string>()
  readonly #request: ReadRequest
  /** By release that started in the period or later: its first start in it, and its last event, without its review. */
  readonly #releases = new Map<string, { start: number; end: number }>()
  #first: number | null = null
  #last = 0
  #lastBefore = 0

  constructor(request: ReadRequest) {
    this.#request = request
  }

  add({ number, at, body }: ChainedRow): void {
    const { period, service, environment } = this.#request
    if (at >= period.from) this.#first ??= at < period.to ? number : null
    else if (this.#first === null) this.#lastBefore = number
    if (this.#first !== null && at < period.to) this.#last = number
    const context = contextOf(body)
    const { release, kind } = context
    if (release === null || context.service !== service || context.environment !== environment) return
    if (this.#first === null) this.earlier.add(release)
    else if (kind === "release-started" && !this.#releases.has(release))
      this.#releases.set(release, { start: number, end: number })
    const known = this.#releases.get(release)
    if (known !== undefined && kind !== "glass-reviewed") known.end = number
  }

  /** Releases that started in the period, or were continued in it. */
  get population(): Set<string> {
    return new Set([...this.#releases].flatMap(([release, { start }]) => (start <= this.#last ? [release] : [])))
  }

  numbers(events: number): { from: number; through: number } {
    const last = this.#first === null ? this.#lastBefore : this.#last
    const ends = [...this.#releases.values()].flatMap(({ start, end }) => (start <= this.#last ? [end] : []))
    return {
      from: Math.max(1, this.#first === null ? this.#lastBefore : this.#first - 1),
      through: Math.min(
        events,
        ends.reduce((one, other) => Math.max(one, other), last + 1),
      ),
    }
  }
}

async function readOutside(
  ledger: Source,
  { environment, service }: ReadRequest,
  chain: readonly ChainedRow[],
  range: Range,
): Promise<ChainedRow[]> {
  const { population } = range
  const [first, last] = [chain[0]?.number ?? 1, chain.at(-1)?.number ?? 0]
  const incomplete = new Set<string>()
  for (const { body } of chain) {
    const { release, kind, ...one } = contextOf(body)
    if (release === null || one.service !== service || one.environment !== environment) continue
    // of others every event is in the chain, except a review, which only break-glass has
    if (range.earlier.has(release) || kind === "broke-glass") incomplete.add(release)
  }
  const found = new Map<number, ChainedRow>()
  const plans = new Set<string>()
  const note = (row: ChainedRow) => {
    found.set(row.number, row)
    for (const plan of plansOf(row)) plans.add(plan)
  }
  for (const row of chain) for (const plan of plansOf(row)) plans.add(plan)
  for (const row of await ledger.rowsOf(environment, { kind: "policy-adopted" })) if (row.number < first) note(row)
  for (const release of incomplete)
    for (const row of await ledger.rowsOf(environment, { release })) {
      const late = row.number > last && population.has(release) && contextOf(row.body).kind === "glass-reviewed"
      if (row.number < first || late) note(row)
    }
  for (const row of await ledger.rowsOf(environment, { kind: "planned" }))
    if (row.number < first && plansOf(row).some((plan) => plans.has(plan))) note(row)
  return [...found.values()].sort((one, other) => one.number - other.number)
}

const withWhat = z.object({ what: happening })

/** Ids of the plans that an event is about. */
function plansOf({ body }: ChainedRow): string[] {
  if (!body.includes('"planId"')) return []
  const parsed = withWhat.safeParse(JSON.parse(body))
  const id = parsed.success && "planId" in parsed.data.what ? parsed.data.what.planId : null
  return id === null ? [] : [id]
}
