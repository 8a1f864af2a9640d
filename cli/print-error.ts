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
  const message = lastCause(error instanceof Error ? error.message : String(error))
  // the engine's own words, cmd/engine of v0.21.8
  if (message.includes("engine is shutting down")) return describeError(STOPPED)
  const { newestSessionLog } = await import("./engine/session-log.js")
  const { currentHome } = await import("./engine/connect.js")
  const log = await newestSessionLog(currentHome())
  return `✗ ${message}\n\nThis error was not expected.${log === undefined ? "" : ` Engine log: ${log}.`} Run again with --debug to see the stack trace, and open an issue.`
}

const STOPPED = new TollgateError(
  "engine.stopped",
  "The Dagger engine was stopped while this command used it: by `tollgate engine down`, or by another version of Tollgate that needs another engine.",
  "Run the command again: it starts the engine. No cleanup is needed.",
)
