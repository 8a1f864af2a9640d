import { TollgateError } from "../errors.js"

const NEXT = "Fix what is listed above, then run it again."

/** A gate's refusal: its message is the gate's whole screen, so that the shell shows why; the verdict stays the last line. */
export class GateRed extends TollgateError {
  /** @param gate the gate's name; the error's code is this and `-red` */
  constructor(gate: string, screen: string) {
    super(`${gate}-red`, screen.trimEnd(), NEXT)
    this.message = screen.trimEnd()
    this.name = "GateRed"
  }
}

/** The screen of a gate that is green; that of a red one is thrown. */
export function requireGreen(gate: string, green: boolean, screen: string): string {
  if (!green) throw new GateRed(gate, screen)
  return screen
}
