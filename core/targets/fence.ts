import { z } from "zod"
import { moment } from "../shared/figures.js"

/** A run as a target records it. */
export interface RunIdentity {
  readonly run: string
  readonly command: string
  readonly who: string
  /** Where the run is: host name and process, or the URL of a CI job. */
  readonly owner: string
}

/** The run that claimed a target last. A place refuses the changes of every run with a lower token. */
export interface Fence extends RunIdentity {
  readonly token: number
  /** The highest token that a ledger granted: lower than `token` after a rollback without a ledger. */
  readonly granted: number
  /** ISO 8601. */
  readonly since: string
}

/** What a change is allowed by. */
export type FenceRule =
  /** The run that claimed the target. */
  | { readonly kind: "run"; readonly fence: Fence }
  /** No run: nobody may have claimed the place since it was read. */
  | { readonly kind: "unchanged"; readonly token: number }

const holder = z.object({ command: z.string(), who: z.string(), owner: z.string(), since: z.string() })

/** One line of a file. The first three words are for shells, which compare tokens. */
export function fenceLine({ token, granted, run, command, who, owner, since }: Fence): string {
  if (!/^[A-Za-z0-9-]{1,80}$/.test(run)) throw new RangeError("the id of a run is letters, digits and -")
  return `${token} ${granted} ${run} ${JSON.stringify({ command: short(command), who: short(who), owner: short(owner), since })}`
}

/** null: no run has claimed the place. */
export function parseFence(text: string): Fence | null {
  const [, token = "", granted = "", run = "", json = ""] = /^(\d+) (\d+) (\S+) (\{.*\})$/m.exec(text) ?? []
  if (token === "") return null
  const parsed = holder.safeParse(parsedJson(json))
  const known = parsed.success ? parsed.data : { command: "unknown", who: "unknown", owner: "unknown", since: "" }
  return { token: Number(token), granted: Number(granted), run, ...known }
}

/** For errors and screens. */
export function fenceWords({ token, granted, run, command, who, owner, since }: Fence): string {
  const how = granted < token ? ", without a ledger" : ""
  return `${command} by ${who}${since === "" ? "" : ` since ${moment(since)}`} (lease ${token}${how}, run ${run}, on ${owner})`
}

/** The highest of several places; null: no run has claimed any. */
export function highestFence(all: readonly (Fence | null)[]): Fence | null {
  return all.reduce((highest, one) => ((one?.token ?? 0) > (highest?.token ?? 0) ? one : highest), null)
}

export type ClaimVerdict =
  /** Only rollbacks without a ledger are above this ledger's tokens: its next one begins above them. */
  | { readonly kind: "raise"; readonly above: number }
  /** A ledger granted what this one has not: this is another ledger, or an older state of it. */
  | { readonly kind: "behind" }

/**
 * What a refused claim means for a run that is proven to hold the lease.
 *
 * @param token of its lease
 * @param onlyLedger there can be no other ledger, as in the sandbox
 */
export function judgeRefusedClaim(token: number, seen: Fence, onlyLedger: boolean): ClaimVerdict {
  return onlyLedger || token > seen.granted ? { kind: "raise", above: seen.token } : { kind: "behind" }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function short(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`
}
