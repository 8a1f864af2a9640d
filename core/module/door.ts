import { volumeJournal } from "../ledger/journal-volume.js"
import type { Door } from "../release/door.js"
import { engineDoor } from "../release/target/sandbox/door.js"

/** From a function of the module: it runs in the engine, and cannot see what other sessions run there. */
export const moduleDoor: Door = { kind: "module", running: () => Promise.resolve(null), reach: engineDoor, journal: volumeJournal }
