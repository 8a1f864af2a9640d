import { randomUUID } from "node:crypto"
import type { EventBody, EventContext, Happening } from "./event.js"

/** A cause may be a program's whole output; the ledger keeps its two ends. */
const LONGEST = 4000

/**
 * An event as written to the database or to the journal.
 *
 * @param redact removes the secrets of this run from a text
 */
export function eventBodyOf(
  context: EventContext,
  what: Happening,
  now: Date,
  redact: (text: string) => string,
): EventBody {
  const body: EventBody = { version: 1, id: randomUUID(), happenedAt: now.toISOString(), context, what }
  return { ...body, ...mapTexts({ context, what }, (text) => storable(redact(text))) }
}

/** jsonb accepts neither a zero byte nor a lone surrogate. */
function storable(text: string): string {
  const whole = text.replaceAll("\u0000", "\uFFFD").replace(/\p{Surrogate}/gu, "\uFFFD")
  if (whole.length <= LONGEST) return whole
  // keeps more of the end, where a program says why it failed
  return `${whole.slice(0, LONGEST / 4)} … ${whole.slice(-(3 * LONGEST) / 4)}`.replace(/\p{Surrogate}/gu, "\uFFFD")
}

function mapTexts<T>(value: T, map: (text: string) => string): T
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value)
  if (Array.isArray(value)) return value.map((one: unknown) => mapTexts(one, map))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    // a signed text is kept to the letter
    Object.entries(value).map(([name, inner]) => [map(name), name === "signed" ? inner : mapTexts(inner, map)]),
  )
}
