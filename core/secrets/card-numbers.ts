/** Removes numbers of payment cards from texts: 13 to 19 digits with a right check digit, also in groups. */

const MASK = "***"
const [SHORTEST, LONGEST] = [13, 19]
const GAP = String.raw`(?:[ +\u00a0-]|%20)`
/** Digits, with one separator between two of them at most. */
const DIGITS = new RegExp(String.raw`\d(?:${GAP}?\d){${SHORTEST - 1},}`, "g")

const DIGIT_OR_GAP = new RegExp(`${GAP}|\\d`, "g")

/** A number begins and ends where a group of digits does: a part of a longer number does not count. */
export function withoutCardNumbers(text: string): string {
  return text.replace(DIGITS, masked)
}

function masked(run: string): string {
  const digits = [...run.matchAll(DIGIT_OR_GAP)].filter(([one]) => one.length === 1 && isDigit(one))
  const placeOf = (at: number) => digits[at]?.index ?? run.length
  const begins = (at: number) => at === 0 || placeOf(at) > placeOf(at - 1) + 1
  const ends = (at: number) => at === digits.length - 1 || begins(at + 1)
  const parts: string[] = []
  let read = 0
  let hidden = -1
  for (let from = 0; from < digits.length; from += 1) {
    if (!begins(from)) continue
    const to = lastDigit(from)
    if (to === null || to <= hidden) continue
    // numbers that overlap: either may be the card's
    if (from > hidden) parts.push(run.slice(read, placeOf(from)), MASK)
    hidden = to
    read = placeOf(to) + 1
  }
  return read === 0 ? run : `${parts.join("")}${run.slice(read)}`

  /** Of the longest card number that begins here; null: none does. */
  function lastDigit(from: number): number | null {
    for (let length = LONGEST; length >= SHORTEST; length -= 1) {
      const to = from + length - 1
      if (to >= digits.length || !ends(to)) continue
      if (hasCheckDigit(digits.slice(from, to + 1).map(([digit]) => Number(digit)))) return to
    }
    return null
  }
}

function isDigit(text: string): boolean {
  return text >= "0" && text <= "9"
}

/** Luhn's algorithm. All zeros do not count. */
function hasCheckDigit(digits: readonly number[]): boolean {
  const sum = digits.reduceRight((total, digit, at) => {
    const doubled = (digits.length - at) % 2 === 0 ? 2 * digit : digit
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum > 0 && sum % 10 === 0
}
