import type { ReleaseRecord } from "../../ledger/ledger.js"
import { TollgateError } from "../../shared/errors.js"

/**
 * A release that is no longer on the target is started anew from the ledger's record: so only what was live under the rules of its day,
 * exactly as it was then.
 */

/** Why a release was never proven to serve; null: it was live, which approvals and freezes of its day allowed. */
export function whyNeverLive({ action, outcome }: Pick<ReleaseRecord, "action" | "outcome">): string | null {
  if (action === "rollback") return "it was a rollback: pass the id of the release that it went to"
  return outcome === "live" ? null : `its outcome is ${outcome}, and it was never verified to serve`
}

/** @throws TollgateError `rollback-never-live` */
export function requireWasLive(record: ReleaseRecord): void {
  const why = whyNeverLive(record)
  if (why === null) return
  throw new TollgateError(
    "rollback-never-live",
    `Release ${record.id} cannot be rolled back to: ${why}.`,
    "Choose a release with the outcome live: `tollgate history` lists them. Nothing was changed.",
  )
}

export interface Again {
  readonly configDigest: string
  readonly configNames: readonly string[]
  /** SHA-256 of what its processes run; null: not known. */
  readonly processes: string | null
}

/**
 * @param then as recorded, of the release
 * @param now as tollgate.yaml and --secrets give it
 * @throws TollgateError `rollback-config`, `rollback-processes`
 */
export function requireSame(
  record: Pick<ReleaseRecord, "id" | "revision" | "configDigest" | "configNames">,
  then: Pick<Again, "processes">,
  now: Again,
): void {
  if (then.processes !== null && now.processes !== then.processes)
    throw new TollgateError(
      "rollback-processes",
      `The processes of tollgate.yaml are not those that release ${record.id} ran.`,
      record.revision === null
        ? "Roll back from the commit of that release. Nothing was changed."
        : `Check out ${record.revision.slice(0, 12)}, the commit of that release, and roll back there. Nothing was changed.`,
    )
  if (record.configDigest === now.configDigest) return
  const names = differences(record.configNames, now.configNames)
  throw new TollgateError(
    "rollback-config",
    `The configuration of --secrets is not the one that release ${record.id} had: ${names === "" ? "a value differs" : names}.`,
    "Pass the configuration of that release, or roll back to one that is on the target: `tollgate status` lists them. Nothing was changed.",
  )
}

function differences(then: readonly string[], now: readonly string[]): string {
  const missing = then.filter((name) => !now.includes(name))
  const added = now.filter((name) => !then.includes(name))
  return [
    ...(missing.length === 0 ? [] : [`${missing.join(", ")} missing`]),
    ...(added.length === 0 ? [] : [`${added.join(", ")} added`]),
  ].join("; ")
}
