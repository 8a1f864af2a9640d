import { canonicalJson } from "../shared/canonical-json.js"
import type { TargetSeen } from "./target-seen.js"

/**
 * When a target was last looked at is a row of the table of leases, which each look overwrites: what is as before makes no event. It
 * expires when the looks stop.
 */

/** No environment has such a name. */
export const lookName = (environment: string): string => `${environment}/target`

/** Seconds after which a look counts as old: two later ones did not take place. */
export const LOOK_COUNTS = 150

export interface Look {
  /** Where the process is that looked. */
  readonly owner: string
  /** Seconds since it began to look. */
  readonly ago: number
}

/** `held`: another run holds the environment's lease, and what was read may be half of its change: nothing is recorded. */
export type SeenOutcome = "recorded" | "same" | "held"

/** The words of a problem may differ each time (a port, a time); its code does not. */
export function isSame(before: TargetSeen, now: TargetSeen): boolean {
  if (before.problem !== null || now.problem !== null) return before.problem?.code === now.problem?.code
  return canonicalJson(before.target) === canonicalJson(now.target)
}
