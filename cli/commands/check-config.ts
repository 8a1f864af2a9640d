import type { CommandModule } from "yargs"

export const checkConfig: CommandModule = {
  command: "check-config",
  describe: "Check one environment's configuration: all there, of the right form, its own",
  builder: (yargs) =>
    yargs
      .option("source", {
        type: "string",
        describe: "the repository: the folder that has tollgate.yaml  [default: here or the nearest above]",
      })
      .option("env", {
        type: "string",
        alias: "environment",
        demandOption: true,
        requiresArg: true,
        describe: "staging, production, or another one of tollgate.yaml",
      })
      .option("secrets", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "its configuration in dotenv form: env:NAME, file:PATH, op://…, vault://…",
      })
      .option("against", {
        type: "string",
        requiresArg: true,
        describe: "configuration of the environment that it must share nothing with",
      })
      .option("report", { type: "string", requiresArg: true, describe: "file to write all of it to, as JSON" })
      .example(
        "$0 check-config --env=production --secrets=env:PRODUCTION_ENV --against=env:STAGING_ENV",
        "and nothing may be shared with staging",
      ),
  handler: async (given) => {
    const { runCheckConfig, checkConfigOptions } = await import("../environment/run-check-config.js")
    if (!(await runCheckConfig(checkConfigOptions.parse(given)))) process.exitCode = 1
  },
}
