import { TollgateError } from "../errors.js"

/** The gate's refusal: its message is the whole summary, so that the shell shows why. */
export class QaRed extends TollgateError {
  constructor(summary: string) {
    super("qa-red", summary.trimEnd(), "")
    this.name = "QaRed"
  }
}
