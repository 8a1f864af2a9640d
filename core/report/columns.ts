import stringWidth from "string-width"

/** Width in terminal columns: Chinese, Japanese, Korean and most emoji take two. */
export const displayWidth = (text: string): number => stringWidth(text)

/** What is shown as one character, such as a letter with its accents. */
const characters = (text: string): string[] => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)

/** Cuts a text to a width, ending in an ellipsis. */
export function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  return `${prefix(text, columns - 1).trimEnd()}…`
}

/** As many of its first characters as have room. */
function prefix(text: string, columns: number): string {
  let kept = ""
  let width = 0
  for (const character of characters(text)) {
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
  const wrapped: string[] = []
  let rest = text.trim()
  while (wrapped.length < lines - 1 && displayWidth(rest) > columns) {
    let line = ""
    for (const word of rest.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`
      if (displayWidth(longer) > columns) break
      line = longer
    }
    // a word longer than a line is broken
    if (line === "") line = prefix(rest, columns)
    wrapped.push(line)
    rest = rest.slice(line.length).trim()
  }
  return rest === "" ? wrapped : [...wrapped, fit(rest, columns)]
}
