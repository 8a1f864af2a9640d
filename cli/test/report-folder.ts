import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { TollgateError } from "../../src/errors.js"

/** The report replaces an earlier one as a whole; a folder that holds something else is left alone. */
export function requireReportFolder(path: string): void {
  if (!existsSync(path)) return
  const names = readdirSync(path)
  if (names.length === 0 || existsSync(join(path, "evidence.json"))) return
  throw new TollgateError(
    "report-folder",
    `${path} is not empty, and what is in it is not a report of Tollgate.`,
    "Nothing was run and nothing was written. Name another folder: --report=FOLDER.",
  )
}
