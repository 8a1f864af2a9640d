import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { Agent, get } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Directory, dag } from "@dagger.io/dagger"
import { reachFromHost } from "../../cli/release/reach-from-host.js"
import { parseSettings, type Settings } from "../../core/config/parse.js"
import { noStamp } from "../../core/image/stamp.js"
import type { Journal } from "../../core/ledger/ledger.js"
import { deploy } from "../../core/release/deploy/deploy.js"
import type { DeployRequest } from "../../core/release/deploy/request.js"
import type { ReleaseResult } from "../../core/release/deploy/result.js"
import { gatherPlan } from "../../core/release/plan/gather.js"
import type { Plan } from "../../core/release/plan/plan.js"
import { rollback } from "../../core/release/rollback/rollback.js"
import type { ReleaseEntryPoint } from "../../core/release/session/entry-point.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import type { RunningSandbox } from "../../core/targets/sandbox/running.js"
import { empty, sandboxNamed } from "./host.js"

const FIXTURE = new URL("fixtures/deploy/", import.meta.url).pathname
let folder = FIXTURE

/** A sandbox of these tests' own. */
export const SANDBOX = "test-release"
export const SECRET = "value-that-nobody-may-see-7731"

/** The fixture with an approver: what is deployed is read from its own tollgate.yaml. */
export function settingsWith(publicKey: string): Settings {
  const text = readFileSync(`${FIXTURE}tollgate.yaml`, "utf8").replace("APPROVER", publicKey)
  folder = mkdtempSync(join(tmpdir(), "tollgate-deploy-"))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  cpSync(FIXTURE, folder, { recursive: true })
  writeFileSync(join(folder, "tollgate.yaml"), text)
  return parseSettings(text)
}

export function source(): Directory {
  return dag.host().directory(folder)
}

export class MemoryJournal implements Journal {
  readonly lines: string[] = []
  append(line: string): Promise<void> {
    this.lines.push(line)
    return Promise.resolve()
  }
  take(): ReturnType<Journal["take"]> {
    const taken = [...this.lines]
    return Promise.resolve({ lines: taken, done: async () => void this.lines.splice(0, taken.length) })
  }
}

export const journal = new MemoryJournal()
let running: RunningSandbox | null = null
/** Deployments join the sandbox that the test has opened: each its own connection, none waits for it to start. */
export const entryPoint: ReleaseEntryPoint = {
  kind: "cli",
  running: () => Promise.resolve(running),
  reach: reachFromHost,
  journal: () => journal,
}

/** Deploys the fixture; `mode` is how it misbehaves. */
export function release(
  settings: Settings,
  version: string,
  mode = "",
  more: Partial<DeployRequest> = {},
  through = entryPoint,
): Promise<ReleaseResult> {
  return deploy(settings, requestFor(version, mode, more), through)
}

/** The plan of the same deployment. */
export function planned(settings: Settings, version: string, more: Partial<DeployRequest> = {}): Promise<Plan> {
  return gatherPlan(settings, requestFor(version, "", more), entryPoint, () => ({ kind: "unknown", why: "a test" }))
}

function requestFor(version: string, mode: string, more: Partial<DeployRequest>): DeployRequest {
  return {
    source: source(),
    environment: "sandbox",
    version,
    caller: { who: "the test", owner: "the test" },
    why: `test of ${version}`,
    stamp: noStamp,
    secrets: () => Promise.resolve(`MODE=${mode}\nSHOP_KEY=${SECRET}\n`),
    access: { ssh: null, registry: null },
    ledger: null,
    notify: null,
    approvals: [],
    breakGlass: null,
    at: "",
    gateSecrets: undefined,
    registry: { user: "", password: undefined, service: undefined },
    sandbox: SANDBOX,
    ...more,
  }
}

export function goBack(settings: Settings, to = "", ledger: string | null = null): Promise<ReleaseResult> {
  return rollback(
    settings,
    {
      environment: "sandbox",
      to,
      why: "test",
      caller: { who: "the test", owner: "the test" },
      access: { ssh: null, registry: null },
      ledger,
      notify: null,
      secrets: null,
      sandbox: SANDBOX,
    },
    entryPoint,
  )
}

/** The host itself, emptied of earlier runs. */
export async function emptyHost(settings: Settings): Promise<Sandbox> {
  const sandbox = await host(settings)
  await empty(sandbox)
  return sandbox
}

export async function host(settings: Settings): Promise<Sandbox> {
  const sandbox = await sandboxNamed(SANDBOX, settings)
  const { hostKey, clientKey, registryPassword } = sandbox.identity
  running = { ...(await reachFromHost(sandbox.service, 22)), hostKey, clientKey, registryPassword }
  return sandbox
}

/** How another process reaches the host. */
export function runningHost(): RunningSandbox {
  if (running === null) throw new Error("the host is not open")
  return running
}

/** The host that another process has opened. */
export function joinHost(given: RunningSandbox): void {
  running = given
}

/** Customers who pay without a pause until they are told to stop; how many times each answer was given. */
export async function customers({ service }: Sandbox): Promise<() => Promise<Map<string, number>>> {
  const { host, port } = await reachFromHost(service, 80)
  const agent = new Agent({ keepAlive: true })
  const seen = new Map<string, number>()
  let going = true
  const once = () =>
    new Promise<void>((done) => {
      const note = (what: string) => {
        seen.set(what, (seen.get(what) ?? 0) + 1)
        done()
      }
      get({ host, port, path: "/pay", agent }, (response) => {
        response.resume()
        response.once("error", ({ message }) => note(`failed: ${message}`))
        response.once("end", () => note(String(response.statusCode)))
      }).once("error", ({ message }) => note(`failed: ${message}`))
    })
  const customer = async () => {
    while (going) {
      await once()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const all = [customer(), customer(), customer()]
  return async () => {
    going = false
    await Promise.all(all)
    agent.destroy()
    return seen
  }
}
