import { assignmentsIn, unquoted, wordsOf } from "./dockerfile-words.js"

/** A build argument that no Dockerfile declares by itself. */
export const FRESH = "TOLLGATE_FRESH"

export interface Instruction {
  keyword: string
  /** What follows the keyword, on one line. */
  rest: string
  /** The first of its lines, from 0. */
  start: number
  /** The last of its lines; its heredocs follow. */
  end: number
  /** The lines of its heredocs. */
  documents: string[]
}

/**
 * The instructions of a Dockerfile, without its comments, by the rules of BuildKit's own parser.
 *
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go
 */
export function instructions(dockerfile: string): Instruction[] {
  const lines = dockerfile.replace(/^\uFEFF/, "").split(/\r?\n/)
  const continued = continuation(lines)
  const found: Instruction[] = []
  for (let at = 0; at < lines.length; at++) {
    const start = at
    let text = (lines[at] ?? "").trimStart()
    if (text === "" || text.startsWith("#")) continue
    while (continued.test(text) && at + 1 < lines.length) {
      at++
      const line = lines[at] ?? ""
      // comments and empty lines do not end a continued instruction
      if (line.trim() !== "" && !/^\s*#/.test(line)) text = text.replace(continued, "$1") + line
    }
    const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(text.replace(continued, "$1").trim()) ?? []
    const instruction: Instruction = { keyword: keyword.toUpperCase(), rest, start, end: at, documents: [] }
    for (const { name, tabs } of heredocsOf(instruction.keyword, rest)) {
      for (at++; at < lines.length; at++) {
        const line = lines[at] ?? ""
        if ((tabs ? line.replace(/^\t+/, "") : line) === name) break
        instruction.documents.push(line)
      }
    }
    found.push(instruction)
  }
  return found
}

/** The end of a line that goes on in the next one. Directives stand at the very top; the first other line ends them. */
function continuation(lines: readonly string[]): RegExp {
  for (const line of lines) {
    const [, name, value] = /^\s*#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line) ?? []
    if (name === undefined || !["escape", "syntax", "check"].includes(name.toLowerCase())) break
    if (name.toLowerCase() === "escape" && value === "`") return /(^|[^`])`[ \t]*$/
  }
  return /(^|[^\\])\\[ \t]*$/
}

/** Only a word of its own begins a heredoc: `<<EOF`, `3<<-"EOF"`; not `$((1<<n))` or `<<<word`. */
function heredocsOf(keyword: string, rest: string): { name: string; tabs: boolean }[] {
  const [, inner = "", after = ""] = /^(\S+)\s+(.*)$/s.exec(rest) ?? []
  if (keyword === "ONBUILD") return heredocsOf(inner.toUpperCase(), after)
  if (!["RUN", "COPY", "ADD"].includes(keyword) || isJsonForm(rest)) return []
  return (wordsOf(rest) ?? []).flatMap((word) => {
    const [, tabs, quoted = ""] = /^\d*<<(-?)([^<]+)$/s.exec(word) ?? []
    const name = unquoted(quoted)
    return name === "" ? [] : [{ name, tabs: tabs === "-" }]
  })
}

function isJsonForm(rest: string): boolean {
  try {
    return Array.isArray(JSON.parse(rest))
  } catch {
    return false
  }
}

/**
 * The Dockerfile with an argument declared in each stage. With a new value, every RUN runs again. The argument does not remain
 * in the image.
 */
export function withFreshArgument(dockerfile: string): string {
  const after = new Set(instructions(dockerfile).flatMap(({ keyword, end }) => (keyword === "FROM" ? [end] : [])))
  return dockerfile
    .split("\n")
    .flatMap((line, index) => (after.has(index) ? [line, `ARG ${FRESH}`] : [line]))
    .join("\n")
}

/**
 * Arguments that stages declare and no ENV sets. Docker drops them; the engine leaves them in the image's environment. Each
 * has its value, to tell it from a base image's variable of the same name; null if the text alone does not tell.
 */
export function plainArguments(
  dockerfile: string,
  given: Readonly<Record<string, string>>,
): Map<string, string | null> {
  const all = instructions(dockerfile)
  const first = all.findIndex(({ keyword }) => keyword === "FROM")
  const defaults = new Map<string, string>()
  const declared = new Map<string, string | null>()
  for (const [index, { keyword, rest }] of all.entries()) {
    if (keyword !== "ARG") continue
    for (const [name, value] of assignmentsIn(rest, keyword)) {
      if (index < first) {
        if (value !== null) defaults.set(name, value)
        continue
      }
      const known = given[name] ?? value ?? defaults.get(name) ?? null
      declared.set(name, known === null || known.includes("$") ? null : known)
    }
  }
  for (const { keyword, rest } of all) {
    if (keyword !== "ENV") continue
    for (const [name] of assignmentsIn(rest, keyword)) declared.delete(name)
  }
  return declared
}
