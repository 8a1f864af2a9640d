/**
 * Finds the lines that the dotenv library silently skips, by the same grammar (dotenv 17). Keeps positions and no values.
 */
export interface DotenvScan {
  entries: DotenvEntry[]
  /** Lines, from 1, that are no assignment, comment or blank line. */
  malformed: number[]
}

export interface DotenvEntry {
  name: string
  /** Line of the name; both count from 1. */
  line: number
  lastLine: number
  /**
   * The value is unquoted and ends at a `#`, although the rest does not look like a comment: there is no whitespace before or after the
   * `#`.
   */
  cutAtHash: boolean
  /** The value begins with a quote that is never closed, so that dotenv keeps the quote as part of it. */
  quoteLeftOpen: boolean
}

const NAME = /[\w.-]+/y
const BLANK = /\s*/y
const QUOTES = "'\"`"

export function scanDotenv(text: string): DotenvScan {
  const source = withPlainLineEnds(text)
  const scan: DotenvScan = { entries: [], malformed: [] }
  let at = 0
  while (at < source.length) {
    const start = skip(BLANK, source, at)
    if (start >= source.length) break
    const lineEnd = endOfLine(source, start)
    const found = source[start] === "#" ? null : assignment(source, start)
    if (found !== null) {
      scan.entries.push({
        ...found.entry,
        line: lineOf(source, start),
        lastLine: lineOf(source, Math.max(start, found.end - 1)),
      })
      at = endOfLine(source, found.end) + 1
      continue
    }
    if (source[start] !== "#") scan.malformed.push(lineOf(source, start))
    at = lineEnd + 1
  }
  return scan
}

/** As dotenv normalises them first. */
function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, "\n")
}

type Found = { entry: Pick<DotenvEntry, "name" | "cutAtHash" | "quoteLeftOpen">; end: number }

function assignment(source: string, start: number): Found | null {
  const exported = /export\s+/y
  exported.lastIndex = start
  // `export` is an ordinary name when no name follows it
  const after = exported.test(source) ? named(source, exported.lastIndex) : null
  return after ?? named(source, start)
}

function named(source: string, start: number): Found | null {
  const end = skip(NAME, source, start)
  if (end === start) return null
  const name = source.slice(start, end)
  const equals = skip(BLANK, source, end)
  if (source[equals] === "=") return value(source, name, equals + 1)
  // YAML's notation: a colon and whitespace
  if (source[end] === ":" && /\s/.test(source[end + 1] ?? "")) return value(source, name, end + 2)
  return null
}

function value(source: string, name: string, start: number): Found {
  const first = skip(BLANK, source, start)
  const opens = first < source.length && QUOTES.includes(source[first] ?? "")
  const closed = opens ? closingQuote(source, first) : null
  if (closed !== null) return { entry: { name, cutAtHash: false, quoteLeftOpen: false }, end: closed + 1 }

  let end = start
  while (end < source.length && source[end] !== "#" && source[end] !== "\n") end++
  const written = source.slice(start, end)
  return {
    entry: {
      name,
      cutAtHash: source[end] === "#" && !isComment(source, end),
      quoteLeftOpen: QUOTES.includes(written.trim()[0] ?? " "),
    },
    end,
  }
}

/** `INFO # later` and `INFO ## later`; not `#payments`, `pass#word`, `Order #42`. */
function isComment(source: string, hash: number): boolean {
  return /\s/.test(source[hash - 1] ?? "") && /^#+(\s|$)/.test(source.slice(hash, endOfLine(source, hash)))
}

/** The last quote followed only by a comment on its line, without an unescaped quote before it. */
function closingQuote(source: string, open: number): number | null {
  const quote = source[open]
  let last: number | null = null
  for (let at = open + 1; at < source.length; at++) {
    if (source[at] !== quote) continue
    if (/^[^\S\n]*(#|$)/.test(source.slice(at + 1, endOfLine(source, at)))) last = at
    if (source[at - 1] !== "\\" || at - 1 === open) break
  }
  return last
}

function skip(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(source) ? pattern.lastIndex : at
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf("\n", at)
  return end === -1 ? source.length : end
}

function lineOf(source: string, at: number): number {
  let line = 1
  for (let next = source.indexOf("\n"); next !== -1 && next < at; next = source.indexOf("\n", next + 1)) line++
  return line
}
