import { readFileSync } from "node:fs"
import { type Container, dag, type Secret, type Service } from "@dagger.io/dagger"
import type { LoadSettings } from "../../core/config/load.js"
import { parseSettings } from "../../core/config/parse.js"
import { generateLoad, type LoadRun } from "../../core/load/generator.js"
import { judgeLoad, type LoadVerdict } from "../../core/load/judge.js"
import { loadPlan } from "../../core/load/plan.js"
import type { LoadReasonCode, ScenarioResult } from "../../core/load/result.js"

const SERVICE = readFileSync(new URL("fixtures/load/service.py", import.meta.url), "utf8")

/** A service that does what fixtures/load/service.py knows under this name. */
export function misbehaving(behaviour: string, identity: string, stays = true): Service {
  return (
    dag
      .container()
      .from("python:3.11-slim")
      .withNewFile("/service.py", SERVICE)
      .withEnvVariable("BEHAVIOUR", behaviour)
      .withEnvVariable("TOLLGATE_TEST", identity)
      .withExposedPort(8000)
      // the engine ends what is bound to a service that ends: its container stays, as that of a built image does
      .asService({ args: ["sh", "-c", stays ? "python -u /service.py; sleep 600" : "python -u /service.py"] })
  )
}

export function loadSettings(yaml: string): LoadSettings {
  const { load } = parseSettings(
    `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nload:\n${yaml.replace(/^/gm, "  ")}`,
  )
  if (load === undefined) throw new Error("no load")
  return load
}

/** One scenario, `orders`, with a check of the status in its body. */
export function orders(more = "", scenario = "", duration = "2s"): LoadSettings {
  return loadSettings(`
warmUp: 1s
timeout: 4s
${more}
scenarios:
  orders:
    path: /orders
    rate: 30/s
    duration: ${duration}
    checks: { answer: { json: status, equals: ok } }
    ${scenario}`)
}

export interface Loaded extends LoadVerdict {
  run: LoadRun
}

/** Loads a service with every scenario of the settings. */
export async function load(
  settings: LoadSettings,
  service: Service | null,
  options: {
    run?: string
    secrets?: Map<string, Secret>
    client?: (container: Container) => Container
    grace?: number
  } = {},
): Promise<Loaded> {
  const plan = loadPlan(settings, Object.keys(settings.scenarios), {
    baseUrl: "http://app:8000",
    run: options.run ?? newRun(),
  })
  const bind = (container: Container) => (service === null ? container : container.withServiceBinding("app", service))
  const client = (container: Container) => (options.client ?? ((same) => same))(bind(container))
  const run = await generateLoad({
    plan,
    service: null,
    secrets: options.secrets ?? new Map(),
    client,
    ...(options.grace === undefined ? {} : { grace: options.grace }),
  })
  return { ...judgeLoad(plan, run.measurement, run.k6), run }
}

export function newRun(): string {
  return `test-${Date.now()}-${Math.random().toString(36).slice(2)}`
}

export async function loadOf(behaviour: string, settings: LoadSettings): Promise<Loaded> {
  const run = newRun()
  return load(settings, misbehaving(behaviour, run), { run })
}

export function codesOf({ reasons, scenarios }: LoadVerdict): LoadReasonCode[] {
  return [...reasons, ...scenarios.flatMap((scenario) => scenario.reasons)].map(({ code }) => code)
}

export function messagesOf({ reasons, scenarios }: LoadVerdict): string {
  return [...reasons, ...scenarios.flatMap((scenario) => scenario.reasons)].map(({ message }) => message).join("\n")
}

export function only({ scenarios }: LoadVerdict): ScenarioResult {
  const [first] = scenarios
  if (first === undefined) throw new Error("no scenario")
  return first
}
