import { join, resolve } from "node:path"
import { dag } from "@dagger.io/dagger"
import { z } from "zod"
import { proveSource } from "../../src/qa/prove.js"
import { isProven } from "../../src/qa/result.js"
import { runId } from "../../src/qa/run-id.js"
import { qaReport } from "../../src/report/folder.js"
import { summary } from "../../src/report/summary.js"
import { IGNORED } from "../../src/source.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "./find-source.js"
import { nearer, requireReportFolder, writeReport } from "./report-folder.js"
import { secretFrom } from "./secret.js"

export const testOptions = z.object({
  source: z.string().optional(),
  suites: z.array(z.string()),
  fresh: z.boolean(),
  secrets: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})

export type TestOptions = z.infer<typeof testOptions>

/** Runs the suites, writes the report, prints the one screen; true when everything that ran is proven. */
export async function runTest(options: TestOptions): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = options.report === false ? null : resolve(options.report)
  if (report !== null) requireReportFolder(report)
  return withEngine({}, async () => {
    const run = await proveSource(dag.host().directory(source, { exclude: IGNORED }), {
      suites: options.suites,
      run: options.fresh ? runId(new Date()) : "",
      secrets: options.secrets === undefined ? undefined : secretFrom(options.secrets),
    })
    if (report !== null) await writeReport(await qaReport(run), report)
    const shown = report === null ? "not written (--no-report)" : join(nearer(report), "report.html")
    process.stdout.write(`\n${summary(run.result, { report: shown })}`)
    return isProven(run.result)
  })
}
