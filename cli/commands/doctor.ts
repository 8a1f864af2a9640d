import type { CommandModule } from "yargs"

export const doctor: CommandModule = {
  command: "doctor",
  describe: "Show what is installed, what is missing and how to install it, and disk usage",
  handler: async () => {
    const { currentHome } = await import("../engine/connect.js")
    const { examine } = await import("../engine/examine.js")
    const slow = setTimeout(() => console.error("… counting the files of the engine's cache"), 2_000)
    const { text, usable } = await examine(currentHome(), process.env)
    clearTimeout(slow)
    console.log(text)
    if (!usable) process.exitCode = 1
  },
}
