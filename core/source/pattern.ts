/** A path as a pattern of Dagger's that matches this path and what is below it. */
export function literalPattern(path: string): string {
  return (
    path
      .replace(/\/$/, "")
      .replace(/[\\*?[\]^!]/g, "\\$&")
      // bytes that are not UTF-8 have become this character
      .replace(/\ufffd+/g, "*")
      // Dagger trims a pattern
      .replace(/^\s|\s$/g, "[$&]")
  )
}
