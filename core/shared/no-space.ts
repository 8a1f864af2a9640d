import { TollgateError } from "./errors.js"

export function noSpace(where: string): TollgateError {
  return new TollgateError(
    "no-space",
    `No space left on ${where}. The run did not finish, and nothing was recorded for it.`,
    "Free some space, or prune the engine's cache (`dagger core engine local-cache prune`), and run the command again. Finished steps are cached.",
  )
}

/** Replaces an engine error caused by a full disk with one that names the disk and the fix. */
export async function namingNoSpace<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw /no space left on device|ENOSPC/i.test(message) ? noSpace(where) : error
  }
}
