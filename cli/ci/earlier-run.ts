import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { z } from "zod"
import { ciComment } from "../../core/ci/markdown.js"
import { ciScreen } from "../../core/ci/screen.js"
import { readStatus, type Status } from "../../core/ci/status.js"
import { TollgateError } from "../../core/shared/errors.js"
import type { ciCommentOptions, ciVerdictOptions } from "../options/gates.js"

/** Commands that read the report of an earlier `ci` and run nothing: they need no engine. */

/** Prints the screen of the run; true when it passed. */
export function runCiVerdict({ report }: z.output<typeof ciVerdictOptions>): boolean {
  const status = statusIn(report)
  process.stdout.write(ciScreen(status, { report: join(report, "index.html"), earlier: null }))
  return status.verdict === "passed"
}

/** Prints the comment of a pull request. */
export function runCiComment({ report, key, url }: z.output<typeof ciCommentOptions>): void {
  process.stdout.write(ciComment(statusIn(report), { key, report: url }))
}

function statusIn(folder: string): Status {
  const file = join(folder, "status.json")
  if (existsSync(file)) return readStatus(readFileSync(file, "utf8"), "--report")
  throw new TollgateError(
    "status-missing",
    `--report: there is no status.json in ${folder}.`,
    "Pass the folder of a report of `tollgate ci`. If there is none, `tollgate ci` itself failed: see its output.",
  )
}
