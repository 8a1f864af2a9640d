import { z } from "zod"
import type { ChainedRow } from "../ledger/chained-row.js"
import type { LedgerEvent } from "../ledger/event.js"
import { eventOf } from "../ledger/rows.js"

/** What an export holds: everything else in its folder is derived from this. */

export const AUDIT_FORMAT = "tollgate-audit"
/** Grows with every change of what the files say: another version could not compare them. */
export const AUDIT_VERSION = 1

const ledgerMoment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** audit.json */
export const auditHead = z.strictObject({
  format: z.literal(AUDIT_FORMAT),
  version: z.literal(AUDIT_VERSION),
  service: z.string().min(1),
  environment: z.string().min(1),
  from: ledgerMoment,
  to: ledgerMoment,
  exportedAt: z.iso.datetime({ offset: true }),
  /** Whether the content of other services' events was left out. */
  othersHidden: z.boolean(),
  /** The run that held the environment's lease at the export; null: none. Its release is not finished. */
  running: z.string().nullable(),
  /** The whole ledger at the export: a head to keep. */
  ledger: z.strictObject({ events: z.int().min(0), head: hash }),
})
export type AuditHead = z.output<typeof auditHead>

/** A row of the ledger; without its body where that belongs to another service and was left out. */
export type AuditRow = Omit<ChainedRow, "body"> & { readonly body: string | null }

export const auditRow = z.strictObject({
  number: z.int().min(1),
  at: ledgerMoment,
  journaled: z.boolean(),
  stale: z.boolean(),
  previous: hash,
  hash,
  body: z.string().nullable(),
})

export interface Evidence {
  readonly head: AuditHead
  /** From the last event before the period to the first after it, or to the last one of a change of the period. */
  readonly chain: readonly AuditRow[]
  /** Single events from before and after: policies, plans, the start of changes that were running, later reviews. */
  readonly outside: readonly AuditRow[]
}

/** The events of the export's own service and environment, oldest first. */
export function ownEvents({ head, chain, outside }: Evidence): LedgerEvent[] {
  return [...chain, ...outside]
    .sort((one, other) => one.number - other.number)
    .flatMap(({ body, ...row }) => (body === null ? [] : eventOf({ ...row, body })))
    .filter(({ context }) => context.service === head.service && context.environment === head.environment)
}

/** Numbers of the first and the last event of the period; null: it has none. */
export function numbersOf({ head, chain }: Pick<Evidence, "head" | "chain">): { first: number; last: number } | null {
  const first = chain.find(({ at }) => at >= head.from)
  const last = chain.findLast(({ at }) => at < head.to)
  return first === undefined || last === undefined || last.number < first.number
    ? null
    : { first: first.number, last: last.number }
}

const body = z.object({
  context: z.object({ service: z.string(), environment: z.string(), release: z.string().nullable() }),
  what: z.object({ kind: z.string() }),
})

/** What an event is about, also of a kind that only a later Tollgate knows. The database's own columns are made of the same fields. */
export function contextOf(text: string): {
  service: string
  environment: string
  release: string | null
  kind: string
} {
  const { context, what } = body.parse(JSON.parse(text))
  return { ...context, kind: what.kind }
}
