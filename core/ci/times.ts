import { z } from "zod"
import type { Status } from "./status.js"

/** Seconds that each gate is expected to take, from earlier runs. */
export type Times = ReadonlyMap<string, number>

/** How many runs of a gate are remembered. */
const REMEMBERED = 7

/** What is kept of earlier runs: for each gate how long it took, the newest last. */
export type History = Readonly<Record<string, readonly number[]>>

const history = z.record(z.string(), z.array(z.number().nonnegative()).max(100))

/** A file that is not there, or is of another version, is a history without runs. */
export function readHistory(text: string | null): History {
  try {
    return text === null ? {} : history.parse(JSON.parse(text))
  } catch {
    return {}
  }
}

/** With the gates of one more run. What came from the cache, or did not pass, says nothing of how long the work takes. */
export function withRun(before: History, status: Status): History {
  const ran = [...timesOf(status)].map(([name, seconds]) => [
    name,
    [...(before[name] ?? []), seconds].slice(-REMEMBERED),
  ])
  return { ...before, ...Object.fromEntries(ran) }
}

/** The median, so that one run on a busy machine does not count. */
export function usualTimes(runs: History): Times {
  return new Map(
    Object.entries(runs).flatMap(([name, all]) => {
      const median = [...all].sort((one, other) => one - other)[Math.floor((all.length - 1) / 2)]
      return median === undefined ? [] : [[name, median]]
    }),
  )
}

/** Of one run. */
export function timesOf(status: Status | null): Times {
  return new Map(
    (status?.gates ?? []).flatMap(({ name, verdict, seconds, cached }) =>
      cached || seconds === null || verdict !== "passed" ? [] : [[name, seconds] as const],
    ),
  )
}
