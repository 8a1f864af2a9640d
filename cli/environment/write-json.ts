import { writeFileSync } from "node:fs"
import { TollgateError } from "../../core/errors.js"

/** Everything that the screen is made of, for programs and for what did not fit on it. */
export function writeJson(path: string, result: object): void {
  try {
    writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new TollgateError(
      "report-file",
      `The report cannot be written: ${why}.`,
      "Name a file in a folder that is there: --report=FILE.",
    )
  }
}
