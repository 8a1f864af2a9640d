import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { type Redact, redactLines, redactor } from "../../secrets/redact.js"
import type { LoadPlan } from "../plan.js"
import { cpuUse, machineTime, processTime, type Reading } from "./cpu.js"
import { Fold } from "./fold.js"
import { readLog } from "./log.js"
import { type OwnService, whyUnreachable } from "./ready.js"
import { serviceEnd, serviceOutput } from "./service-state.js"

/**
 * Runs in the generator's container, beside k6: waits for the service, starts k6, aggregates its samples, measures CPU usage, kills
 * k6 at the time limit, and writes measurement.json and k6-summary.json.
 */

export interface Job {
  plan: LoadPlan
  /** null for a deployed service. */
  service: OwnService | null
  /** Time limit of k6, in seconds. */
  limit: number
}

type End =
  | { kind: "exited"; code: number }
  | { kind: "signalled"; signal: string }
  | { kind: "timed-out"; seconds: number }
  | { kind: "not-started"; why: string }

const SECRET = "TOLLGATE_SECRET_"
const SAMPLED_EVERY = 200
const LAST_LINES = 40

export async function drive(tools: string, out: string): Promise<void> {
  const { plan, service, limit }: Job = JSON.parse(readFileSync(join(tools, "job.json"), "utf8"))
  const redact = redactor(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith(SECRET) && value !== undefined ? [value] : [],
    ),
  )
  mkdirSync(out, { recursive: true })
  const startedAt = new Date().toISOString()
  const unreachable = await whyUnreachable(plan.baseUrl, service)
  const run = unreachable === null ? await runK6(plan, tools, out, limit) : null
  const state =
    service === null
      ? null
      : {
          end: await serviceEnd(plan.baseUrl, service.statePort),
          output: await serviceOutput(plan.baseUrl, service.statePort),
        }
  const measured = {
    startedAt,
    unreachable: unreachable === null ? null : redact(unreachable),
    run: run === null ? null : redactedRun(run, redact),
    service: state === null ? null : { ...state, output: redact(state.output) },
  }
  writeFileSync(join(out, "measurement.json"), JSON.stringify(measured, null, 2))
}

/** What k6 and the service said. Names of scenarios, kinds and figures are compared: they stay. */
function redactedRun(run: Awaited<ReturnType<typeof runK6>>, redact: Redact): typeof run {
  return {
    ...run,
    end: run.end.kind === "not-started" ? { ...run.end, why: redact(run.end.why) } : run.end,
    examples: run.examples.map((one) => ({ ...one, said: redact(one.said) })),
    errors: run.errors.map(redact),
    lastLines: redactLines(run.lastLines, redact),
  }
}

async function runK6(plan: LoadPlan, tools: string, out: string, limit: number) {
  writeFileSync(join(tools, "plan.json"), JSON.stringify(plan))
  const began = Date.now()
  const child = spawn(
    "k6",
    [
      "run",
      "--quiet",
      "--no-color",
      "--no-usage-report",
      "--address=",
      "--log-format=json",
      "--out=csv=-",
      join(tools, "load/generator/script.js"),
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...withoutOptions(process.env),
        K6_CSV_TIME_FORMAT: "unix_milli",
        TOLLGATE_PLAN: join(tools, "plan.json"),
        TOLLGATE_SUMMARY: join(out, "k6-summary.json"),
      },
    },
  )
  const fold = new Fold(plan.scenarios)
  const log: string[] = []
  const readings: Reading[] = []
  const sampling = setInterval(() => readings.push(...reading(child)), SAMPLED_EVERY)
  const [end] = await Promise.all([
    endOf(child, limit),
    eachLine(child.stdout, (line) => fold.add(line)),
    eachLine(child.stderr, (line) => log.push(line)),
  ])
  clearInterval(sampling)

  const scenarios = fold.figures()
  const starts = plan.scenarios.flatMap(({ name, duration }) => {
    const start = scenarios[name]?.startedAt ?? null
    return start === null ? [] : [{ start, end: start + duration * 1000 }]
  })
  const { examples, errors } = readLog(log)
  return {
    end,
    seconds: (Date.now() - began) / 1000,
    cpu: cpuUse(
      readings,
      Math.min(...starts.map(({ start }) => start)),
      Math.max(...starts.map(({ end }) => end)),
      availableParallelism(),
    ),
    scenarios,
    examples,
    errors,
    lastLines: log.slice(-LAST_LINES),
  }
}

/** k6's own variables would override the plan. */
function withoutOptions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("K6_")))
}

function endOf(child: ChildProcess, limit: number): Promise<End> {
  return new Promise((resolve) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill("SIGKILL")
    }, limit * 1000)
    child.once("error", (error) => {
      clearTimeout(timer)
      resolve({ kind: "not-started", why: error.message })
    })
    child.once("exit", (code, signal) => {
      clearTimeout(timer)
      if (late) resolve({ kind: "timed-out", seconds: limit })
      else if (code === null) resolve({ kind: "signalled", signal: String(signal) })
      else resolve({ kind: "exited", code })
    })
  })
}

async function eachLine(stream: NodeJS.ReadableStream, use: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) use(line)
}

function reading(child: ChildProcess): Reading[] {
  try {
    const own = process.cpuUsage()
    const generator = processTime(readFileSync(`/proc/${child.pid}/stat`, "utf8")) + (own.user + own.system) / 1000
    return [{ at: Date.now(), generator, ...machineTime(readFileSync("/proc/stat", "utf8")) }]
  } catch {
    // it has just ended
    return []
  }
}
