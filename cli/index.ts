import yargs from "yargs"
import { version } from "../core/version.js"
import { commands } from "./commands/index.js"
import { printError } from "./print-error.js"
import { endCleanlyOnSignals } from "./signals.js"

/** Runs one command; gives the exit code: 0 done, 1 failed or refused, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  endCleanlyOnSignals()
  let wrongUsage = false
  const parser = yargs([...argv])
    .scriptName("tollgate")
    .usage("$0 <command>\n\nFrom a commit to production and back, believing only evidence it gathered itself.")
    .option("debug", { type: "boolean", default: false, global: true, describe: "show stack traces of errors" })
    .command(commands)
    .demandCommand(1, "Name a command.")
    .strict()
    .recommendCommands()
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .help()
    .version(version)
    .exitProcess(false)
    .fail((message, error, self) => {
      // an error thrown by a command is not a mistake in its arguments; yargs' own is, such as an option without its value
      if (error && error.name !== "YError") throw error
      wrongUsage = true
      self.showHelp("error")
      console.error(`\n${message}`)
    })
  try {
    await parser.parseAsync()
  } catch (error) {
    if (wrongUsage) return 2
    await printError(error, argv.includes("--debug"))
    return 1
  }
  if (wrongUsage) return 2
  // a command that has a verdict of its own says so in process.exitCode
  return Number(process.exitCode ?? 0)
}
