import { initOptions } from "../options/init.js"
import { command } from "./command.js"

export const init = command({
  name: "init",
  describe: "Write tollgate.yaml and the CI's files for a repository, by what it has; nothing is overwritten",
  options: initOptions,
  examples: [["$0 init --dry-run", "what would be written"]],
  check: ({ check, dryRun, yes }) =>
    check && (dryRun || yes) ? "--check writes nothing: leave out --dry-run and --yes." : undefined,
  run: async (options) => (await import("../init/run-init.js")).runInit(options),
})
