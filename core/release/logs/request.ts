import { TollgateError } from "../../shared/errors.js"
import type { Instance, LogLine, Running } from "../../targets/target.js"
import { allOf } from "../deploy/steps.js"

/** Checks --since: a duration before now, or a moment with its time zone. @returns as Docker reads it; null: no limit */
export function sinceOf(written: string): string | null {
  if (written === "") return null
  if (/^(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(written)) return written
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(written)) {
    const time = Date.parse(written)
    if (!Number.isNaN(time)) return new Date(time).toISOString()
  }
  throw new TollgateError(
    "since-form",
    "--since is neither a duration nor a time with its zone.",
    "Write --since=90s, --since=2h30m or --since=2026-11-23T09:30:00+08:00.",
  )
}

/**
 * Chooses the releases whose logs are read: the live one, or every one that shares the traffic.
 *
 * @param wanted id or version of a release; empty: the live one
 */
export function releasesOf(running: Running, wanted: string, environment: string): readonly Instance[] {
  const all = allOf(running)
  const found =
    wanted !== ""
      ? all.filter(({ release, version }) => release === wanted || version === wanted).slice(0, 1)
      : running.live.kind === "live"
        ? [running.live.instance]
        : running.live.kind === "split"
          ? running.live.instances
          : []
  if (found.length > 0) return found
  const there = all.map(({ release, version }) => `${release} (${version})`).join(", ")
  throw new TollgateError(
    "logs-none",
    wanted === ""
      ? `No release has the traffic of ${environment}.`
      : `Release ${wanted} is not on the target of ${environment}.`,
    there === ""
      ? `Deploy first: \`tollgate status --env=${environment}\` shows what is there.`
      : `Choose one with --release: ${there}. The log of a removed release is gone with its containers.`,
  )
}

/** The lines that come after the latest one that was read. Docker's --since repeats that one. */
export function linesAfter<Line extends LogLine>(lines: readonly Line[], last: string | null): readonly Line[] {
  return last === null ? lines : lines.filter(({ at }) => at > last)
}

/** Characters of one container that are masked at once: a run must not wait for it. */
const MOST_AT_ONCE = 40_000

/** The newest lines that are not too much at once, and how many were left out. */
export function newestWithin<Line extends LogLine>(
  lines: readonly Line[],
): { readonly kept: readonly Line[]; readonly left: number } {
  let characters = 0
  let first = lines.length
  while (first > 0) {
    characters += lines[first - 1]?.text.length ?? 0
    if (characters > MOST_AT_ONCE) break
    first -= 1
  }
  return { kept: lines.slice(first), left: first }
}
