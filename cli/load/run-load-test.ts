import { join, resolve } from "node:path"
import { dag } from "@dagger.io/dagger"
import { z } from "zod"
import { loadReport } from "../../src/load/folder.js"
import { proveLoad } from "../../src/load/prove.js"
import { isKept } from "../../src/load/result.js"
import { loadScreen } from "../../src/load/screen.js"
import { runId } from "../../src/qa/run-id.js"
import { IGNORED } from "../../src/source.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../test/find-source.js"
import { nearer, requireReportFolder, writeReport } from "../test/report-folder.js"
import { secretFrom } from "../test/secret.js"

export const loadOptions = z.object({
  source: z.string().optional(),
  scenarios: z.array(z.string()),
  url: z.string(),
  confirm: z.string(),
  secrets: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})

export type LoadOptions = z.infer<typeof loadOptions>

/** Loads the service, writes the report, prints the one screen; true when every threshold is kept. */
export async function runLoadTest(options: LoadOptions): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = options.report === false ? null : resolve(options.report)
  if (report !== null) requireReportFolder(report, "load.json")
  return withEngine({ tools: ["k6"] }, async () => {
    const { scenarios, url, confirm } = options
    const secrets = options.secrets === undefined ? undefined : secretFrom(options.secrets)
    const proof = await proveLoad(dag.host().directory(source, { exclude: IGNORED }), { scenarios, run: runId(new Date()), url, confirm, secrets })
    if (report !== null) await writeReport(await loadReport(proof), report)
    const shown = report === null ? "not written (--no-report)" : join(nearer(report), "report.html")
    process.stdout.write(`\n${loadScreen(proof.result, { report: shown })}`)
    return isKept(proof.result)
  })
}
