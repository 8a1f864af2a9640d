import { TollgateError } from "../core/errors.js"
import { lastCause } from "../core/shared/engine-cause.js"

/** Errors meant for people: what happened, what to do next. Anything else is a fault of ours: where to look. */
export async function printError(error: unknown, debug: boolean): Promise<void> {
  console.error(await describeError(error))
  if (debug && error instanceof Error) console.error(`\n${error.stack}`)
}

async function describeError(error: unknown): Promise<string> {
  if (error instanceof TollgateError) return `✗ ${error.code}\n\n${error.message}`
  const { newestSessionLog } = await import("./engine/session-log.js")
  const { currentHome } = await import("./engine/connect.js")
  const log = await newestSessionLog(currentHome())
  const message = lastCause(error instanceof Error ? error.message : String(error))
  return `✗ ${message}\n\nThis was not expected.${log === undefined ? "" : ` What the engine said last: ${log}.`} --debug shows where it happened.`
}
