import yargs from "yargs"
import { version } from "../core/shared/version.js"
import { engine } from "./commands/engine.js"
import { commands } from "./commands/index.js"
import { printError } from "./print-error.js"
import { endCleanlyOnSignals } from "./signals.js"

/** Runs one command and returns the exit code: 0 passed, 1 failed, 2 wrong usage, 3 a deployment that waits for approvals. */
export async function main(argv: readonly string[]): Promise<number> {
  endCleanlyOnSignals()
  let wrongUsage = false
  const parser = yargs([...argv])
    .scriptName("tollgate")
    .usage("$0 <command>\n\nTakes a payment service from a commit to production and back.")
    .option("debug", { type: "boolean", default: false, global: true, describe: "show stack traces of errors" })
    .command([...commands, engine])
    .demandCommand(1, "Pass a command.")
    .strict()
    .recommendCommands()
    .wrap(Math.min(100, process.stdout.columns ?? 80))
    .help()
    .version(version)
    .exitProcess(false)
    .fail((message, error, self) => {
      // YError is a usage error, such as an option without its value; a check's text is no Error; all others come from the command
      if (error instanceof Error && error.name !== "YError") throw error
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
  // a failed gate sets process.exitCode
  return Number(process.exitCode ?? 0)
}
