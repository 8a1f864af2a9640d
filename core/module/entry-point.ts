import { volumeJournal } from "../ledger/journal-volume.js"
import type { ReleaseEntryPoint } from "../release/entry-point.js"
import { reachInEngine } from "../release/target/sandbox/reach.js"

/** From a function of the module: it runs in the engine, and cannot see what other sessions run there. */
export const moduleEntryPoint: ReleaseEntryPoint = { kind: "module", running: () => Promise.resolve(null), reach: reachInEngine, journal: volumeJournal }
