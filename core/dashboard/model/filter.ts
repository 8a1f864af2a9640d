import { z } from "zod"
import { RELEASE_ACTIONS, RELEASE_OUTCOMES } from "../../ledger/event.js"
import type { ReleaseRecord } from "../../ledger/ledger.js"

export const OUTCOMES = [...RELEASE_OUTCOMES, "running"] as const

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((written) => !Number.isNaN(Date.parse(`${written}T00:00:00Z`)))
const optional = <Schema extends z.ZodType<string>>(schema: Schema) => schema.nullable().catch(null)

/** The filter of the history, as a page's address has it. What cannot be read does not count. */
const query = z.object({
  env: optional(z.string().min(1).max(200)),
  action: optional(z.enum(RELEASE_ACTIONS)),
  outcome: optional(z.enum(OUTCOMES)),
  who: optional(z.string().trim().min(1).max(200)),
  from: optional(day),
  to: optional(day),
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable().catch(null),
})
export type HistoryFilter = z.output<typeof query>

export function readFilter(given: Readonly<Record<string, string>>): HistoryFilter {
  const entry = (name: string) => (Object.hasOwn(given, name) && given[name] !== "" ? given[name] : null)
  return query.parse({
    env: entry("env"),
    action: entry("action"),
    outcome: entry("outcome"),
    who: entry("who"),
    from: entry("from"),
    to: entry("to"),
    before: entry("before"),
  })
}

export function matches(release: ReleaseRecord, { action, outcome, who }: HistoryFilter): boolean {
  return (
    (action === null || release.action === action) &&
    (outcome === null || release.outcome === outcome) &&
    (who === null || release.who.toLowerCase().includes(who.toLowerCase()))
  )
}

/** The moments between which a release started, days in UTC; `until` is not part of it. */
export function rangeOf({ from, to }: HistoryFilter): { from: string | null; until: string | null } {
  return {
    from: from === null ? null : `${from}T00:00:00.000Z`,
    until: to === null ? null : new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString(),
  }
}

/** The address of the same filter, with changes. */
export function addressOf(filter: HistoryFilter, change: Partial<HistoryFilter> = {}): string {
  const parts = Object.entries({ ...filter, ...change }).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, String(value)]],
  )
  const text = new URLSearchParams(parts).toString()
  return text === "" ? "/history" : `/history?${text}`
}
