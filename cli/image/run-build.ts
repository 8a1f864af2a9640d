import type { z } from "zod"
import { imageReport } from "../../core/image/folder.js"
import { proveImage } from "../../core/image/prove.js"
import { imagePassed } from "../../core/image/result.js"
import { imageScreen } from "../../core/image/screen.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret } from "../gate/secret.js"
import type { buildOptions, checkImageOptions } from "../options/gates.js"
import { stampFor } from "./stamp.js"

/** Builds and judges the image, writes report and image, and prints the screen. Returns whether the image passed. */
export async function runBuild(
  options: z.output<typeof checkImageOptions> & Pick<z.output<typeof buildOptions>, "out">,
): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = openReport(options.report, "image.json")
  const stamp = stampFor(source, options)
  return withEngine({}, async () => {
    const secrets = optionalSecret(options.secrets)
    const { result, image } = await proveImage(hostSource(source), {
      stamp,
      fresh: options.fresh,
      twice: options.twice,
      secrets,
    })
    await report.write(() => imageReport(result))
    process.stdout.write(`\n${imageScreen(result, { report: report.shown })}`)
    if (!imagePassed(result)) return false
    if (options.out !== undefined) await image.export(options.out)
    return true
  })
}
