import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import type { KeptHead } from "../../ledger/judge-head.js"
import { TollgateError } from "../../shared/errors.js"
import type { Access } from "../../targets/kind.js"
import { openPlace, traitsOf } from "../../targets/registry.js"
import { firstLine } from "../pipeline/run.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { keptHeads } from "./keep-head.js"

export type TargetHeads =
  | { readonly kind: "read"; readonly heads: readonly KeptHead[] }
  | { readonly kind: "skipped"; readonly why: string }

/** The ledger's heads that an environment's target keeps. Changes nothing. */
export async function readTargetHeads(
  settings: Settings,
  environment: string,
  access: Access,
  entryPoint: ReleaseEntryPoint,
): Promise<TargetHeads> {
  const { target } = environmentSettings(settings, environment)
  if (target.kind === "none") return skipped(`${environment} has no target`)
  // a person who can alter that ledger can alter its heads too
  if (traitsOf(target).keepsLedger) return skipped(`the ledger of ${environment} is on the target itself`)
  try {
    const place = await openPlace(settings, environment, entryPoint, access)
    try {
      const { name, heads } = place.target
      if (heads === undefined) return skipped(`${name} cannot keep heads`)
      return { kind: "read", heads: keptHeads(await heads.read()) }
    } finally {
      await place.target.close()
    }
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return skipped(firstLine(error))
  }
}

function skipped(why: string): TargetHeads {
  return { kind: "skipped", why }
}

/** One line for a screen; empty: there are heads, which are judged. */
export function targetHeadsLine(read: TargetHeads): string {
  if (read.kind === "skipped") return `skipped: the heads on the target were not compared: ${read.why}`
  return read.heads.length > 0 ? "" : "skipped: the target keeps no head yet; the next release adds one"
}
