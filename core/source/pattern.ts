/** A path as a pattern of Dagger's that matches only this path and what is below it. */
export function literalPattern(path: string): string {
  return (
    path
      .replace(/\/$/, "")
      .replace(/[\\*?[\]^!]/g, "\\$&")
      // Dagger trims a pattern
      .replace(/^\s|\s$/g, "[$&]")
  )
}
