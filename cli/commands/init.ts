import type { CommandModule } from "yargs"

export const init: CommandModule = {
  command: "init",
  describe: "Write tollgate.yaml and the CI's files for a repository, by what it has; nothing is overwritten",
  builder: (yargs) =>
    yargs
      .option("source", { type: "string", describe: "the repository  [default: this folder]" })
      .option("module", {
        type: "string",
        requiresArg: true,
        describe: "where CI finds Tollgate: github.com/OWNER/tollgate@COMMIT  [default: this copy's Git origin]",
      })
      .option("ci", {
        choices: ["github", "gitlab", "shell"],
        array: true,
        default: [],
        describe: "CIs to write files for  [default: those that the repository uses]",
      })
      .option("dry-run", { type: "boolean", default: false, describe: "print the files, and write none" })
      .option("yes", {
        type: "boolean",
        default: false,
        describe: "also replace files that an earlier init made; never tollgate.yaml, never your own",
      })
      .option("check", {
        type: "boolean",
        default: false,
        describe: "write nothing, and fail when the CI's files are not what init writes",
      })
      .check(({ check, dryRun, yes }) => {
        if (check === true && (dryRun === true || yes === true))
          throw new Error("--check writes nothing: leave out --dry-run and --yes.")
        return true
      })
      .example("$0 init --dry-run", "what would be written"),
  handler: async (given) => {
    const { initOptions, runInit } = await import("../init/run-init.js")
    if (!runInit(initOptions.parse(given))) process.exitCode = 1
  },
}
