import { maskedSecrets } from "../../image/secret-text.js"
import { LONGEST_TEXT } from "../../ledger/logs/schema.js"
import { withoutCardNumbers } from "../../secrets/card-numbers.js"
import { type Redact, redactLines } from "../../secrets/redact.js"
import { plainText } from "../../shared/plain-text.js"

/**
 * What of a line is kept: what a container prints is hostile, and may have secrets anywhere. Lines are masked together, whole, and cut
 * afterwards: a half of a secret would not be recognized.
 */

/** A longer line is cut before it is masked, so that the work is bounded. */
export const LONGEST_MASKED = 8000
/** The longest form of a piece of a secret, of which a part may be left at the end of a line that was cut. */
const LONGEST_FORM = 1200
const CUT = " … (cut)"

/** @param lines of one container that belong together: a program may wrap a long value */
export function maskedLines(lines: readonly string[], redact: Redact): string[] {
  const plain = lines.map(plainLine)
  return redactLines(
    plain.map((line) => line.slice(0, LONGEST_MASKED)),
    redact,
  ).map((line, at) => {
    const isCut = (plain[at] ?? "").length > LONGEST_MASKED
    return shortened(withoutForms(isCut ? line.slice(0, -LONGEST_FORM) : line), isCut)
  })
}

/** Without effect: no control characters, no escape codes. A program that shows progress ends its lines with \r. */
function plainLine(text: string): string {
  return plainText(text.replace(/\r+$/, "")).replaceAll("\n", " ").trimEnd()
}

/** Secrets and card numbers that are known by their form. The text that the forms may need more of is cut off afterwards. */
function withoutForms(line: string): string {
  const wide = line.slice(0, LONGEST_TEXT + LONGEST_FORM)
  return withoutCardNumbers(maskedSecrets(wide) ?? wide)
}

function shortened(line: string, isCut: boolean): string {
  if (!isCut && line.length <= LONGEST_TEXT) return line
  // not in the middle of a character
  return `${line.slice(0, LONGEST_TEXT - CUT.length).replace(/[\uD800-\uDBFF]$/, "")}${CUT}`
}
