/** Test ids against glob patterns: `*` stands for any run of characters, everything else for itself. No glob of paths: ids have brackets. */
export function matchesAny(text: string, patterns: string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .split("*")
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"))
      .join(".*")
    return new RegExp(`^${source}$`).test(text)
  })
}
