import type { LeaseHolder, ReleaseRecord } from "../ledger/ledger.js"
import type { RequestRecord } from "../requests/fold.js"
import { requestFile } from "../requests/request.js"

/** What a killed runner left of a deployment. */
export type LeftBehind =
  /** Its run may still be alive: the lease of the environment has not expired. */
  | { readonly kind: "wait" }
  /** It changed nothing, or others have changed the environment since. */
  | { readonly kind: "nothing"; readonly why: string }
  /** It had ended, and only the request did not say so. */
  | { readonly kind: "ended"; readonly release: ReleaseRecord }
  | { readonly kind: "unfinished"; readonly release: ReleaseRecord }

/**
 * @param releases the newest first
 * @param holder of the environment's lease; null: it is free
 */
export function leftBehind(
  { id, signed }: Pick<RequestRecord, "id" | "signed">,
  releases: readonly ReleaseRecord[],
  holder: Pick<LeaseHolder, "run" | "command" | "who"> | null,
): LeftBehind {
  const parsed = requestFile.safeParse(signed)
  const who = parsed.success ? parsed.data.statement.who : ""
  const release = releases.find((one) => one.action === "deploy" && one.who === who && one.why.endsWith(mark({ id })))
  if (release === undefined) {
    if (holder?.command === "deploy" && holder.who === who) return { kind: "wait" }
    return { kind: "nothing", why: "the ledger has no change by it" }
  }
  if (release.finishedAt !== null) return { kind: "ended", release }
  if (holder?.run === release.run) return { kind: "wait" }
  if (holder !== null)
    return { kind: "nothing", why: `${holder.command} by ${holder.who} has taken the environment over since` }
  return releases[0]?.id === release.id
    ? { kind: "unfinished", release }
    : { kind: "nothing", why: `release ${releases[0]?.id ?? ""} has changed the environment since` }
}

/** The end of the reason of what is done for a request. */
export function mark({ id }: Pick<RequestRecord, "id">): string {
  return ` (request ${id.slice(0, 8)})`
}
