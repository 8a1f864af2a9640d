import { readFileSync } from "node:fs"
import { TollgateError } from "../../core/shared/errors.js"

export function readApproval(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error"
    throw new TollgateError(
      "file-missing",
      `Could not read the file of --approval: ${code}.`,
      "Pass a file that `tollgate approve` wrote. Nothing was changed.",
    )
  }
}
