import type { z } from "zod"
import { GateFailed } from "../../core/gate/failed.js"
import { imageReport } from "../../core/image/folder.js"
import { publishImage } from "../../core/image/publish-source.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret } from "../gate/secret.js"
import type { publishOptions } from "../options/gates.js"
import { registryService } from "./registry-service.js"
import { stampFor } from "./stamp.js"

/** Builds, judges and publishes the image; prints its reference, or the screen of a failed image. Returns whether it was published. */
export async function runPublish(options: z.output<typeof publishOptions>): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = openReport(options.report, "image.json")
  const stamp = stampFor(source, options)
  return withEngine({}, async () => {
    const destination = {
      tag: options.tag,
      user: options.registryUser,
      password: optionalSecret(options.registryPassword),
      service: options.registryService === undefined ? undefined : registryService(options.registryService),
    }
    const request = { stamp, fresh: false, twice: false, secrets: optionalSecret(options.secrets) }
    try {
      const reference = await publishImage(hostSource(source), request, destination, report.shown, ({ result }) =>
        report.write(() => imageReport(result)),
      )
      process.stdout.write(`${reference}\n`)
      return true
    } catch (error) {
      if (!(error instanceof GateFailed)) throw error
      process.stdout.write(`\n${error.message}\n`)
      return false
    }
  })
}
