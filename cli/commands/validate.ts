import { validateOptions } from "../options/gates.js"
import { command } from "./command.js"

export const validate = command({
  name: "validate",
  describe: "Check tollgate.yaml, and that the files it lists exist",
  options: validateOptions,
  run: async (options) => (await import("../validate/run-validate.js")).runValidate(options),
})
