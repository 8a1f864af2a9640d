/** A terminal, as far as a table is drawn on it. */
export interface Drawn {
  write(text: string): unknown
  columns?: number
}

const HIDE_CURSOR = "\u001b[?25l"
export const SHOW_CURSOR = "\u001b[?25h"
const ERASE_BELOW = "\u001b[0J"

/**
 * Lines at the end of a terminal that are drawn anew as they change. What is written through `print` stands above them.
 * The lines must not be wider than the terminal: one that wraps could not be drawn over.
 */
export class LiveTable {
  readonly #terminal: Drawn
  readonly #lines: () => string[]
  #drawn = 0
  #unfinished = ""

  constructor(terminal: Drawn, lines: () => string[]) {
    this.#terminal = terminal
    this.#lines = lines
  }

  draw(): void {
    const lines = this.#lines()
    this.#terminal.write(`${this.#back()}${HIDE_CURSOR}${lines.map((line) => `${line}\n`).join("")}`)
    this.#drawn = lines.length
  }

  /** Whole lines at once; the beginning of one waits for its end. */
  print(text: string): void {
    const [whole = "", rest = ""] = splitAtLastLine(this.#unfinished + text)
    this.#unfinished = rest
    if (whole === "") return
    const above = `${this.#back()}${whole}`
    this.#drawn = 0
    this.#terminal.write(above)
    this.draw()
  }

  /** Leaves the last drawing where it is. */
  end(): void {
    this.draw()
    this.#drawn = 0
    this.#terminal.write(`${SHOW_CURSOR}${this.#unfinished === "" ? "" : `${this.#unfinished}\n`}`)
  }

  #back(): string {
    return this.#drawn === 0 ? "" : `\u001b[${this.#drawn}A\r${ERASE_BELOW}`
  }
}

function splitAtLastLine(text: string): [whole: string, rest: string] {
  const end = text.lastIndexOf("\n") + 1
  return [text.slice(0, end), text.slice(end)]
}
