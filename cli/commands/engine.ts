import type { CommandModule } from "yargs"
import { upOptions } from "../options/engine.js"
import { noOptions } from "../options/option.js"
import { command } from "./command.js"

export const engine: CommandModule = {
  command: "engine <action>",
  describe: "Manage the Dagger engine of a Linux machine without Docker",
  builder: (yargs) => yargs.command([up, down, status, env]).demandCommand(1).strict(),
  handler: () => {},
}

const up = command({
  name: "up",
  describe: "Build and start the engine, unless it is running",
  options: upOptions,
  run: async ({ with: tools }) => {
    const { currentHome, terminal } = await import("../engine/connect.js")
    const { up } = await import("../../dagger/engine/up.js")
    const { requireLocalEngine } = await import("../engine/require-local.js")
    const { createSteps, seconds } = await import("../../dagger/engine/steps.js")
    const started = Date.now()
    const home = currentHome()
    await requireLocalEngine(home)
    await up(home, createSteps(terminal()), showWaiting)
    const { ensureTools } = await import("../../dagger/engine/tools/ensure.js")
    await ensureTools(home, tools, createSteps(terminal()), showWaiting)
    console.log(`The engine is running (${seconds(Date.now() - started)}): unix://${home.socket}`)
  },
})

const down = command({
  name: "down",
  options: noOptions,
  describe: "Stop the engine and remove its processes, mounts and network devices; the cache is kept",
  run: async () => {
    const { currentHome, terminal } = await import("../engine/connect.js")
    const { down } = await import("../../dagger/engine/down.js")
    const { createSteps } = await import("../../dagger/engine/steps.js")
    const stopped = await down(currentHome(), createSteps(terminal()), showWaiting)
    console.log(stopped ? "The engine has stopped." : "The engine was not running.")
  },
})

const status = command({
  name: "status",
  options: noOptions,
  describe: "Show whether the engine is running, since when, and its images",
  run: async () => {
    const { currentHome } = await import("../engine/connect.js")
    const { engineStatus } = await import("../../dagger/engine/status.js")
    const { formatStatus } = await import("../engine/format.js")
    console.log(formatStatus(await engineStatus(currentHome())))
  },
})

const env = command({
  name: "env",
  options: noOptions,
  describe: 'Print shell variables for the dagger CLI: eval "$(tollgate engine env)"',
  run: async () => {
    const { dirname } = await import("node:path")
    const { currentHome } = await import("../engine/connect.js")
    const { chosenEnvironment } = await import("../engine/chosen-environment.js")
    const variables = await chosenEnvironment(currentHome(), process.env)
    for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`)
    if (variables._EXPERIMENTAL_DAGGER_CLI_BIN !== undefined)
      console.log(`export PATH='${dirname(variables._EXPERIMENTAL_DAGGER_CLI_BIN)}':"$PATH"`)
  },
})

function showWaiting(owner: { pid: number; purpose: string; since: string }): void {
  console.error(`… waiting for process ${owner.pid} (${owner.purpose}, since ${owner.since})`)
}
