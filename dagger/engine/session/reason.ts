import { stripVTControlCharacters } from "node:util"

const shownLines = 8

/** Pure: why the CLI could not open a session, from what it wrote to standard error; undefined when it does not say. */
export function reasonOf(text: string): string | undefined {
  const lines = stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
  const error = lines.findLast((line) => line.startsWith("Error: "))
  const output = outputOfFailedStep(lines)
  if (error === undefined && output.length === 0) {
    const last = lines.filter((line) => !isStep(line)).slice(-shownLines)
    return last.length === 0 ? undefined : last.join("\n")
  }
  const cause = error?.slice("Error: ".length).replace(/ \[traceparent:[^\]]*\]$/, "")
  return [...(cause === undefined ? [] : [cause]), ...output.slice(-shownLines)].join("\n")
}

/** Lines of progress: `2   : ┆ exec docker pull …`, `2   : ┆ [0.1s] | what it printed`, `2   : ┆ exec docker pull … ERROR [0.1s]`. */
const step = /^(\d+) +: /

function isStep(line: string): boolean {
  return step.test(line)
}

/** What the first step that failed had printed: the deepest one fails first. */
function outputOfFailedStep(lines: readonly string[]): string[] {
  const failed = lines.find((line) => isStep(line) && / ERROR \[[\d.ms]+\]$/.test(line))
  const id = failed === undefined ? undefined : step.exec(failed)?.[1]
  if (id === undefined) return []
  return lines.flatMap((line) => {
    const printed = step.exec(line)?.[1] === id ? /\[[\d.ms]+\] \| (.*)$/.exec(line)?.[1] : undefined
    return printed === undefined || printed.trim() === "" ? [] : [printed.trim()]
  })
}
