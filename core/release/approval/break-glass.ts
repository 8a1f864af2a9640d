import type { ApprovalSettings } from "../../config/approvals.js"
import { TollgateError } from "../../errors.js"

/** Fewest characters of a reason: `x` is none. */
const SHORTEST = 10

export type Passage =
  /** Nothing stands in the way. A reason that was given is not needed, and nothing was broken. */
  | { kind: "open" }
  /** Somebody goes past what refuses, and says why: to be told before anything else, recorded and notified. */
  | { kind: "broken-glass"; reason: string; waived: string[]; banner: string[] }

/**
 * Whether a deployment may go on although approvals or a freeze refuse it. Nothing else can be gone past: what is not proven, not
 * configured or not reachable stays refused.
 *
 * @param refusals codes of what refuses it: `approval-…`, `frozen`
 * @param given text of --break-glass; null: it was not given
 * @throws TollgateError `break-glass-…`
 */
export function breakGlass(refusals: readonly string[], given: string | null, settings: ApprovalSettings, environment: string, who: string): Passage | null {
  if (given === null) return refusals.length === 0 ? { kind: "open" } : null
  const reason = given.replace(/\s+/g, " ").trim()
  if ([...reason].length < SHORTEST)
    throw new TollgateError("break-glass-reason", "--break-glass gives no reason.", `Say in ${SHORTEST} characters or more what cannot wait: it is recorded and told. Nothing was changed.`)
  if (!settings.breakGlass)
    throw new TollgateError("break-glass-forbidden", `${environment} does not allow --break-glass.`, `environments.${environment}.approvals.breakGlass of tollgate.yaml says so. Nothing was changed.`)
  if (refusals.length === 0) return { kind: "open" }
  const waived = [...new Set(refusals)]
  return { kind: "broken-glass", reason, waived, banner: ["!!! BREAK GLASS !!!", `${who} deploys to ${environment} past: ${waived.join(", ")}`, `reason: ${reason}`, "This is recorded in the ledger and told to everybody who is notified."] }
}
