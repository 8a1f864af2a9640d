import type { CommandModule } from "yargs"
import { names, reportFolder, source } from "./arguments.js"

export const loadTest: CommandModule = {
  command: "load-test",
  describe: "Load-test the built image or a deployed service, and judge the thresholds",
  builder: (yargs) =>
    yargs
      .option("source", source)
      .option("scenarios", {
        type: "string",
        array: true,
        default: [],
        coerce: names,
        describe: "names of scenarios, separated by commas  [default: all]",
      })
      .option("url", {
        type: "string",
        default: "",
        describe: "address of a deployed service  [default: build and load the image]",
      })
      .option("confirm", {
        type: "string",
        default: "",
        describe: "host of --url, required if load.staging does not list the address",
      })
      .option("secrets", {
        type: "string",
        describe:
          "values of load.secrets and image.buildSecrets in dotenv form: env:NAME, file:PATH, op://…, vault://…",
      })
      .option("report", reportFolder("tollgate-report/load"))
      .example("$0 load-test --scenarios=checkout", "one scenario")
      .example("$0 load-test --url=https://staging.shop.example", "a deployed service"),
  handler: async (given) => {
    const { loadOptions, runLoadTest } = await import("../load/run-load-test.js")
    if (!(await runLoadTest(loadOptions.parse(given)))) process.exitCode = 1
  },
}
