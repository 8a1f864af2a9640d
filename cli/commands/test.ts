import type { CommandModule } from "yargs"
import { names, reportFolder, source } from "./arguments.js"

export const test: CommandModule = {
  command: "test",
  describe: "Run the QA suites and judge them by evidence from inside pytest",
  builder: (yargs) =>
    yargs
      .option("source", source)
      .option("suites", {
        type: "string",
        array: true,
        default: [],
        coerce: names,
        describe: "names of suites, separated by commas  [default: all]",
      })
      .option("fresh", {
        type: "boolean",
        default: false,
        describe: "run again, even if nothing changed since the evidence was gathered",
      })
      .option("secrets", {
        type: "string",
        describe: "values of qa.secrets in dotenv form: env:NAME, file:PATH, op://…, vault://…",
      })
      .option("report", reportFolder("tollgate-report"))
      .example("$0 test --suites=e2e,webhook", "run two suites")
      .example("$0 test --fresh", "ignore cached evidence"),
  handler: async (given) => {
    const { runTest, testOptions } = await import("../test/run-test.js")
    if (!(await runTest(testOptions.parse(given)))) process.exitCode = 1
  },
}
