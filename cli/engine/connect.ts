import { existsSync } from "node:fs"
import type { Owner } from "../../bin/lock.mjs"
import { engineEnvironment } from "../../dagger/engine/environment.js"
import { type Home, homeFolder, layout } from "../../dagger/engine/home.js"
import { createSteps, type Screen } from "../../dagger/engine/steps.js"
import { ensureTools } from "../../dagger/engine/tools/ensure.js"
import type { ToolName } from "../../dagger/engine/tools/tool.js"
import { engineIsReady, up } from "../../dagger/engine/up.js"
import { engineVersion } from "../../dagger/engine/version.js"
import { TollgateError } from "../../core/errors.js"
import { chooseEngine, explainNone } from "./choose.js"
import { openSessionLog } from "./session-log.js"
import { findDaggerCli, givenRunner, probe } from "./probe.js"

export interface EngineOptions {
  /** where progress of bringing the engine up is shown; standard error unless told */
  screen?: Screen
  env?: NodeJS.ProcessEnv
  /** programs that this command needs besides: the engine without Docker builds them on first use */
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

/**
 * Runs the callback with `dag` connected to an engine, bringing one up when needed. What the engine says goes to a log file, not to the
 * terminal.
 */
export async function withEngine<T>(options: EngineOptions, callback: () => Promise<T>): Promise<T> {
  const env = options.env ?? process.env
  const home = currentHome(env)
  // loading the SDK takes as long as looking for the engine: side by side
  const [{ inSession }] = await Promise.all([import("../../dagger/engine/session.js"), useEngine(home, env, options.screen ?? terminal(), options.tools)])
  const log = await openSessionLog(home)
  return await inSession(log.stream, log.path, callback)
}

/** Chooses an engine, sees to it that it runs, and sets the variables by which Dagger's SDK and CLI find it. */
export async function useEngine(home: Home, env: NodeJS.ProcessEnv, screen: Screen, tools: readonly ToolName[] = []): Promise<void> {
  const onWait = (owner: Owner) => screen.write(`… waiting for process ${owner.pid} (${owner.purpose}, since ${owner.since})\n`)
  const useLocal = async () => {
    Object.assign(env, engineEnvironment(home))
    if (tools.length > 0) await ensureTools(home, tools, createSteps(screen), onWait)
  }
  if (givenRunner(home, env) !== undefined) return await useGiven(home, env)
  // one of our own that runs was chosen before: found in milliseconds
  if (await engineIsReady(home)) return await useLocal()

  const choice = chooseEngine(await probe(home, env))
  switch (choice.kind) {
    case "given":
      return await useGiven(home, env)
    case "docker":
      env._EXPERIMENTAL_DAGGER_CLI_BIN ??= choice.cli
      return
    case "local":
      await up(home, createSteps(screen), onWait)
      return await useLocal()
    case "none":
      throw new TollgateError("engine.none", `No Dagger engine ${engineVersion()} can be used on this machine.`, `One of these is needed:\n\n${explainNone(choice)}`)
  }
}

async function useGiven(home: Home, env: NodeJS.ProcessEnv): Promise<void> {
  if (env._EXPERIMENTAL_DAGGER_CLI_BIN) return
  const onPath = await findDaggerCli()
  const ours = engineEnvironment(home)._EXPERIMENTAL_DAGGER_CLI_BIN
  // else the SDK fetches the CLI of its version by itself
  if (onPath?.version === engineVersion()) env._EXPERIMENTAL_DAGGER_CLI_BIN = onPath.path
  else if (ours !== undefined && existsSync(ours)) env._EXPERIMENTAL_DAGGER_CLI_BIN = ours
}
