import { TollgateError } from "./errors.js"

export function noSpace(where: string): TollgateError {
  return new TollgateError(
    "no-space",
    `There is no space left on ${where}. What was under way is not finished, and nothing is claimed for it.`,
    "Free some, or prune the engine's cache (`dagger core engine local-cache prune`), and run it again: finished steps are kept.",
  )
}

/** Runs the work; when a disk fills up under it, the error says so and what to do, instead of where in the engine it struck. */
export async function namingNoSpace<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw /no space left on device|ENOSPC/i.test(message) ? noSpace(where) : error
  }
}
