import type { Owner } from "../../bin/lock.mjs"
import { TollgateError } from "../../core/shared/errors.js"
import { ensureCli } from "../../dagger/engine/cli/download.js"
import { runnerOf } from "../../dagger/engine/container/commands.js"
import { ensureContainer } from "../../dagger/engine/container/ensure.js"
import { engineEnvironment, quietEnvironment } from "../../dagger/engine/environment.js"
import { type Home, homeFolder, layout } from "../../dagger/engine/home.js"
import { createSteps, type Screen } from "../../dagger/engine/steps.js"
import { ensureTools } from "../../dagger/engine/tools/ensure.js"
import type { ToolName } from "../../dagger/engine/tools/tool.js"
import { engineIsReady, up } from "../../dagger/engine/up.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { type Choice, chooseEngine, explainNone } from "./choose.js"
import { givenRunner, probe } from "./probe.js"
import { openSessionLog } from "./session-log.js"

export interface EngineOptions {
  /** where the progress of starting the engine is shown; default: standard error */
  screen?: Screen
  env?: NodeJS.ProcessEnv
  /** additional programs of this command, which the engine without Docker builds on first use */
  tools?: readonly ToolName[]
}

export function currentHome(env: NodeJS.ProcessEnv = process.env): Home {
  return layout(homeFolder(env))
}

export function terminal(): Screen {
  return {
    write: (text) => process.stderr.write(text),
    isTTY: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
  }
}

/** An engine named by the user, one in a container of Tollgate, or the one without Docker. */
export type EngineKind = Exclude<Choice["kind"], "none">

/**
 * Runs the callback with `dag` connected to an engine, which is started when needed. The engine's output goes to a log file.
 */
export async function withEngine<T>(options: EngineOptions, callback: (engine: EngineKind) => Promise<T>): Promise<T> {
  const env = options.env ?? process.env
  const home = currentHome(env)
  // in parallel, because loading the SDK takes as long as finding the engine
  const [{ inSession }, engine] = await Promise.all([
    import("../../dagger/engine/session.js"),
    useEngine(home, env, options.screen ?? terminal(), options.tools),
  ])
  const log = await openSessionLog(home)
  return await inSession(log.stream, log.path, () => callback(engine))
}

/** Chooses an engine, starts it if needed, and sets the variables with which Dagger's SDK and CLI find it. */
export async function useEngine(
  home: Home,
  env: NodeJS.ProcessEnv,
  screen: Screen,
  tools: readonly ToolName[] = [],
): Promise<EngineKind> {
  // inside another session, such as `dagger run`, its engine is used
  if (env.DAGGER_SESSION_PORT) return "given"
  const onWait = (owner: Owner) =>
    screen.write(`… waiting for process ${owner.pid} (${owner.purpose}, since ${owner.since})\n`)
  const steps = createSteps(screen)
  const useLocal = async (): Promise<EngineKind> => {
    Object.assign(env, engineEnvironment(home))
    if (tools.length > 0) await ensureTools(home, tools, steps, onWait)
    return "local"
  }
  // fast path: our own engine is running
  if (givenRunner(home, env) === undefined && (await engineIsReady(home))) return await useLocal()

  const choice = await choose(home, env)
  switch (choice.kind) {
    case "given":
      env._EXPERIMENTAL_DAGGER_CLI_BIN = await ensureCli(home, env, steps, onWait)
      return "given"
    case "docker":
      // both first: each reports what is missing
      env._EXPERIMENTAL_DAGGER_CLI_BIN = await ensureCli(home, env, steps, onWait)
      await ensureContainer(home, choice.engine, env, steps, onWait)
      Object.assign(env, quietEnvironment, {
        _EXPERIMENTAL_DAGGER_RUNNER_HOST: runnerOf(choice.engine, engineVersion()),
      })
      return "docker"
    case "local":
      await up(home, steps, onWait)
      return await useLocal()
    case "none":
      throw new TollgateError(
        "engine.none",
        `No way to run a Dagger engine ${engineVersion()} on this machine.`,
        `Set up one of these:\n\n${explainNone(choice)}`,
      )
  }
}

/** An engine named by the user takes precedence, and nothing is probed. */
async function choose(home: Home, env: NodeJS.ProcessEnv): Promise<Choice> {
  const runner = givenRunner(home, env)
  return runner === undefined ? chooseEngine(await probe(home, env)) : { kind: "given", runner }
}
