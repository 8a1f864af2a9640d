import { join } from "node:path"
import { homeFolder } from "../../dagger/engine/home.js"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { Door } from "../../core/release/door.js"
import { runningSandbox } from "./running-sandbox.js"

/** This machine: its files, and the engine's tunnels, which are loaded when one is asked for. */
export const thisDoor: Door = {
  kind: "host",
  running: async (sandbox) => (sandbox === undefined ? await runningSandbox() : null),
  reach: async (service, port) => (await import("./door.js")).hostDoor(service, port),
  journal: (id) => fileJournal(join(homeFolder(process.env), "journal", id)),
}
