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

/** The instructions of a Dockerfile, without its comments. */
export function instructions(dockerfile: string): Instruction[] {
  const continuation = /^\s*#\s*escape\s*=\s*`/im.test(directives(dockerfile)) ? "`" : "\\"
  const found: Instruction[] = []
  const documents: string[] = []
  let parts: string[] = []
  let start = 0
  for (const [index, line] of dockerfile.split("\n").entries()) {
    const [end] = documents
    if (end !== undefined) {
      if (line.replace(/\r$/, "").replace(/^\t+/, "") === end) documents.shift()
      else found.at(-1)?.documents.push(line)
      continue
    }
    const text = line.trim()
    // comments and empty lines do not end a continued instruction
    if (text === "" || text.startsWith("#")) continue
    if (parts.length === 0) start = index
    const goesOn = text.endsWith(continuation)
    parts.push(goesOn ? text.slice(0, -1).trim() : text)
    if (goesOn) continue
    const [, keyword = "", rest = ""] = /^(\S+)\s*([^]*)$/.exec(parts.join(" ")) ?? []
    parts = []
    found.push({ keyword: keyword.toUpperCase(), rest, start, end: index, documents: [] })
    if (/^(RUN|COPY|ADD)$/i.test(keyword))
      documents.push(...[...rest.matchAll(/<<-?\s*(["']?)([A-Za-z_]\w*)\1/g)].map(([, , word = ""]) => word))
  }
  return found
}

/** The comments at the very top, which may be parser directives. */
function directives(dockerfile: string): string {
  return /^(?:[^\S\n]*#[^\n]*(?:\n|$))*/.exec(dockerfile)?.[0] ?? ""
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
    for (const [, name = "", quoted, plain] of rest.matchAll(/([A-Za-z_]\w*)(?:=(?:"([^"]*)"|(\S*)))?/g)) {
      const value = quoted ?? plain
      if (index < first) {
        if (value !== undefined) defaults.set(name, value)
        continue
      }
      const known = given[name] ?? value ?? defaults.get(name) ?? null
      declared.set(name, known === null || known.includes("$") ? null : known)
    }
  }
  for (const { keyword, rest } of all) {
    if (keyword !== "ENV") continue
    // ENV NAME value, or any number of NAME=value
    const names =
      /^\w+\s+[^=]/.test(rest) && !/^\w+=/.test(rest)
        ? [/^\w+/.exec(rest)?.[0] ?? ""]
        : [...rest.matchAll(/(?:^|\s)([A-Za-z_]\w*)=(?:"(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)/g)].map(
            ([, name = ""]) => name,
          )
    for (const name of names) declared.delete(name)
  }
  return declared
}
