import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { readDotenv } from "../../secrets/parse.js"

/**
 * The service's variables: the target's own, then defaults of tollgate.yaml, then --secrets. Later ones win.
 *
 * @param own addresses of the sandbox's Postgres and Redis
 */
export async function serviceVariables(
  settings: Settings,
  environment: string,
  own: ReadonlyMap<string, string>,
  secrets: (() => Promise<string>) | null,
): Promise<Map<string, string>> {
  const defaults = environmentSettings(settings, environment).variables.flatMap(
    ({ name, default: value }): [string, string][] => (value === null ? [] : [[name, value]]),
  )
  const given = secrets === null ? [] : readDotenv(await secrets()).values
  return new Map([...own, ...defaults, ...given])
}
