/** Reads k6's log, which has one JSON document per line. */

export interface Example {
  scenario: string
  kind: string
  detail: string
  /** Milliseconds after the warm-up. */
  at: number
  /** The beginning of the body, or k6's error message. */
  said: string
}

export interface K6Log {
  /** The earliest of each kind of failure. */
  examples: Example[]
  /** Errors of the script or of k6 itself. */
  errors: string[]
}

const MOST_ERRORS = 20

export function readLog(lines: readonly string[]): K6Log {
  const examples = new Map<string, Example>()
  const errors: string[] = []
  for (const line of lines) {
    const { level, msg } = entryOf(line)
    const example = exampleOf(msg)
    if (example !== null) {
      const key = `${example.scenario} ${example.kind} ${example.detail}`
      const before = examples.get(key)
      if (before === undefined || example.at < before.at) examples.set(key, example)
    } else if (
      isError(level) &&
      !msg.startsWith("thresholds on metrics") &&
      errors.length < MOST_ERRORS &&
      !errors.includes(msg)
    )
      errors.push(msg)
  }
  return { examples: [...examples.values()], errors }
}

function isError(level: string): boolean {
  return level === "error" || level === "fatal" || level === "panic"
}

/** A Go panic is not JSON. */
function entryOf(line: string): { level: string; msg: string } {
  const parsed = parse(line)
  if (typeof parsed !== "object" || parsed === null)
    return { level: line.startsWith("panic:") || line.startsWith("fatal error:") ? "panic" : "", msg: line }
  const level: unknown = Object.getOwnPropertyDescriptor(parsed, "level")?.value
  const msg: unknown = Object.getOwnPropertyDescriptor(parsed, "msg")?.value
  return { level: String(level), msg: typeof msg === "string" ? msg : line }
}

function exampleOf(msg: string): Example | null {
  if (!msg.startsWith('{"tollgate":"failure"')) return null
  const parsed = parse(msg)
  if (typeof parsed !== "object" || parsed === null) return null
  const { scenario, kind, detail, at, said } = { scenario: "", kind: "", detail: "", at: 0, said: "", ...parsed }
  return { scenario: String(scenario), kind: String(kind), detail: String(detail), at: Number(at), said: String(said) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
