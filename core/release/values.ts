import type { Settings } from "../config/schema.js"
import { environmentSettings } from "../environment/check.js"
import { readDotenv } from "../secrets/parse.js"

/**
 * The service's variables: those of the place itself, then defaults of tollgate.yaml, then what was given.
 *
 * @param own the sandbox's: where its Postgres and Redis are
 */
export async function serviceVariables(settings: Settings, environment: string, own: ReadonlyMap<string, string>, secrets: (() => Promise<string>) | null): Promise<Map<string, string>> {
  const defaults = environmentSettings(settings, environment).variables.flatMap(({ name, default: value }): [string, string][] => (value === null ? [] : [[name, value]]))
  const given = secrets === null ? [] : readDotenv(await secrets()).values
  return new Map([...own, ...defaults, ...given])
}
