import { join } from "node:path"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { ReleaseEntryPoint } from "../../core/release/session/entry-point.js"
import { homeFolder } from "../../dagger/engine/home.js"
import { runningSandbox } from "./running-sandbox.js"

/** This machine: its files, and the engine's tunnels, which are loaded when one is asked for. */
export const cliEntryPoint: ReleaseEntryPoint = {
  kind: "cli",
  keepsSandbox: true,
  running: async (sandbox) => (sandbox === undefined ? await runningSandbox() : null),
  reach: async (service, port) => (await import("./reach-from-host.js")).reachFromHost(service, port),
  journal: (id) => fileJournal(join(homeFolder(process.env), "journal", id)),
}
