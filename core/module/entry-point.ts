import { volumeJournal } from "../ledger/journal-volume.js"
import type { ReleaseEntryPoint } from "../release/session/entry-point.js"
import { reachInEngine } from "../targets/sandbox/reach.js"

/** A function of the module runs in the engine and cannot see other sessions. */
export const moduleEntryPoint: ReleaseEntryPoint = {
  kind: "module",
  running: () => Promise.resolve(null),
  reach: reachInEngine,
  journal: volumeJournal,
}
