import { plainText } from "../../shared/plain-text.js"

const LONGEST_WHY = 300

/** `new`: of the release that takes the traffic. `old`: of the one that loses it. Empty: of both, for a note. */
export type LogSide = "new" | "old" | ""

/** `note`: no line, but where and why lines are missing; its text is a `Missing`, and why. */
export type LogStream = "out" | "err" | "note"

/** Why lines are missing. */
export type Missing =
  /** More than are read at a time. */
  | "rate"
  /** More than are kept of one run. */
  | "full"
  /** The ledger did not take them in time. */
  | "ledger"
  /** The target did not say what was printed. */
  | "unread"
  /** The release's variables could not be read, so that its secrets could not be masked. */
  | "secrets"
  /** `ledger.logs` is false. */
  | "off"

/** A line that a container of a release printed, without secrets. */
export interface LogEntry {
  readonly side: LogSide
  readonly version: string
  readonly place: string
  /** `web`, or the name of a worker. */
  readonly process: string
  readonly stream: LogStream
  /** ISO 8601, by the clock of its host. */
  readonly at: string
  readonly text: string
  /** 1; of a note: how many are missing, 0 when that is not known. */
  readonly lines: number
}

/** @param why in words, without secrets */
export function noteOf(
  missing: Missing,
  lines: number,
  of: Pick<LogEntry, "side" | "version" | "place" | "process"> = { side: "", version: "", place: "", process: "" },
  why = "",
): LogEntry {
  const words = plainText(why).replaceAll("\n", " ").slice(0, LONGEST_WHY)
  return {
    ...of,
    stream: "note",
    at: new Date().toISOString(),
    text: words === "" ? missing : `${missing}: ${words}`,
    lines,
  }
}
