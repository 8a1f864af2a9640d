import type { SandboxSettings } from "../../config/target-sandbox.js"
import { step } from "../../shared/progress.js"
import type { TargetKind } from "../kind.js"

/** A host with Docker inside the engine, with its own registry, Postgres and Redis. */
export const sandbox: TargetKind<SandboxSettings> = {
  inEngine: true,
  tools: ["kamal-proxy"],
  keepsLedger: true,
  migrates: "commands",
  open: async ({ settings, given, entryPoint, sandbox: name }) => {
    const { joinSandbox, openSandbox } = await import("./open.js")
    const running = await entryPoint.running(name)
    const { target, login, variables, push, registryPassword } =
      running === null
        ? await step(
            "start the sandbox",
            () => openSandbox(settings, given, entryPoint.reach, name),
            () => (entryPoint.keepsSandbox ? "done; `tollgate sandbox` keeps it running for later commands" : "done"),
          )
        : joinSandbox(settings, given, running, name)
    return { target, login, variables, publish: push, postgres: { ledgerPassword: registryPassword } }
  },
}
