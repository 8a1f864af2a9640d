import type { CommandModule } from "yargs"

export const prepare: CommandModule = {
  command: "prepare",
  describe: "See to it that an engine can be used, as every command does that needs one",
  handler: async () => {
    const { currentHome, terminal, useEngine } = await import("../engine/connect.js")
    await useEngine(currentHome(), process.env, terminal())
  },
}
