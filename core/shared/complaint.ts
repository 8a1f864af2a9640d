/** The line of the output that most likely says what went wrong, as tools print it. */
export function complaint(output: string): string | null {
  const line = tellingLine(output) ?? printedLines(output).at(-1)
  return line === undefined ? null : line.replace(/^E\s{2,}/, "")
}

/** The same, or undefined where no line tells. */
export function tellingLine(output: string): string | undefined {
  const telling = /^(ERROR\b|error\b|E\s{2,}|[\w.]*(Error|Exception|Exit)\b:)|: error: |can't open file|No module named/
  return printedLines(output).findLast((line) => telling.test(line))
}

function printedLines(output: string): string[] {
  return output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^[=!-]{3,}/.test(line))
}
