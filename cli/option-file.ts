import { readFileSync } from "node:fs"
import { TollgateError } from "../core/shared/errors.js"

/**
 * Reads the file that an option names.
 *
 * @param next what to do when it cannot be read
 * @throws TollgateError `file-missing`
 */
export function readOptionFile(path: string, option: string, next: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error"
    throw new TollgateError("file-missing", `Could not read the file of ${option}: ${code}.`, next)
  }
}
