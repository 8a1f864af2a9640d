import { GateFailed } from "../gate/failed.js"
import type { DeployWork } from "../gate/work.js"
import { TollgateError } from "../shared/errors.js"
import { count } from "../shared/figures.js"
import { checkConfig, EXAMPLE_FILE, environmentSettings } from "./check.js"
import { configScreen } from "./screen.js"

/** For a deployment, what its environment needs. */
export const deployWork: DeployWork = async ({ source, environment, secrets }, settings) => {
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
}
