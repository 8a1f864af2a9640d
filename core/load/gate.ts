import type { GateWork } from "../gate/gate.js"

/** Response times under load. */
export const load: GateWork<"load"> = {
  absent: async (_, settings) => (settings.load === undefined ? "tollgate.yaml has no section `load`" : null),

  ci: async ({ source, settings, secrets, run }) => {
    const [{ proveLoad }, { loadReport }, { loadMarkdown }, { loadOutcome }] = await Promise.all([
      import("./prove.js"),
      import("./folder.js"),
      import("./markdown.js"),
      import("./outcome.js"),
    ])
    const scenarios = loadScenarios(Object.keys(settings.load?.scenarios ?? {}))
    const proof = await proveLoad(source, { scenarios, run, url: "", confirm: "", secrets })
    return {
      ...loadOutcome(proof.result),
      product: { folder: () => loadReport(proof), summary: loadMarkdown(proof.result) },
    }
  },
}

/** A scenario called `smoke` is the one for each change; without it, all of them. */
export function loadScenarios(names: readonly string[]): string[] {
  return names.includes("smoke") ? ["smoke"] : []
}
