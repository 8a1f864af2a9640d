import type { CiWork } from "../gate/work.js"
import { imageReport } from "./folder.js"
import { imageMarkdown } from "./markdown.js"
import { imageOutcome } from "./outcome.js"
import { proveImage } from "./prove.js"

export const image: CiWork = {
  run: async ({ source, stamp, secrets }) => {
    const { result } = await proveImage(source, { stamp, secrets, fresh: false, twice: false })
    return {
      ...imageOutcome(result),
      product: { folder: async () => imageReport(result), summary: imageMarkdown(result) },
    }
  },
}
