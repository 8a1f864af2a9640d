import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, readFile } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { z } from "zod"
import { lock, type Owner } from "../../../bin/lock.mjs"
import { TollgateError } from "../../../core/shared/errors.js"
import { capture, lastLines, run } from "../command.js"
import { engineConfig } from "../engine-config.js"
import type { Home } from "../home.js"
import type { Steps } from "../steps.js"
import { engineVersion } from "../version.js"
import {
  answersCommand,
  type ContainerClient,
  containerName,
  engineJson,
  imageOf,
  isNameTaken,
  runCommand,
  stateCommand,
} from "./commands.js"

// reading a large cache takes minutes; an engine that is killed while it does so throws the cache away
const startTimeoutMs = 1_800_000
const lookEveryMs = 250
// in a row: a container that is just starting may refuse one
const patience = 8

/** Brings the engine's container up, doing only what is not done. */
export async function ensureContainer(
  home: Home,
  client: ContainerClient,
  env: NodeJS.ProcessEnv,
  steps: Steps,
  onWait: (owner: Owner) => void,
): Promise<void> {
  if (await answers(client)) return
  const unlock = await lock(`container:${client}`, `start of the engine's container`, onWait)
  try {
    if (await answers(client)) return
    await mkdir(home.log, { recursive: true })
    const log = join(home.log, "container.log")
    const name = containerName(engineVersion())
    const state = await stateOf(client, name)
    if (state === undefined) await create(client, env, steps, log)
    await steps.run(`engine start (${client} container ${name})`, async () => {
      if (state !== undefined && state !== "running") await inContainerLog(client, log, [client, "start", name])
      await untilItAnswers(client, name)
    })
  } finally {
    await unlock()
  }
}

export async function stateOf(client: ContainerClient, name: string): Promise<string | undefined> {
  return (await capture(stateCommand(client, name)))?.trim()
}

async function answers(client: ContainerClient): Promise<boolean> {
  return (await capture(answersCommand(client, engineVersion()))) !== undefined
}

// what `docker exec` ends with when it could not execute anything: the engine may answer all the same
const notExecuted = [126, 127]

async function create(client: ContainerClient, env: NodeJS.ProcessEnv, steps: Steps, log: string): Promise<void> {
  const version = engineVersion()
  const image = imageOf(version)
  if ((await capture([client, "image", "inspect", image])) === undefined) {
    await steps.run(`pull of the engine's image ${image} (${client})`, () => pull(client, image, log))
  }
  const folder = configFolder(env)
  const certificates = join(folder, "ca-certificates")
  const config = engineJson(await usersConfig(join(folder, "engine.json")), engineConfig.gc)
  const started = await outcome(
    runCommand(client, { version, config, certificates: existsSync(certificates) ? certificates : undefined }),
  )
  // another command was faster
  if (started.code === 0 || isNameTaken(started.output)) return
  // what was created and does not start is in the way of the next attempt; its volume stays
  await capture([client, "rm", "--force", containerName(version)])
  throw new TollgateError(
    "engine.container",
    `${client} could not start the engine's container:\n${lastLines(started.output, 10)}`,
    `Fix the cause and run the command again. The engine needs privileged containers${client === "podman" ? ": with Podman, a rootful machine or root" : ""}.`,
  )
}

async function pull(client: ContainerClient, image: string, log: string): Promise<void> {
  try {
    await run([client, "pull", image], { log })
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    throw new TollgateError(
      "engine.image-pull",
      `${client} could not pull the engine's image ${image}.\n${error.message.split("\n\n")[0]}`,
      `Does \`${client} pull ${image}\` work? On a machine without access to that registry, load the image with \`${client} load\`, then run the command again.`,
    )
  }
}

async function untilItAnswers(client: ContainerClient, name: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  for (let broken = 0; ; ) {
    const asked = await outcome(answersCommand(client, engineVersion()))
    if (asked.code === 0) return
    const state = await stateOf(client, name)
    broken = state === "running" && notExecuted.includes(asked.code ?? 0) ? broken + 1 : 0
    if (broken === patience)
      throw new TollgateError(
        "engine.container",
        `${client} runs the engine's container ${name}, but cannot execute a command in it:\n${lastLines(asked.output, 5)}`,
        `Fix the cause and run the command again: \`${client} exec ${name} true\` must succeed.`,
      )
    if ((state !== "running" && state !== "created") || Date.now() > deadline) {
      const said = (await outcome([client, "logs", "--tail", "15", name])).output
      throw new TollgateError(
        "engine.start-failed",
        `The engine in the container ${name} did not start; the container is ${state ?? "gone"}. Its last lines:\n${lastLines(said, 15)}`,
        `Fix the cause. Then \`${client} stop ${name} && ${client} rm ${name}\` (its volume stays), and run the command again.`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}

async function inContainerLog(client: ContainerClient, log: string, argv: string[]): Promise<void> {
  try {
    await run(argv, { log })
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    throw new TollgateError(
      "engine.container",
      `${client} could not start the engine's container.\n${error.message.split("\n\n")[0]}`,
      "Fix the cause and run the command again.",
    )
  }
}

/** Where the dagger CLI looks for settings of the engines that it starts. */
function configFolder(env: NodeJS.ProcessEnv): string {
  const usual =
    process.platform === "darwin" ? join(homedir(), "Library", "Application Support") : join(homedir(), ".config")
  return join(env.XDG_CONFIG_HOME || usual, "dagger")
}

async function usersConfig(path: string): Promise<Record<string, unknown>> {
  if (!existsSync(path)) return {}
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(path, "utf8")))
  } catch (error) {
    throw new TollgateError(
      "engine.config",
      `${path} is not a JSON object: ${error instanceof Error ? error.message : String(error)}`,
      "Correct it, or remove it.",
    )
  }
}

function outcome(argv: readonly string[]): Promise<{ code: number | null; output: string }> {
  const [program = "", ...args] = argv
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (more: string) => (output += more))
    child.on("error", (error) => resolve({ code: null, output: error.message }))
    child.on("close", (code) => resolve({ code, output }))
  })
}
