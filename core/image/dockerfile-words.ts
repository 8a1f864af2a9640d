/** Words of a line of a Dockerfile, as BuildKit's lexer splits them: quotes and escapes stay. null: a quote is not closed. */
export function wordsOf(line: string): string[] | null {
  const words = line.match(/(?:\\.|'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"\\]|\\$)+/gs) ?? []
  return words.join("").replace(/\s/g, "") === line.replace(/\s/g, "") ? words : null
}

/** Without its quotes and escapes. */
export function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
    (_, single: string | undefined, double: string | undefined, escaped: string | undefined) =>
      single ?? double?.replace(/\\(["$\\])/g, "$1") ?? escaped ?? "",
  )
}

/** `A=1 B="2 3" C` of ENV, ARG and LABEL, and the old `ENV A 1`. A name without a value has null. */
export function assignmentsIn(rest: string, keyword: string): [name: string, value: string | null][] {
  const words = wordsOf(rest) ?? rest.split(/\s+/)
  const [first = ""] = words
  if (keyword !== "ARG" && !first.includes("=") && words.length > 1)
    return [[unquoted(first), unquoted(rest.slice(rest.indexOf(first) + first.length).trim())]]
  return words.map((word) => {
    const equals = word.indexOf("=")
    return equals === -1 ? [unquoted(word), null] : [unquoted(word.slice(0, equals)), unquoted(word.slice(equals + 1))]
  })
}
