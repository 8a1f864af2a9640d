import { join, resolve } from "node:path"
import { dag } from "@dagger.io/dagger"
import { z } from "zod"
import { GateRed } from "../../src/gate/red.js"
import { imageReport } from "../../src/image/folder.js"
import { publishImage } from "../../src/image/publish-source.js"
import { IGNORED } from "../../src/source.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../test/find-source.js"
import { nearer, requireReportFolder, writeReport } from "../test/report-folder.js"
import { secretFrom } from "../test/secret.js"
import { registryService } from "./registry-service.js"
import { stampFor } from "./stamp.js"

export const publishOptions = z.object({
  source: z.string().optional(),
  tag: z.string(),
  registryUser: z.string().default(""),
  registryPassword: z.string().optional(),
  registryService: z.string().optional(),
  revision: z.string().optional(),
  created: z.string().optional(),
  sourceUrl: z.string().optional(),
  secrets: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})

export type PublishCommandOptions = z.infer<typeof publishOptions>

/** Builds, judges and publishes the image; prints its reference, or the screen of a refused one. True when it is published. */
export async function runPublish(options: PublishCommandOptions): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = options.report === false ? null : resolve(options.report)
  if (report !== null) requireReportFolder(report, "image.json")
  const stamp = stampFor(source, options)
  const secret = (reference: string | undefined) => (reference === undefined ? undefined : secretFrom(reference))
  return withEngine({}, async () => {
    const shown = report === null ? "not written (--no-report)" : join(nearer(report), "report.html")
    const destination = {
      tag: options.tag,
      user: options.registryUser,
      password: secret(options.registryPassword),
      service: options.registryService === undefined ? undefined : registryService(options.registryService),
    }
    const request = { stamp, fresh: false, twice: false, secrets: secret(options.secrets) }
    try {
      const reference = await publishImage(dag.host().directory(source, { exclude: IGNORED }), request, destination, shown, async ({ result }) => {
        if (report !== null) await writeReport(imageReport(result), report)
      })
      process.stdout.write(`${reference}\n`)
      return true
    } catch (error) {
      if (!(error instanceof GateRed)) throw error
      process.stdout.write(`\n${error.message}\n`)
      return false
    }
  })
}
