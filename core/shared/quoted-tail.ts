/** The last lines of a program's output, formatted for an error message. */
export function quotedTail(text: string, most: number): string[] {
  return text
    .trim()
    .split("\n")
    .slice(-most)
    .map((line) => `  | ${line}`)
}
