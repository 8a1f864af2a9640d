import { existsSync, readFileSync } from "node:fs"
import type { z } from "zod"
import { gates } from "../../core/config/gates.js"
import { runId } from "../../core/qa/run-id.js"
import { scanReport } from "../../core/scan/folder.js"
import { scanSource } from "../../core/scan/prove.js"
import { scanPassed } from "../../core/scan/result.js"
import { scanScreen } from "../../core/scan/screen.js"
import { TollgateError } from "../../core/shared/errors.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret } from "../gate/secret.js"
import { stampFor } from "../image/stamp.js"
import type { scanOptions } from "../options/gates.js"

/** Scans, writes the report and prints the screen. Returns whether the scan passed. */
export async function runScan(options: z.output<typeof scanOptions>): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = openReport(options.report, "scan.json")
  const baseline = options.baseline === undefined ? null : baselineText(options.baseline)
  const stamp = stampFor(source, options)
  return withEngine({ tools: gates.scan.tools }, async () => {
    const secrets = optionalSecret(options.secrets)
    const now = new Date()
    const run = options.fresh ? runId(now) : ""
    const scanned = await scanSource(hostSource(source), { run, baseline, stamp, secrets, now })
    await report.write(() => scanReport(scanned))
    process.stdout.write(`\n${scanScreen(scanned.result, { report: report.shown })}`)
    return scanPassed(scanned.result)
  })
}

/** Read before the scan, because its report may replace this one. */
function baselineText(path: string): string {
  if (existsSync(path)) return readFileSync(path, "utf8")
  throw new TollgateError(
    "baseline-missing",
    `--baseline: there is no ${path}.`,
    "Nothing was scanned. Pass the scan.json of an earlier report, or leave out --baseline.",
  )
}
