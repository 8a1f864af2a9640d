import type { CommandModule } from "yargs"
import { oneEnvironment, reportFile } from "./arguments.js"

export const checkConfig: CommandModule = {
  command: "check-config",
  describe: "Check an environment's configuration: complete, well-formed, not shared with another environment",
  builder: (yargs) =>
    oneEnvironment(yargs)
      .option("against", {
        type: "string",
        requiresArg: true,
        describe: "configuration of another environment, with which it must share no value: env:NAME, file:PATH, …",
      })
      .option("report", reportFile)
      .example(
        "$0 check-config --env=production --secrets=env:PRODUCTION_ENV --against=env:STAGING_ENV",
        "also compare with staging",
      ),
  handler: async (given) => {
    const { runCheckConfig, checkConfigOptions } = await import("../environment/run-check-config.js")
    if (!(await runCheckConfig(checkConfigOptions.parse(given)))) process.exitCode = 1
  },
}
