import { randomUUID } from "node:crypto"
import { changeTexts } from "../secrets/free-text.js"
import { type EventBody, type EventContext, eventBody, type Happening } from "./event.js"

/** A cause may be a program's whole output; the ledger keeps its two ends. */
const LONGEST = 4000

/**
 * An event as written to the database or to the journal.
 *
 * @param redact removes the secrets of this run from free text
 */
export function eventBodyOf(
  context: EventContext,
  what: Happening,
  now: Date,
  redact: (text: string) => string,
): EventBody {
  const body: EventBody = { version: 1, id: randomUUID(), happenedAt: now.toISOString(), context, what }
  return changeTexts(eventBody, body, { free: (text) => storable(redact(text)), identifier: storable })
}

/** jsonb accepts neither a zero byte nor a lone surrogate. */
function storable(text: string): string {
  const whole = text.replaceAll("\u0000", "\uFFFD").replace(/\p{Surrogate}/gu, "\uFFFD")
  if (whole.length <= LONGEST) return whole
  // keeps more of the end, where a program says why it failed
  return `${whole.slice(0, LONGEST / 4)} … ${whole.slice(-(3 * LONGEST) / 4)}`.replace(/\p{Surrogate}/gu, "\uFFFD")
}
