import type { GateWork } from "../gate/gate.js"

/** The image, built and started. */
export const image: GateWork<"image"> = {
  ci: async ({ source, stamp, secrets }) => {
    const [{ proveImage }, { imageReport }, { imageMarkdown }, { imageOutcome }] = await Promise.all([
      import("./prove.js"),
      import("./folder.js"),
      import("./markdown.js"),
      import("./outcome.js"),
    ])
    const { result } = await proveImage(source, { stamp, secrets, fresh: false, twice: false })
    return {
      ...imageOutcome(result),
      product: { folder: async () => imageReport(result), summary: imageMarkdown(result) },
    }
  },
}
