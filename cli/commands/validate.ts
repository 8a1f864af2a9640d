import type { CommandModule } from "yargs"
import { source } from "./arguments.js"

export const validate: CommandModule = {
  command: "validate",
  describe: "Check tollgate.yaml, and that the files it lists exist",
  builder: (yargs) => yargs.option("source", source),
  handler: async (given) => {
    const { runValidate, validateOptions } = await import("../validate/run-validate.js")
    await runValidate(validateOptions.parse(given))
  },
}
