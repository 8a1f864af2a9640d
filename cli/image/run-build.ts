import { join, resolve } from "node:path"
import { dag } from "@dagger.io/dagger"
import { z } from "zod"
import { imageReport } from "../../src/image/folder.js"
import { proveImage } from "../../src/image/prove.js"
import { isGood } from "../../src/image/result.js"
import { imageScreen } from "../../src/image/screen.js"
import { IGNORED } from "../../src/source.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../test/find-source.js"
import { nearer, requireReportFolder, writeReport } from "../test/report-folder.js"
import { secretFrom } from "../test/secret.js"
import { stampFor } from "./stamp.js"

export const buildOptions = z.object({
  source: z.string().optional(),
  fresh: z.boolean(),
  twice: z.boolean(),
  revision: z.string().optional(),
  created: z.string().optional(),
  sourceUrl: z.string().optional(),
  secrets: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})

export type BuildCommandOptions = z.infer<typeof buildOptions>

/** Builds the image, writes the report, prints the one screen; true when it may go on. */
export async function runBuild(options: BuildCommandOptions): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = options.report === false ? null : resolve(options.report)
  if (report !== null) requireReportFolder(report, "image.json")
  const stamp = stampFor(source, options)
  return withEngine({}, async () => {
    const secrets = options.secrets === undefined ? undefined : secretFrom(options.secrets)
    const { result } = await proveImage(dag.host().directory(source, { exclude: IGNORED }), { stamp, fresh: options.fresh, twice: options.twice, secrets })
    if (report !== null) await writeReport(imageReport(result), report)
    const shown = report === null ? "not written (--no-report)" : join(nearer(report), "report.html")
    process.stdout.write(`\n${imageScreen(result, { report: shown })}`)
    return isGood(result)
  })
}
