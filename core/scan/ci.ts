import type { CiWork } from "../gate/work.js"
import { scanReport } from "./folder.js"
import { scanPart } from "./html.js"
import { scanMarkdown } from "./markdown.js"
import { scanOutcome } from "./outcome.js"
import { scanSource } from "./prove.js"

export const scan: CiWork = {
  run: async ({ source, stamp, secrets, baseline }) => {
    const run = await scanSource(source, { run: "", baseline, stamp, secrets, now: new Date() })
    return {
      ...scanOutcome(run.result),
      product: { folder: () => scanReport(run), summary: scanMarkdown(run.result), part: scanPart(run.result) },
    }
  },
}
