import { readFileSync } from "node:fs"
import { Agent, get } from "node:http"
import { type Container, dag } from "@dagger.io/dagger"
import { reachFromHost } from "../../cli/release/reach-from-host.js"
import { parseSettings, type Settings } from "../../core/config/parse.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import type { Instance, Release, Target } from "../../core/targets/target.js"
import { empty, sandboxNamed } from "./host.js"

export const settings: Settings = parseSettings(`
qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_a.py] } } }
release:
  name: shop
  processes: { worker: { command: [worker] } }
  healthTimeout: 6s
  drain: 10s
  retain: { releases: 2, running: 1 }
`)

export const SECRET = "it's-the-shop's $SECRET `key` \"\\n\" of the test"

/** A sandbox of the tests' own, without what earlier runs left in it. */
export async function emptySandbox(): Promise<Sandbox> {
  const sandbox = await sandboxNamed("test", settings)
  await empty(sandbox)
  await claimed(sandbox.target)
  return sandbox
}

/** A target that these tests may change. They are one run, however many targets they open. */
export async function claimed<T extends Target>(target: T): Promise<T> {
  await target.claim({ run: "tests", command: "deploy", who: "the tests", owner: "the tests" }, null)
  return target
}

/** The fixture's image; each version is another one. */
export function image(
  version: string,
  change: (container: Container) => Container = (container) => container,
): Container {
  const base = dag
    .container()
    .from("python:3.11-slim")
    .withNewFile("/service.py", readFileSync(new URL("fixtures/release/service.py", import.meta.url), "utf8"))
    .withNewFile("/version", version)
    .withUser("10001:10001")
    .withExposedPort(8000)
    .withEntrypoint(["python3", "-u", "/service.py"])
  return change(base)
}

export function releaseOf(
  sandbox: Sandbox,
  id: string,
  version: string,
  reference: string,
  more: Record<string, string> = {},
): Release {
  return {
    id,
    version,
    image: reference,
    configDigest: "0123456789ab",
    environment: () => Promise.resolve(new Map(Object.entries({ SHOP_KEY: SECRET, ...more }))),
    login: sandbox.login,
  }
}

export function live(running: Awaited<ReturnType<Sandbox["target"]["running"]>>): Instance {
  if (running.live.kind !== "live") throw new Error(`nothing is live, but ${running.live.kind}`)
  return running.live.instance
}

export interface Stream {
  /** Ends it; what was answered, by status and body, and what was not. */
  stop(): Promise<Map<string, number>>
}

/** Customers: several connections that never stop asking, one of them for pages that take two seconds. */
export async function customers(sandbox: Sandbox): Promise<Stream> {
  const { host, port } = await reachFromHost(sandbox.service, 80)
  const agent = new Agent({ keepAlive: true })
  const seen = new Map<string, number>()
  let going = true
  const one = (path: string) =>
    new Promise<void>((done) => {
      const note = (what: string) => {
        seen.set(what, (seen.get(what) ?? 0) + 1)
        done()
      }
      get({ host, port, path, agent, headers: { host: "shop.example" } }, (response) => {
        let body = ""
        response.on("data", (chunk: Buffer) => (body += chunk.toString()))
        response.once("error", ({ message }) => note(`failed: ${message}`))
        response.once("end", () => note(`${response.statusCode} ${body}`))
      }).once("error", ({ message }) => note(`failed: ${message}`))
    })
  const customer = async (path: string) => {
    while (going) {
      await one(path)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
  }
  const all = [...["/version", "/version", "/version", "/slow", "/slow"].map(customer)]
  return {
    stop: async () => {
      going = false
      await Promise.all(all)
      agent.destroy()
      return seen
    },
  }
}
