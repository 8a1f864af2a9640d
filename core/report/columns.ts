/** Width in terminal columns: Chinese, Japanese, Korean and most emoji take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

function characterWidth(character: string): number {
  if (/\p{Mark}|[\u200b-\u200d]|\ufe0f/u.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** Cuts a text to a width, ending in an ellipsis. */
export function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let kept = ""
  let width = 0
  for (const character of text) {
    width += characterWidth(character)
    if (width > columns - 1) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** Cuts a path from the left, because its end says more. */
export function fitPath(path: string, columns: number): string {
  if (displayWidth(path) <= columns) return path
  const characters = [...path]
  while (characters.length > 0 && displayWidth(characters.join("")) > columns - 1) characters.shift()
  return `…${characters.join("")}`
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

/** Wraps a text between words; the last line is cut. */
export function wrapWords(text: string, columns: number, lines: number): string[] {
  const wrapped: string[] = []
  let rest = text.trim()
  while (rest !== "" && wrapped.length < lines - 1) {
    let line = ""
    for (const word of rest.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`
      if (displayWidth(longer) > columns) break
      line = longer
    }
    // a word longer than a line is broken
    if (line === "")
      line = [...rest].reduce(
        (kept, character) => (displayWidth(kept + character) > columns ? kept : kept + character),
        "",
      )
    wrapped.push(line)
    rest = rest.slice(line.length).trim()
  }
  return rest === "" ? wrapped : [...wrapped, fit(rest, columns)]
}
