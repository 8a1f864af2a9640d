import { TollgateError } from "../errors.js"

const NEXT = "Fix the problems listed above and run the command again."

/** A gate that failed. The message is the gate's whole screen, so that the shell shows every reason and ends with the verdict. */
export class GateFailed extends TollgateError {
  /** @param gate the gate's name; the error's code is this and `-failed` */
  constructor(gate: string, screen: string) {
    super(`${gate}-failed`, screen.trimEnd(), NEXT)
    this.message = screen.trimEnd()
    this.name = "GateFailed"
  }
}

/** Returns the screen of a gate that passed, and throws that of one that failed. */
export function requirePassed(gate: string, passed: boolean, screen: string): string {
  if (!passed) throw new GateFailed(gate, screen)
  return screen
}
