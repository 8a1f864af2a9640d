import type { GateWork } from "../gate/gate.js"
import { TollgateError } from "../shared/errors.js"
import { count } from "../shared/figures.js"

/** The configuration: for a change what tollgate.yaml lists, for a deployment what its environment needs. */
export const config: GateWork<"config"> = {
  ci: async ({ source, settings }) => {
    const [{ validateListedFiles }, { appFolder }] = await Promise.all([
      import("../qa/validate.js"),
      import("../source.js"),
    ])
    const words = await validateListedFiles(settings, await appFolder(source, settings))
    return { verdict: "passed", words: words.trim(), reasons: [], figures: [], cached: false, product: null }
  },

  deploy: async ({ source, environment, secrets }, settings) => {
    const [{ checkConfig, EXAMPLE_FILE, environmentSettings }, { configScreen }, { GateFailed }] = await Promise.all([
      import("./check.js"),
      import("./screen.js"),
      import("../gate/failed.js"),
    ])
    const { variables } = environmentSettings(settings, environment)
    if (secrets === null) {
      const required = variables.filter(({ need, default: value }) => need === "required" && value === null)
      if (required.length === 0)
        return { kind: "skipped", note: "this environment requires no variable, and --secrets is not set" }
      throw new TollgateError(
        "config-missing",
        `${environment} needs ${count(required.length, "variable")}, but --secrets is not set.`,
        "Pass its configuration with --secrets=env:NAME or file:PATH. Nothing was changed.",
      )
    }
    const { path } = settings.app
    const example = path === "." ? EXAMPLE_FILE : `${path}/${EXAMPLE_FILE}`
    const text = (await source.exists(example)) ? await source.file(example).contents() : null
    const result = checkConfig(settings, environment, { given: await secrets(), against: null, example: text })
    if (result.verdict.kind === "failed")
      throw new GateFailed(
        "config",
        configScreen(result, { report: "`tollgate check-config --report=FILE` writes the full report" }),
      )
    return { kind: "done", note: `${count(result.variables.length, "variable")} passed` }
  },
}
