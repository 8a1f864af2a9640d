import { volumeJournal } from "../ledger/journal-volume.js"
import type { Door } from "./door.js"
import type { RunningSandbox } from "./target/sandbox/running.js"
import { engineDoor } from "./target/sandbox/door.js"

/** From a function of the module: it runs in the engine, and cannot see what other sessions run there. */
export const moduleDoor: Door = { kind: "module", running: () => Promise.resolve(null), appears: never, reach: engineDoor, journal: volumeJournal }

function never(until: AbortSignal): Promise<RunningSandbox | null> {
  return new Promise((done) => until.addEventListener("abort", () => done(null), { once: true }))
}
