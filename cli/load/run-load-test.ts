import type { z } from "zod"
import { gates } from "../../core/config/gates.js"
import { loadReport } from "../../core/load/folder.js"
import { proveLoad } from "../../core/load/prove.js"
import { isPassed } from "../../core/load/result.js"
import { loadScreen } from "../../core/load/screen.js"
import { runId } from "../../core/qa/run-id.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret } from "../gate/secret.js"
import type { loadOptions } from "../options/gates.js"

/** Runs the load test, writes the report and prints the screen; true when every threshold passed. */
export async function runLoadTest(options: z.output<typeof loadOptions>): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = openReport(options.report, "load.json")
  return withEngine({ tools: gates.load.tools }, async () => {
    const { scenarios, url, confirm } = options
    const secrets = optionalSecret(options.secrets)
    const proof = await proveLoad(hostSource(source), { scenarios, run: runId(new Date()), url, confirm, secrets })
    await report.write(() => loadReport(proof))
    process.stdout.write(`\n${loadScreen(proof.result, { report: report.shown })}`)
    return isPassed(proof.result)
  })
}
