import type { StoredLine } from "../../ledger/logs/rows.js"
import { KEPT_DAYS } from "../../ledger/logs/schema.js"
import { count } from "../../shared/figures.js"
import type { LineFacts } from "../reading/lines.js"

/** What the page says about log lines, beside the lines. */

/** Seconds after which a run that goes on is said to print nothing. */
const QUIET_SECONDS = 30

/** Why lines are missing at this place, for a note of the ledger. */
export function missingWords({ text, lines }: Pick<StoredLine, "text" | "lines">): string {
  const [, code = "", why = ""] = /^([a-z]+)(?:: (.*))?$/s.exec(text) ?? []
  const because = why === "" ? "" : ` (${why})`
  const left = lines === 0 ? "Lines were" : lines === 1 ? "1 line was" : `${lines} lines were`
  switch (code) {
    case "rate":
      return `${left} left out here: more than are read of a container at once.`
    case "full":
      return `${left} left out here: more than the ledger keeps of one run. The last ones follow.`
    case "ledger":
      return `${left} lost about here: the ledger did not take them in time.`
    case "unread":
      return `The log could not be read${because}.`
    case "secrets":
      return `The log was not read: what the release runs with is not known, so that its secrets could not be masked${because}.`
    case "off":
      return "ledger.logs of tollgate.yaml is false: this run wrote no log lines."
    default:
      return `Lines may be missing here: ${text}`
  }
}

/**
 * How old the newest line is.
 *
 * @param now the ledger's clock
 */
export function ageWords(newest: string | null, isRunning: boolean, now: Date): string {
  if (newest === null || !isRunning) return ""
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(newest)) / 1000))
  const age = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
  return seconds < QUIET_SECONDS ? `${age} old` : `no line for ${age}`
}

/** Why there is no line. */
export function noLinesWords(facts: Extract<LineFacts, { kind: "read" }>, isRunning: boolean): string {
  if (facts.summary.lines > 0) return "No line matches."
  return isRunning
    ? "No line yet. Logs are followed from the start of the new containers on; a run whose role of the ledger may not insert into tollgate_ledger.log_lines, or that does not reach the ledger, writes none."
    : `No line: the run started no container or they printed nothing, its role of the ledger may not insert into tollgate_ledger.log_lines, it did not reach the ledger, an earlier Tollgate ran it, or its lines were deleted after ${KEPT_DAYS} days.`
}

export function countWords({ lines, missing }: { readonly lines: number; readonly missing: number }): string {
  return `${count(lines, "line")} kept${missing === 0 ? "" : `, ${missing} left out`}`
}
