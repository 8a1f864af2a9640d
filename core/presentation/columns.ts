import stringWidth from "string-width"

/** Width in terminal columns: Chinese, Japanese, Korean and most emoji take two. */
export const displayWidth = (text: string): number => stringWidth(text)

/** What is shown as one character, such as a letter with its accents. */
const characters = (text: string): string[] => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)

/** Code units that one column can have: measuring megabytes to find that they do not fit would take seconds. */
const UNITS = 8

/** Whether a text has room in so many columns. */
export function fits(text: string, columns: number): boolean {
  return columns === Number.POSITIVE_INFINITY || (text.length <= columns * UNITS && displayWidth(text) <= columns)
}

/** Cuts a text to a width, ending in an ellipsis. */
export function fit(text: string, columns: number): string {
  if (fits(text, columns)) return text
  return `${prefix(text, columns - 1).trimEnd()}…`
}

/** As many of its first characters as have room. */
function prefix(text: string, columns: number): string {
  let kept = ""
  let width = 0
  for (const character of characters(text.slice(0, columns * UNITS))) {
    width += displayWidth(character)
    if (width > columns) break
    kept += character
  }
  return kept
}

/** Cuts a path from the left, because its end says more. */
export function fitPath(path: string, columns: number): string {
  if (displayWidth(path) <= columns) return path
  const kept = characters(path)
  while (kept.length > 0 && displayWidth(kept.join("")) > columns - 1) kept.shift()
  return `…${kept.join("")}`
}

export type Alignment = "left" | "right"

/** Aligns rows of cells, with two spaces between columns. */
export function alignColumns(rows: string[][], alignments: Alignment[]): string[] {
  const widths = alignments.map((_, column) => Math.max(0, ...rows.map((row) => displayWidth(row[column] ?? ""))))
  return rows.map((row) =>
    alignments
      .map((alignment, column) => {
        const cell = row[column] ?? ""
        const space = " ".repeat((widths[column] ?? 0) - displayWidth(cell))
        return alignment === "right" ? space + cell : cell + space
      })
      .join("  ")
      .trimEnd(),
  )
}

/** Wraps a text between words. With a limit of lines the last one is cut. */
export function wrapWords(text: string, columns: number, lines = Number.POSITIVE_INFINITY): string[] {
  if (fits(text, columns)) return text.trim() === "" ? [] : [text.trim()]
  const wrapped: string[] = []
  // all that these lines could show, and more
  const parts = text
    .slice(0, columns * lines * UNITS)
    .split(" ")
    .filter((word) => word !== "")
    .flatMap((word) => broken(word, columns))
  let width = 0
  for (const [index, part] of parts.entries()) {
    const added = displayWidth(part)
    const last = wrapped.at(-1)
    if (last !== undefined && width + 1 + added <= columns) {
      wrapped[wrapped.length - 1] = `${last} ${part}`
      width += 1 + added
    } else if (wrapped.length === lines) {
      wrapped[lines - 1] = fit([last, ...parts.slice(index)].join(" "), columns)
      break
    } else {
      wrapped.push(part)
      width = added
    }
  }
  return wrapped
}

/** A word longer than a line in parts, each with at least one character. */
function broken(word: string, columns: number): string[] {
  if (fits(word, columns)) return [word]
  const parts: string[] = []
  let width = Number.POSITIVE_INFINITY
  for (const character of characters(word)) {
    const added = displayWidth(character)
    if (width + added > columns) parts.push("")
    width = width + added > columns ? added : width + added
    parts.push(`${parts.pop() ?? ""}${character}`)
  }
  return parts
}
