import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { dag } from "@dagger.io/dagger"
import { z } from "zod"
import { TollgateError } from "../../src/errors.js"
import { runId } from "../../src/qa/run-id.js"
import { scanReport } from "../../src/scan/folder.js"
import { scanSource } from "../../src/scan/prove.js"
import { isClean } from "../../src/scan/result.js"
import { scanScreen } from "../../src/scan/screen.js"
import { IGNORED } from "../../src/source.js"
import { withEngine } from "../engine/connect.js"
import { stampFor } from "../image/stamp.js"
import { findSource } from "../test/find-source.js"
import { nearer, requireReportFolder, writeReport } from "../test/report-folder.js"
import { secretFrom } from "../test/secret.js"

export const scanOptions = z.object({
  source: z.string().optional(),
  fresh: z.boolean(),
  baseline: z.string().optional(),
  revision: z.string().optional(),
  created: z.string().optional(),
  sourceUrl: z.string().optional(),
  secrets: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})

export type ScanOptions = z.infer<typeof scanOptions>

/** Scans, writes the report, prints the one screen; true when nothing is refused. */
export async function runScan(options: ScanOptions): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = options.report === false ? null : resolve(options.report)
  if (report !== null) requireReportFolder(report, "scan.json")
  const baseline = options.baseline === undefined ? null : baselineText(options.baseline)
  const stamp = stampFor(source, options)
  return withEngine({ tools: ["trivy"] }, async () => {
    const secrets = options.secrets === undefined ? undefined : secretFrom(options.secrets)
    const now = new Date()
    const run = options.fresh ? runId(now) : ""
    const scanned = await scanSource(dag.host().directory(source, { exclude: IGNORED }), { run, baseline, stamp, secrets, now })
    if (report !== null) await writeReport(await scanReport(scanned), report)
    const shown = report === null ? "not written (--no-report)" : join(nearer(report), "report.html")
    process.stdout.write(`\n${scanScreen(scanned.result, { report: shown })}`)
    return isClean(scanned.result)
  })
}

/** Read before the scan: its report may take the place of the one that is compared with. */
function baselineText(path: string): string {
  if (existsSync(path)) return readFileSync(path, "utf8")
  throw new TollgateError(
    "baseline-missing",
    `There is no ${path} to compare with.`,
    "Nothing was run. --baseline names the scan.json of an earlier report; leave it out where there is none yet.",
  )
}
