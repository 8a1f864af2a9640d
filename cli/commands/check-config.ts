import { checkConfigOptions } from "../options/environment.js"
import { command } from "./command.js"

export const checkConfig = command({
  name: "check-config",
  describe: "Check an environment's configuration: complete, well-formed, not shared with another environment",
  options: checkConfigOptions,
  examples: [
    [
      "$0 check-config --env=production --secrets=env:PRODUCTION_ENV --against=env:STAGING_ENV",
      "also compare with staging",
    ],
  ],
  run: async (options) => (await import("../environment/run-check-config.js")).runCheckConfig(options),
})
