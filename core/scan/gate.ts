import { GateFailed } from "../gate/failed.js"
import type { GateWork } from "../gate/gate.js"

/** Vulnerabilities, secrets and misconfiguration. */
export const scan: GateWork<"scan"> = {
  ci: async ({ source, stamp, secrets, baseline }) => {
    const [{ scanSource }, { scanReport }, { scanMarkdown }, { scanOutcome }] = await Promise.all([
      import("./prove.js"),
      import("./folder.js"),
      import("./markdown.js"),
      import("./outcome.js"),
    ])
    const run = await scanSource(source, { run: "", baseline, stamp, secrets, now: new Date() })
    return {
      ...scanOutcome(run.result),
      product: { folder: () => scanReport(run), summary: scanMarkdown(run.result) },
    }
  },

  deploy: async ({ source, gateSecrets, stamp }) => {
    const [{ scanSource }, { scanPassed }, { scanScreen }] = await Promise.all([
      import("./prove.js"),
      import("./result.js"),
      import("./screen.js"),
    ])
    const { result } = await scanSource(source, {
      run: "",
      baseline: null,
      stamp,
      secrets: gateSecrets,
      now: new Date(),
    })
    if (!scanPassed(result))
      throw new GateFailed("scan", scanScreen(result, { report: "`tollgate scan` writes the full report" }))
    return {
      kind: "done",
      note: "passed",
      ...(result.image === null
        ? {}
        : { judged: { what: "image", words: "The scan read", digest: result.image } as const }),
    }
  },
}
