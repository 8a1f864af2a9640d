import { noOptions } from "../options/option.js"
import { command } from "./command.js"

export const prepare = command({
  name: "prepare",
  describe: "Prepare an engine in advance, as every command that needs one does",
  options: noOptions,
  run: async () => {
    const { currentHome, terminal, useEngine } = await import("../engine/connect.js")
    await useEngine(currentHome(), process.env, terminal())
  },
})
