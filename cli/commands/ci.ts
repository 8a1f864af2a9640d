import type { CommandModule } from "yargs"
import { imageStamp, reportFolder } from "./arguments.js"

export const ci: CommandModule = {
  command: "ci",
  describe:
    "Run every gate of a change: suites, coverage, image, scan, migrations, load test; and report on all of them",
  builder: (yargs) =>
    imageStamp(yargs)
      .option("secrets", {
        type: "string",
        describe:
          "values of qa.secrets, image.buildSecrets, database.secrets and load.secrets in dotenv form: env:NAME, file:PATH, op://…",
      })
      .option("base", {
        type: "string",
        requiresArg: true,
        describe:
          "what the change is compared with: a revision that git knows, or a folder  [default: unknown, all run]",
      })
      .option("baseline", {
        type: "string",
        requiresArg: true,
        describe: "folder of an earlier report, to show what changed since",
      })
      .option("fail-fast", { type: "boolean", default: false, describe: "end with the first gate that does not pass" })
      .option("key", {
        type: "string",
        default: "tollgate",
        requiresArg: true,
        describe: "name in pr-comment.md, by which a later run finds its own comment",
      })
      .option("url", { type: "string", default: "", describe: "URL at which the report will be, for pr-comment.md" })
      .option("quiet", {
        type: "boolean",
        default: false,
        describe: "write no pr-comment.md when every gate passed and no figure changed",
      })
      .option("report", reportFolder("tollgate-report/ci"))
      .example("$0 ci --base=origin/main", "what a pull request to main will be judged by"),
  handler: async (given) => {
    const { ciOptions, runCiCommand } = await import("../ci/run-ci.js")
    if (!(await runCiCommand(ciOptions.parse(given)))) process.exitCode = 1
  },
}
