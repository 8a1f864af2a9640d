/** The last lines that a program printed, as an error shows them. */
export function quotedTail(text: string, most: number): string[] {
  return text.trim().split("\n").slice(-most).map((line) => `  | ${line}`)
}
