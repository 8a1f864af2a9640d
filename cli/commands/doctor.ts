import { noOptions } from "../options/option.js"
import { command } from "./command.js"

export const doctor = command({
  name: "doctor",
  describe: "Show what is installed, what is missing and how to install it, and disk usage",
  options: noOptions,
  run: async () => {
    const { currentHome } = await import("../engine/connect.js")
    const { examine } = await import("../engine/examine.js")
    const slow = setTimeout(() => console.error("… counting the files of the engine's cache"), 2_000)
    const { text, usable } = await examine(currentHome(), process.env)
    clearTimeout(slow)
    console.log(text)
    return usable
  },
})
