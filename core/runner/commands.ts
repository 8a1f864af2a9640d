import type { Settings } from "../config/schema.js"
import type { ReleaseResult } from "../release/deploy/result.js"
import { setMaintenance } from "../release/maintenance/maintenance.js"
import { recover } from "../release/recover/recover.js"
import type { RollbackRequest } from "../release/rollback/request.js"
import { rollback } from "../release/rollback/rollback.js"
import type { ReleaseEntryPoint } from "../release/session/entry-point.js"
import { lookAt } from "../release/status/seen.js"
import { duration, shortDigest } from "../shared/figures.js"
import type { Worked, Works } from "./works.js"

/** What a runner is given once, for all of its requests. */
export type Given = Pick<RollbackRequest, "environment" | "access" | "ledger" | "notify" | "secrets" | "sandbox"> & {
  readonly owner: string
}

/** The functions of the command line, for the requests of a runner. */
export function releaseWorks(
  settings: Settings,
  { owner, ...given }: Given,
  entryPoint: ReleaseEntryPoint,
): Omit<Works, "deploy"> {
  return {
    rollback: async ({ who, why, to, from, held }) =>
      workedOf(await rollback(settings, { ...given, to, from, held, why, caller: { who, owner } }, entryPoint)),
    maintenance: async ({ who, action }) => {
      const screen = await setMaintenance(
        settings,
        { ...given, on: action.on, message: action.message, who },
        entryPoint,
      )
      return { outcome: "done", release: null, note: screen.trimEnd().split("\n").at(-1) ?? "" }
    },
    look: () => lookAt(settings, given, entryPoint),
    recover: async (record) => workedOf(await recover(settings, { ...given, owner, record }, entryPoint)),
  }
}

/** The result of a deployment or a rollback in one line. */
export function workedOf({ outcome, release, version, digest, causes, serving, seconds }: ReleaseResult): Worked {
  if (outcome === "live")
    return {
      outcome: "done",
      release,
      note: `${version} (${shortDigest(digest)}) is serving, after ${duration(seconds)}`,
    }
  const now = serving === null ? "no serving release could be verified" : `${serving.version} is serving`
  return { outcome: "failed", release, note: [`${outcome}; ${now}`, ...causes].join("\n") }
}
