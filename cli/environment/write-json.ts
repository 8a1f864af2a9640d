import { writeFileSync } from "node:fs"
import { TollgateError } from "../../core/shared/errors.js"

/** Writes the full result, for programs and for details that did not fit on the screen. */
export function writeJson(path: string, result: object): void {
  try {
    writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new TollgateError(
      "report-file",
      `Could not write the report (--report): ${why}.`,
      "Pass a file in an existing folder: --report=FILE.",
    )
  }
}
