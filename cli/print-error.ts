import { lastCause } from "../core/shared/engine-cause.js"
import { TollgateError } from "../core/shared/errors.js"
import { terminalText } from "../core/shared/plain-text.js"

/** A TollgateError says what happened and what to do. Any other error is a bug: the message points to the log. */
export async function printError(error: unknown, debug: boolean): Promise<void> {
  console.error(terminalText(await describeError(error)))
  if (debug && error instanceof Error) console.error(terminalText(`\n${error.stack}`))
}

async function describeError(error: unknown): Promise<string> {
  if (error instanceof TollgateError) return `✗ ${error.code}\n\n${error.message}`
  const { newestSessionLog } = await import("./engine/session-log.js")
  const { currentHome } = await import("./engine/connect.js")
  const log = await newestSessionLog(currentHome())
  const message = lastCause(error instanceof Error ? error.message : String(error))
  return `✗ ${message}\n\nThis error was not expected.${log === undefined ? "" : ` Engine log: ${log}.`} Run again with --debug to see the stack trace, and open an issue.`
}
