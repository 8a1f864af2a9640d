import type { z } from "zod"
import { proveSource } from "../../core/qa/prove.js"
import { isProven } from "../../core/qa/result.js"
import { runId } from "../../core/qa/run-id.js"
import { qaReport } from "../../core/report/folder.js"
import { summary } from "../../core/report/summary.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret } from "../gate/secret.js"
import type { testOptions } from "../options/gates.js"

/** Runs the suites, writes the report and prints the screen; true when everything that ran passed. */
export async function runTest(options: z.output<typeof testOptions>): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = openReport(options.report, "evidence.json")
  return withEngine({}, async () => {
    const run = await proveSource(hostSource(source), {
      suites: options.suites,
      run: options.fresh ? runId(new Date()) : "",
      secrets: optionalSecret(options.secrets),
    })
    await report.write(() => qaReport(run))
    process.stdout.write(`\n${summary(run.result, { report: report.shown })}`)
    return isProven(run.result)
  })
}
