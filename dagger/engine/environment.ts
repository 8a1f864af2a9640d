import { join } from "node:path"
import { enginePart } from "./go-build.js"
import type { Home } from "./home.js"
import { partFolder } from "./part.js"

/** Dagger's CLI neither asks for an account nor reports its use. */
export const quietEnvironment = { DAGGER_NO_NAG: "1", DO_NOT_TRACK: "1" } as const

/** What tells Dagger's SDK and CLI to use the engine of this home. */
export function engineEnvironment(home: Home): Record<string, string> {
  return {
    _EXPERIMENTAL_DAGGER_RUNNER_HOST: `unix://${home.socket}`,
    _EXPERIMENTAL_DAGGER_CLI_BIN: join(partFolder(home, enginePart()), "dagger"),
    ...quietEnvironment,
  }
}

export function setEngineEnvironment(home: Home, env: NodeJS.ProcessEnv): void {
  Object.assign(env, engineEnvironment(home))
}
