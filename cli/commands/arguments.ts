/** Names given with several options, or in one separated by commas. */
export function names(given: string[]): string[] {
  return given.flatMap((text) => text.split(",")).map((name) => name.trim()).filter((name) => name !== "")
}

/** yargs gives false for --no-report. */
export function folder(given: string | false): string | false {
  return given === "" ? false : given
}
