import type { z } from "zod"
import type { Settings } from "../../core/config/schema.js"
import type { SandboxSettings } from "../../core/config/target-sandbox.js"
import { codeOf } from "../../core/database/connect/session.js"
import { TollgateError } from "../../core/shared/errors.js"
import { step } from "../../core/shared/progress.js"
import { openSandbox } from "../../core/targets/sandbox/open.js"
import { sandboxSettings } from "../../core/targets/sandbox/settings.js"
import { withEngine } from "../engine/connect.js"
import { readLocalSource } from "../environment/read-settings.js"
import type { sandboxOptions } from "../options/release.js"
import { onFirstSignal } from "../signals.js"
import { reachFromHost, reachFromHostAt } from "./reach-from-host.js"
import { announceSandbox, announceStart, runningSandbox } from "./running-sandbox.js"

/** Keeps the sandbox running until Ctrl-C. */
export async function runSandbox({ source, port }: z.output<typeof sandboxOptions>): Promise<void> {
  const { settings } = readLocalSource(source)
  const target = sandboxSettings(settings)
  if ((await runningSandbox()) !== null)
    throw new TollgateError(
      "sandbox-running",
      "The sandbox is already running on this machine.",
      "Deploy to it with `tollgate deploy --env=sandbox`.",
    )
  const told = new Promise<void>((done) => onFirstSignal(done))
  await withEngine({ tools: ["kamal-proxy"] }, async () => {
    const { sandbox, web, withdraw } = await started(settings, target, port).finally(announceStart())
    try {
      process.stdout.write(
        `The sandbox is running: http://${web.host}:${web.port} is the released service.\nCommands with --env=sandbox on this machine use it. Ctrl-C stops it and keeps its releases.\n`,
      )
      await told
    } finally {
      withdraw()
      await sandbox.target.close()
    }
  })
}

/** Announced before it returns, for processes that wait for it. */
async function started(settings: Settings, target: SandboxSettings, port: number) {
  const sandbox = await step("start the sandbox", () => openSandbox(settings, target, reachFromHost))
  const { service, identity } = sandbox
  const ssh = await reachFromHost(service, 22)
  const web = await reachFromHostAt(service, 80, port).catch((error: unknown) => {
    if (codeOf(error) !== "EADDRINUSE") throw error
    throw new TollgateError(
      "sandbox-port",
      `Port ${port} of this machine is in use.`,
      "Choose another one, such as --port=8090, or --port=0 for any free port.",
    )
  })
  const withdraw = announceSandbox({
    ...ssh,
    hostKey: identity.hostKey,
    clientKey: identity.clientKey,
    registryPassword: identity.registryPassword,
  })
  return { sandbox, web, withdraw }
}
