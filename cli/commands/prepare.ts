import type { CommandModule } from "yargs"

export const prepare: CommandModule = {
  command: "prepare",
  describe: "Prepare an engine in advance, as every command that needs one does",
  handler: async () => {
    const { currentHome, terminal, useEngine } = await import("../engine/connect.js")
    await useEngine(currentHome(), process.env, terminal())
  },
}
