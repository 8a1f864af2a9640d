import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { z } from "zod"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const LAUNCHER = join(ROOT, "bin/tollgate.mjs")

/** Seconds that `tollgate test` takes from Enter to the shell's prompt. */
export function tollgateTest(source: string, report: string, ...options: string[]): number {
  return timed(
    process.execPath,
    [LAUNCHER, "test", `--source=${source}`, `--report=${report}`, ...options],
    process.env,
  )
}

/** Seconds that one of the other commands takes. */
export function tollgateCommand(command: string, source: string, report: string, ...options: string[]): number {
  return timed(
    process.execPath,
    [LAUNCHER, command, `--source=${source}`, `--report=${report}`, ...options],
    process.env,
  )
}

/** Seconds from Enter to the first suite's first instruction, as its evidence has it. */
export function firstContainer(source: string, report: string): number {
  const began = Date.now()
  tollgateTest(source, report, "--fresh")
  const document = z
    .object({ suites: z.array(z.object({ evidence: z.object({ startedAt: z.string() }) })) })
    .parse(JSON.parse(readFileSync(join(report, "evidence.json"), "utf8")))
  return (Math.min(...document.suites.map(({ evidence }) => Date.parse(evidence.startedAt))) - began) / 1000
}

/** Seconds that `dagger call test` takes, in the repository's own folder. */
export function daggerCall(source: string): number {
  return dagger(ROOT, [`--source=${source}`, "test"])
}

/** Seconds that a call of the module in a folder takes. */
export function dagger(module: string, call: string[]): number {
  const lines = spawnSync(process.execPath, [LAUNCHER, "engine", "env"], { encoding: "utf8" }).stdout
  const variables = Object.fromEntries(
    [...lines.matchAll(/^export (\w+)='([^']*)'$/gm)].map(([, name, value]) => [name, value]),
  )
  const environment = { ...process.env, ...variables }
  return timed(
    environment["_EXPERIMENTAL_DAGGER_CLI_BIN"] ?? "dagger",
    ["--progress=plain", "-m", module, "call", ...call],
    environment,
  )
}

/** Seconds that `tollgate migrate` takes; a migration that is meant to fail ends with 1. */
export function tollgateMigrate(source: string, secrets: string, report: string, ends = 0): number {
  return timed(
    process.execPath,
    [LAUNCHER, "migrate", `--source=${source}`, "--env=staging", `--secrets=file:${secrets}`, `--report=${report}`],
    process.env,
    ends,
  )
}

function timed(command: string, args: string[], env: NodeJS.ProcessEnv, ends = 0): number {
  const began = performance.now()
  const { status, stderr, stdout } = spawnSync(command, args, { encoding: "utf8", env, cwd: ROOT, maxBuffer: 1 << 28 })
  if (status !== ends)
    throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stdout}\n${stderr.slice(-4000)}`)
  return (performance.now() - began) / 1000
}
