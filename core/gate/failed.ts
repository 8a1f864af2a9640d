import { TollgateError } from "../shared/errors.js"
import { terminalText } from "../shared/plain-text.js"

const NEXT = "Fix what is listed above, then run it again."

/** Thrown by a gate that did not pass. The message is the gate's whole screen, so that the shell shows why; the verdict is its last line. */
export class GateFailed extends TollgateError {
  /**
   * @param gate the gate's name; the error's code is this and `-failed`
   * @param ending `waiting`: nothing is wrong, and only approvals are missing
   */
  constructor(gate: string, screen: string, ending: "failed" | "waiting" = "failed") {
    super(`${gate}-${ending}`, screen.trimEnd(), NEXT)
    this.message = terminalText(screen.trimEnd())
    this.name = "GateFailed"
  }
}

/** Returns the screen of a gate that passed; throws it otherwise. */
export function requirePassed(gate: string, passed: boolean, screen: string): string {
  if (!passed) throw new GateFailed(gate, screen)
  return screen
}
