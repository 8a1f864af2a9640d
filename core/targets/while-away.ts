import { setTimeout as pause } from "node:timers/promises"
import { TargetError, type TargetErrorCode } from "./errors.js"

const PAUSE_MILLISECONDS = 500
/** After a reboot sshd answers before Docker does. */
const AWAY: readonly TargetErrorCode[] = ["unreachable", "cut", "no-docker"]

/**
 * Retries while the target is unreachable: a connection may recover, and a host may be rebooting.
 *
 * @param until deadline by performance.now()
 */
export async function whileAway<Result>(work: () => Promise<Result>, until: number): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error) || performance.now() > until) throw error
      await pause(PAUSE_MILLISECONDS)
    }
  }
}

function isAway(error: unknown): boolean {
  return error instanceof TargetError && AWAY.includes(error.kind)
}
