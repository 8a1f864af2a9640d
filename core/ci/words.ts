/** The words behind the verdict of a line such as `FAILED: 1 of 5 suites`. */
export function wordsBehind(line: string): string {
  return line.slice(line.indexOf(": ") + 2)
}
