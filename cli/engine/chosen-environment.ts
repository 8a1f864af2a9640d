import { findCli } from "../../dagger/engine/cli/find.js"
import { runnerOf } from "../../dagger/engine/container/commands.js"
import { engineEnvironment, quietEnvironment } from "../../dagger/engine/environment.js"
import type { Home } from "../../dagger/engine/home.js"
import { engineIsReady } from "../../dagger/engine/up.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { chooseEngine } from "./choose.js"
import { givenRunner, probe } from "./probe.js"

/** Variables with which the dagger CLI uses the same engine as Tollgate's commands. */
export async function chosenEnvironment(home: Home, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  if (givenRunner(home, env) === undefined && (await engineIsReady(home))) return engineEnvironment(home)
  const choice = chooseEngine(await probe(home, env))
  if (choice.kind !== "docker") return engineEnvironment(home)
  const cli = await findCli(home, env)
  return {
    _EXPERIMENTAL_DAGGER_RUNNER_HOST: runnerOf(choice.engine, engineVersion()),
    ...(cli === undefined ? {} : { _EXPERIMENTAL_DAGGER_CLI_BIN: cli }),
    ...quietEnvironment,
  }
}
