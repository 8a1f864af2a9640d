import type { LogEntry } from "../../ledger/logs/line.js"
import type { Redact } from "../../secrets/redact.js"
import type { ReplicaNews, StreamLine } from "../../targets/target.js"
import { maskedLines } from "./line-text.js"
import { linesAfter } from "./request.js"

type Of = Pick<LogEntry, "side" | "version" | "place" | "process">

/** Lines before that are masked again with the next ones, because a value may be wrapped over both. */
const CONTEXT = 3

interface Stream {
  /** Lines that are written already. */
  before: readonly StreamLine[]
  /** The latest line: the next one may be the rest of it. */
  held: readonly StreamLine[]
}

/** What was read of one container. */
export class ContainerLog {
  readonly #of: Of
  readonly #redact: Redact
  readonly #streams: Record<StreamLine["stream"], Stream> = {
    out: { before: [], held: [] },
    err: { before: [], held: [] },
  }
  #last: string | null = null

  constructor(of: Of, redact: Redact) {
    this.#of = of
    this.#redact = redact
  }

  /** The time of the latest line that was read; null: none was. */
  get last(): string | null {
    return this.#last
  }

  /**
   * Adds what was read. The latest line of each stream is held until the next time.
   *
   * @returns whole lines without secrets, in the order of time
   */
  add(news: Pick<ReplicaNews, "lines">): LogEntry[] {
    const fresh = linesAfter(news.lines, this.#last)
    this.#last = fresh.at(-1)?.at ?? this.#last
    return this.#entries(fresh, false)
  }

  /** @returns the lines that were held */
  end(): LogEntry[] {
    return this.#entries([], true)
  }

  #entries(fresh: readonly StreamLine[], isEnd: boolean): LogEntry[] {
    return (["out", "err"] as const)
      .flatMap((stream) => this.#ofStream(stream, fresh, isEnd))
      .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
      .map(({ at, stream, text }) => ({ ...this.#of, stream, at: momentOf(at), text, lines: 1 }))
  }

  #ofStream(name: StreamLine["stream"], fresh: readonly StreamLine[], isEnd: boolean): StreamLine[] {
    const stream = this.#streams[name]
    const news = fresh.filter((line) => line.stream === name)
    const lines = [...stream.held, ...news]
    // nothing came after it since: it is whole
    const held = isEnd || news.length === 0 ? [] : lines.slice(-1)
    const texts = maskedLines(
      [...stream.before, ...lines].map(({ text }) => text),
      this.#redact,
    ).slice(stream.before.length)
    const ready = lines.slice(0, lines.length - held.length)
    this.#streams[name] = { before: [...stream.before, ...ready].slice(-CONTEXT), held }
    return ready.map((line, at) => ({ ...line, text: texts[at] ?? "" }))
  }
}

/** A host writes the time. Postgres must be able to read it. */
function momentOf(at: string): string {
  const time = Date.parse(at)
  return Number.isNaN(time) || time < 0 ? new Date().toISOString() : at
}
