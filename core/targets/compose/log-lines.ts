import type { LogLine, StreamLine } from "../target.js"

/** Reads what `docker logs --timestamps` prints. A line without a time belongs to the one before. */
export function parseLog(printed: string): LogLine[] {
  const lines: LogLine[] = []
  for (const line of printed.split("\n")) {
    const [, at, text = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) ?(.*)$/s.exec(line) ?? []
    if (at !== undefined) lines.push({ at: sortable(at), text })
    else if (line !== "") lines.push({ at: lines.at(-1)?.at ?? "", text: line })
  }
  return lines
}

/** Docker leaves out trailing zeros. */
function sortable(at: string): string {
  const [seconds = "", fraction = ""] = at.replace("Z", "").split(".")
  return `${seconds}.${fraction.padEnd(9, "0")}Z`
}

export type News =
  | { readonly kind: "read"; readonly lines: readonly StreamLine[]; readonly left: number }
  /** What was printed is no log. */
  | { readonly kind: "none"; readonly why: string }

/** Reads what `readNews` prints. A container that is gone has no news. */
export function parseNews(stdout: string, stderr: string): News {
  const [out, err] = [parseStream(stdout, "out"), parseStream(stderr, "err")]
  if (out === null || err === null) return { kind: "none", why: "it printed something else" }
  // Docker's own words have no time
  const [why] = err.untimed
  if (why !== undefined)
    return /no such container/i.test(why) ? { kind: "read", lines: [], left: 0 } : { kind: "none", why }
  const lines = [...out.lines, ...err.lines].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
  return { kind: "read", lines, left: out.left + err.left }
}

function parseStream(
  printed: string,
  stream: StreamLine["stream"],
): { lines: StreamLine[]; untimed: string[]; left: number } | null {
  const [, log = "", all] = /^((?:[\s\S]*\n)?)lines (\d+)\n*$/.exec(printed) ?? []
  if (all === undefined) return null
  const lines = parseLog(log)
  const timed = lines.filter(({ at }) => at !== "")
  return {
    lines: timed.map((line) => ({ ...line, stream })),
    untimed: lines.filter(({ at }) => at === "").map(({ text }) => text),
    left: Math.max(0, Number(all) - lines.length),
  }
}
