import { capture } from "../../dagger/engine/command.js"
import type { Home } from "../../dagger/engine/home.js"
import { atLeast, findProgram, goVersion, missingTools } from "../../dagger/engine/host-tools.js"
import { engineVersion, goNeeded } from "../../dagger/engine/version.js"
import type { Facts } from "./choose.js"

const containerClients = ["docker", "podman", "nerdctl"]

/** The runner that the user asked for; our own socket is not one, it may have to be brought up. */
export function givenRunner(home: Home, env: NodeJS.ProcessEnv): string | undefined {
  const runner = env._EXPERIMENTAL_DAGGER_RUNNER_HOST
  return runner && runner !== `unix://${home.socket}` ? runner : undefined
}

export async function probe(home: Home, env: NodeJS.ProcessEnv): Promise<Facts> {
  const wantedVersion = engineVersion()
  const [daggerCli, containerEngine, go] = await Promise.all([findDaggerCli(), findContainerEngine(), goVersion()])
  const cannotInstall = findProgram("apt-get") === undefined
  return {
    givenRunner: givenRunner(home, env),
    wantedVersion,
    daggerCli,
    containerEngine,
    containerClients: containerClients.filter((name) => findProgram(name) !== undefined),
    platform: process.platform,
    arch: process.arch,
    root: process.getuid?.() === 0,
    go,
    goNeeded: goNeeded(),
    goIsEnough: go !== undefined && atLeast(go, goNeeded()),
    missingTools: cannotInstall ? missingTools().map((missing) => missing.tool) : [],
  }
}

/** The way that needs Docker is open only with the right CLI: without one, nobody needs to be asked. */
export async function findDaggerCli(): Promise<{ path: string; version: string | undefined } | undefined> {
  const path = findProgram("dagger")
  if (path === undefined) return undefined
  return { path, version: /\bv\d+\.\d+\.\d+\S*/.exec((await capture([path, "version"])) ?? "")?.[0] }
}

async function findContainerEngine(): Promise<string | undefined> {
  for (const name of containerClients) {
    if (findProgram(name) !== undefined && (await capture([name, "info"])) !== undefined) return name
  }
  return undefined
}
