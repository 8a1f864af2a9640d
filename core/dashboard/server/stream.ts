import type { Context } from "hono"
import { streamSSE } from "hono/streaming"
import type { LedgerReader, News, ReaderState } from "../reading/reader.js"

/** A browser that hears nothing for two minutes connects again. */
const BEAT_MS = 15_000
/** Open streams; each costs a socket. */
export const MOST_STREAMS = 500

/** How many streams are open. */
export interface Streams {
  open: number
}

/**
 * Tells a browser where the ledger stands, with the number of its latest event as the sequence number. The browser reads its page again:
 * a stream that was lost for a while leaves no gap. Of samples it is told once for each batch, and reads only a page that shows them.
 */
export function ledgerStream(
  context: Context,
  reader: LedgerReader,
  streams: Streams,
  isSignedIn: () => boolean,
  closing: AbortSignal,
): Response {
  if (streams.open >= MOST_STREAMS) return context.text("Too many pages are open.", 503, { "Retry-After": "30" })
  return streamSSE(context, async (stream) => {
    streams.open += 1
    let wake = (): void => undefined
    let changed: News | null = "ledger"
    const hear = (news: News) => {
      changed = changed === "ledger" ? changed : news
      wake()
    }
    const tell = () => hear("ledger")
    const stop = reader.onChange(hear)
    const end = () => void stream.close()
    closing.addEventListener("abort", end)
    stream.onAbort(tell)
    closing.addEventListener("abort", tell)
    try {
      while (!stream.aborted && !stream.closed && !closing.aborted && isSignedIn()) {
        const [event, id] = [changed ?? "beat", numberOf(reader.state)]
        changed = null
        await stream.writeSSE({ event, data: JSON.stringify(messageOf(reader.state)), id, retry: 2000 })
        if (changed !== null) continue
        await new Promise<void>((done) => {
          const timer = setTimeout(done, BEAT_MS)
          wake = () => {
            clearTimeout(timer)
            done()
          }
        })
      }
    } finally {
      streams.open -= 1
      stop()
      closing.removeEventListener("abort", end)
      closing.removeEventListener("abort", tell)
    }
  })
}

function numberOf(state: ReaderState): string {
  return String(state.kind === "online" ? state.position.number : state.kind === "away" ? (state.last?.number ?? 0) : 0)
}

function messageOf(state: ReaderState): { state: string; number: number; why: string } {
  return {
    state: state.kind,
    number: Number(numberOf(state)),
    why: state.kind === "away" ? state.why : "",
  }
}
