import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { z } from "zod"
import { ciComment } from "../../core/ci/markdown.js"
import { ciScreen } from "../../core/ci/screen.js"
import { readStatus, type Status } from "../../core/ci/status.js"
import { tellOfRun } from "../../core/notify/tell-of-run.js"
import { TollgateError } from "../../core/shared/errors.js"
import { terminalText } from "../../core/shared/plain-text.js"
import { readLocalSource } from "../environment/read-settings.js"
import { secretText } from "../environment/secret-text.js"
import type { ciCommentOptions, ciNotifyOptions, ciVerdictOptions } from "../options/gates.js"

/** Commands that read the report of an earlier `ci` and run nothing: they need no engine. */

/** Prints the screen of the run; true when it passed. */
export function runCiVerdict({ report }: z.output<typeof ciVerdictOptions>): boolean {
  const status = statusIn(report)
  process.stdout.write(ciScreen(status, { report: join(report, "index.html"), usual: new Map() }))
  return status.verdict === "passed"
}

/** Prints the comment of a pull request. */
export function runCiComment({ report, key, url }: z.output<typeof ciCommentOptions>): void {
  process.stdout.write(terminalText(ciComment(statusIn(report), { key, report: url })))
}

/** Notifies of a branch that failed or passes again. */
export async function runCiNotify(options: z.output<typeof ciNotifyOptions>): Promise<void> {
  const { report, before, branch, url } = options
  const { settings } = readLocalSource(options.source)
  const notify = await secretText(options.notify, "--notify")
  const status = statusIfThere(report, "--report")
  const earlier = before === undefined ? null : statusIfThere(before, "--before")
  process.stdout.write(await tellOfRun(settings, { status, earlier, branch, url, notify }))
}

function statusIfThere(folder: string, option: string): Status | null {
  const file = join(folder, "status.json")
  return existsSync(file) ? readStatus(readFileSync(file, "utf8"), option) : null
}

function statusIn(folder: string): Status {
  const status = statusIfThere(folder, "--report")
  if (status !== null) return status
  throw new TollgateError(
    "status-missing",
    `--report: there is no status.json in ${folder}.`,
    "Pass the folder of a report of `tollgate ci`. If there is no report, `tollgate ci` itself failed: see its output.",
  )
}
