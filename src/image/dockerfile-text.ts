/** An argument that no Dockerfile declares by itself. */
export const FRESH = "TOLLGATE_FRESH"

/**
 * The Dockerfile with an argument declared in each of its stages: given another value, every RUN runs again. It stands in
 * nothing that the image keeps.
 */
export function withFreshArgument(dockerfile: string): string {
  const escape = /^\s*#\s*escape\s*=\s*`/im.test(directives(dockerfile)) ? "`" : "\\"
  const made: string[] = []
  const waiting: string[] = []
  let [instruction, continued] = ["", false]
  for (const line of dockerfile.split("\n")) {
    made.push(line)
    const [end] = waiting
    if (end !== undefined) {
      if (line.replace(/\r$/, "").replace(/^\t+/, "") === end) waiting.shift()
      continue
    }
    const text = line.trim()
    // comments and empty lines do not end an instruction that goes on
    if (text === "" || text.startsWith("#")) continue
    instruction = continued ? `${instruction} ${text}` : text
    continued = text.endsWith(escape)
    if (continued) continue
    if (/^(RUN|COPY|ADD)\s/i.test(instruction)) waiting.push(...[...instruction.matchAll(/<<-?\s*(["']?)([A-Za-z_]\w*)\1/g)].map(([, , word = ""]) => word))
    if (/^FROM\s/i.test(instruction)) made.push(`ARG ${FRESH}`)
  }
  return made.join("\n")
}

/** The comments at the very top, which may be parser directives. */
function directives(dockerfile: string): string {
  return /^(?:[^\S\n]*#[^\n]*(?:\n|$))*/.exec(dockerfile)?.[0] ?? ""
}
