/** Quotes a word for a POSIX shell. */
export function quote(word: string): string {
  if (word.includes("\0")) throw new RangeError("a shell's word cannot contain a NUL byte")
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

export function words(...all: readonly (string | number)[]): string {
  return all.map((word) => quote(String(word))).join(" ")
}
