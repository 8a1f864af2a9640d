import { capture } from "../../dagger/engine/command.js"
import { type ContainerClient, containerClients } from "../../dagger/engine/container/commands.js"
import type { Home } from "../../dagger/engine/home.js"
import { atLeast, findProgram, goVersion, missingTools } from "../../dagger/engine/host-tools.js"
import { goNeeded } from "../../dagger/engine/version.js"
import type { Facts } from "./choose.js"

/** The runner set by the user. Our own socket does not count, because that engine may need to be started. */
export function givenRunner(home: Home, env: NodeJS.ProcessEnv): string | undefined {
  const runner = env._EXPERIMENTAL_DAGGER_RUNNER_HOST
  return runner && runner !== `unix://${home.socket}` ? runner : undefined
}

export async function probe(home: Home, env: NodeJS.ProcessEnv): Promise<Facts> {
  const [containerEngine, go] = await Promise.all([findContainerEngine(), goVersion()])
  const cannotInstall = findProgram("apt-get") === undefined
  return {
    givenRunner: givenRunner(home, env),
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

async function findContainerEngine(): Promise<ContainerClient | undefined> {
  for (const name of containerClients) {
    if (findProgram(name) !== undefined && (await capture([name, "info"])) !== undefined) return name
  }
  return undefined
}
