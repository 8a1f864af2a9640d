import type { z } from "zod"
import { checkConfig, environmentSettings } from "../../core/environment/check.js"
import { configScreen } from "../../core/environment/screen.js"
import type { checkConfigOptions } from "../options/environment.js"
import { readLocalSource } from "./read-settings.js"
import { secretText } from "./secret-text.js"
import { writeJson } from "./write-json.js"

/** Checks the configuration and prints the screen; true when it passed. */
export async function runCheckConfig(options: z.output<typeof checkConfigOptions>): Promise<boolean> {
  const { settings, example } = readLocalSource(options.source)
  environmentSettings(settings, options.env)
  const given = await secretText(options.secrets, "--secrets")
  const against = options.against === undefined ? null : await secretText(options.against, "--against")
  const result = checkConfig(settings, options.env, { given, against, example })
  if (options.report !== undefined) writeJson(options.report, result)
  process.stdout.write(configScreen(result, { report: options.report ?? "use --report=FILE for the full report" }))
  return result.verdict.kind === "passed"
}
