import { connection } from "@dagger.io/dagger"
import type { Writable } from "node:stream"
import { TollgateError } from "../../core/errors.js"

/**
 * Runs the callback connected to the engine that the environment names. What it throws is thrown here as it was: the SDK by itself would
 * wrap it in an error of its own, which hides what kind it is.
 */
export async function inSession<T>(log: Writable, logPath: string, callback: () => Promise<T>): Promise<T> {
  let outcome: { value: T } | { error: unknown } | undefined
  await connection(
    async () => {
      try {
        outcome = { value: await callback() }
      } catch (error) {
        outcome = { error }
      }
    },
    // the log is left open: the session's process goes on writing after it is told to end, and would never end with nobody to read it
    { LogOutput: log },
  )
  if (!outcome) throw new TollgateError("engine.no-answer", "The engine ended the connection before the work was done.", `Its log: ${logPath}`)
  if ("error" in outcome) throw outcome.error
  return outcome.value
}
