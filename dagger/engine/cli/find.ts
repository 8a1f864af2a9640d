import { existsSync } from "node:fs"
import { capture } from "../command.js"
import { engineEnvironment } from "../environment.js"
import type { Home } from "../home.js"
import { findProgram } from "../host-tools.js"
import { engineVersion } from "../version.js"
import { cliPath } from "./place.js"

export interface FoundCli {
  path: string
  version: string | undefined
}

/** The one on PATH, of whatever version. */
export async function cliOnPath(): Promise<FoundCli | undefined> {
  const path = findProgram("dagger")
  if (path === undefined) return undefined
  return { path, version: /\bv\d+\.\d+\.\d+\S*/.exec((await capture([path, "version"])) ?? "")?.[0] }
}

/** A CLI of exactly the engine's version that is on this machine: named, downloaded before, built for the engine without Docker, or on PATH. */
export async function findCli(home: Home, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env._EXPERIMENTAL_DAGGER_CLI_BIN) return env._EXPERIMENTAL_DAGGER_CLI_BIN
  const ours = [cliPath(home, engineVersion()), engineEnvironment(home)._EXPERIMENTAL_DAGGER_CLI_BIN].find(
    (path) => path !== undefined && existsSync(path),
  )
  if (ours !== undefined) return ours
  const onPath = await cliOnPath()
  return onPath?.version === engineVersion() ? onPath.path : undefined
}
