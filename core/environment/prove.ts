import { type Directory, ExistsType, type Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { readSettings } from "../source.js"
import { checkConfig, EXAMPLE_FILE, environmentSettings } from "./check.js"
import type { ConfigResult } from "./result.js"

/** Runs check-config for a source and its secrets. */
export async function proveConfig(
  source: Directory,
  environment: string,
  secrets: Secret,
  against: Secret | undefined,
): Promise<ConfigResult> {
  const settings = await readSettings(source)
  // an unknown environment is reported before any vault is read
  environmentSettings(settings, environment)
  const [given, other, example] = await Promise.all([
    secrets.plaintext(),
    against?.plaintext() ?? null,
    exampleText(source, settings),
  ])
  return checkConfig(settings, environment, { given, against: other, example })
}

async function exampleText(source: Directory, settings: Settings): Promise<string | null> {
  const path = settings.app.path === "." ? EXAMPLE_FILE : `${settings.app.path}/${EXAMPLE_FILE}`
  if (!(await source.exists(path, { expectedType: ExistsType.RegularType }))) return null
  return source.file(path).contents()
}
