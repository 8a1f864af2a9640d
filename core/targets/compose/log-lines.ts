import type { LogLine } from "../target.js"

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
