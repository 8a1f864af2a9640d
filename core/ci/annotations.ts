import { terminalText } from "../shared/plain-text.js"
import type { Status } from "./status.js"

/** Characters of one annotation: GitHub refuses those above 64 KiB, and nobody reads so much beside a commit. */
const LIMIT = 4000

/**
 * annotations.txt: workflow commands for the log of a GitHub job. One for each gate that did not pass, because GitHub shows ten of a step
 * and drops the others.
 */
export function githubAnnotations({ gates }: Status): string {
  return gates
    .filter(({ verdict }) => verdict === "failed" || verdict === "inconclusive")
    .map(({ name, verdict, words, reasons }) => {
      const title = escaped(`Tollgate: ${name} ${verdict}`).replaceAll(":", "%3A").replaceAll(",", "%2C")
      return `::${verdict === "failed" ? "error" : "warning"} title=${title}::${escaped(message(words, reasons))}\n`
    })
    .join("")
}

/** Whole reasons, as many as there is room for. */
function message(words: string, reasons: readonly string[]): string {
  const lines = [words.slice(0, LIMIT / 2)]
  for (const [index, reason] of reasons.entries()) {
    if (lines.join("\n").length + reason.length > LIMIT)
      return [...lines, `and ${reasons.length - index} more`].join("\n")
    lines.push(reason)
  }
  return lines.join("\n")
}

/** As GitHub's own toolkit does: a line that is not one command could be another. */
function escaped(text: string): string {
  return terminalText(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
}
