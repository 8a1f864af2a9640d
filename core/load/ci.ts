import type { CiWork } from "../gate/work.js"
import { loadReport } from "./folder.js"
import { loadPart } from "./html.js"
import { loadMarkdown } from "./markdown.js"
import { loadOutcome } from "./outcome.js"
import { proveLoad } from "./prove.js"

export const load: CiWork = {
  absent: async (_, settings) => (settings.load === undefined ? "tollgate.yaml has no section `load`" : null),

  run: async ({ source, settings, secrets, run }) => {
    const scenarios = loadScenarios(Object.keys(settings.load?.scenarios ?? {}))
    const proof = await proveLoad(source, { scenarios, run, url: "", confirm: "", secrets })
    return {
      ...loadOutcome(proof.result),
      product: {
        folder: () => loadReport(proof),
        summary: loadMarkdown(proof.result),
        part: loadPart(proof.result),
      },
    }
  },
}

/** A scenario called `smoke` is the one for each change; without it, all of them. */
export function loadScenarios(names: readonly string[]): string[] {
  return names.includes("smoke") ? ["smoke"] : []
}
