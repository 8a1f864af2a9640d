import type { CommandModule } from "yargs"
import { toolNames } from "../../dagger/engine/tools/tool.js"

export const engine: CommandModule = {
  command: "engine <action>",
  describe: "Manage the Dagger engine of a Linux machine without Docker",
  builder: (yargs) => yargs.command([up, down, status, env]).demandCommand(1).strict(),
  handler: () => {},
}

const up: CommandModule = {
  command: "up",
  describe: "Build and start the engine, unless it is running",
  builder: (yargs) =>
    yargs.option("with", {
      choices: toolNames,
      array: true,
      default: [],
      describe: "also build the images of these tools; otherwise each is built when a command first needs it",
    }),
  handler: async (given) => {
    const { currentHome, terminal } = await import("../engine/connect.js")
    const { up } = await import("../../dagger/engine/up.js")
    const { requireLocalEngine } = await import("../engine/require-local.js")
    const { createSteps, seconds } = await import("../../dagger/engine/steps.js")
    const started = Date.now()
    const home = currentHome()
    await requireLocalEngine(home)
    await up(home, createSteps(terminal()), showWaiting)
    const asked: unknown[] = Array.isArray(given.with) ? given.with : []
    const tools = toolNames.filter((name) => asked.includes(name))
    const { ensureTools } = await import("../../dagger/engine/tools/ensure.js")
    await ensureTools(home, tools, createSteps(terminal()), showWaiting)
    console.log(`The engine is running (${seconds(Date.now() - started)}): unix://${home.socket}`)
  },
}

const down: CommandModule = {
  command: "down",
  describe: "Stop the engine and remove its processes, mounts and network devices; the cache is kept",
  handler: async () => {
    const { currentHome, terminal } = await import("../engine/connect.js")
    const { down } = await import("../../dagger/engine/down.js")
    const { createSteps } = await import("../../dagger/engine/steps.js")
    const stopped = await down(currentHome(), createSteps(terminal()), showWaiting)
    console.log(stopped ? "The engine has stopped." : "The engine was not running.")
  },
}

const status: CommandModule = {
  command: "status",
  describe: "Show whether the engine is running, since when, and its images",
  handler: async () => {
    const { currentHome } = await import("../engine/connect.js")
    const { engineStatus } = await import("../../dagger/engine/status.js")
    const { formatStatus } = await import("../engine/format.js")
    console.log(formatStatus(await engineStatus(currentHome())))
  },
}

const env: CommandModule = {
  command: "env",
  describe: 'Print shell variables for the dagger CLI: eval "$(tollgate engine env)"',
  handler: async () => {
    const { dirname } = await import("node:path")
    const { currentHome } = await import("../engine/connect.js")
    const { chosenEnvironment } = await import("../engine/chosen-environment.js")
    const variables = await chosenEnvironment(currentHome(), process.env)
    for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`)
    if (variables._EXPERIMENTAL_DAGGER_CLI_BIN !== undefined)
      console.log(`export PATH='${dirname(variables._EXPERIMENTAL_DAGGER_CLI_BIN)}':"$PATH"`)
  },
}

function showWaiting(owner: { pid: number; purpose: string; since: string }): void {
  console.error(`… waiting for process ${owner.pid} (${owner.purpose}, since ${owner.since})`)
}
