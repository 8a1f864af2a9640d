import type { CommandModule } from "yargs"
import { oneEnvironment, reportFile } from "./arguments.js"

export const checkConfig: CommandModule = {
  command: "check-config",
  describe: "Check one environment's configuration: all there, of the right form, its own",
  builder: (yargs) =>
    oneEnvironment(yargs)
      .option("against", {
        type: "string",
        requiresArg: true,
        describe: "configuration of the environment that it must share nothing with",
      })
      .option("report", reportFile)
      .example(
        "$0 check-config --env=production --secrets=env:PRODUCTION_ENV --against=env:STAGING_ENV",
        "and nothing may be shared with staging",
      ),
  handler: async (given) => {
    const { runCheckConfig, checkConfigOptions } = await import("../environment/run-check-config.js")
    if (!(await runCheckConfig(checkConfigOptions.parse(given)))) process.exitCode = 1
  },
}
