import { TargetError, type TargetErrorCode } from "./errors.js"

const PAUSE_MILLISECONDS = 500
/** A host that comes back lets people in before its Docker answers. */
const AWAY: readonly TargetErrorCode[] = ["unreachable", "cut", "no-docker"]

/**
 * Does something again for as long as the target cannot be reached: a line that was cut may be whole in a moment, and a host
 * that reboots comes back.
 *
 * @param until of performance.now(); what fails after that fails
 */
export async function whileAway<Result>(work: () => Promise<Result>, until: number): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error) || performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
    }
  }
}

function isAway(error: unknown): boolean {
  return error instanceof TargetError && AWAY.includes(error.kind)
}
