import { readdir, readFile } from "node:fs/promises"
import { type Container, dag, type Directory, ReturnType, type Secret } from "@dagger.io/dagger"
import { TollgateError } from "../errors.js"
import type { Job } from "./generator/drive.js"
import { type K6SummaryReading, readK6Summary } from "./k6-summary.js"
import { type Measurement, measurement } from "./measurement.js"
import type { LoadPlan } from "./plan.js"
import { volumeOf } from "./plan.js"

export const K6_IMAGE = "grafana/k6:1.3.0"
const NODE_IMAGE = "node:24-bookworm-slim"
const TOOLS = "/opt/tollgate"
const OUT = "/tollgate/load"
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"

/** What runs beside k6, at the same places as here: the files name each other. */
const SOURCES = ["load/bins.ts", "load/percentile.ts", "load/generator/", "secrets/redact.ts"]

/** Seconds beyond the plan until a k6 that does not end is ended. */
const GRACE = 60

export interface LoadRun {
  measurement: Measurement | { lost: string }
  k6: K6SummaryReading
  /** What the generator left: measurement.json, k6-summary.json. Empty when its container broke. */
  files: Directory
}

export interface Traffic {
  plan: LoadPlan
  service: Job["service"]
  secrets: ReadonlyMap<string, Secret>
  /** Makes the service reachable from the generator, where it is one of the engine's own. */
  client: (container: Container) => Container
  grace?: number
}

/** k6 with what watches it: sends what the plan says, and brings back what was measured. */
export async function generateLoad({ plan, service, secrets, client, grace = GRACE }: Traffic): Promise<LoadRun> {
  const { seconds } = volumeOf(plan)
  const limit = seconds + Math.ceil(plan.timeout / 1000) + grace
  const job: Job = { plan, service, limit }
  let container = client(await generator())
  for (const [name, value] of secrets) container = container.withSecretVariable(`TOLLGATE_SECRET_${name}`, value)
  const finished = container
    .withNewFile(`${TOOLS}/job.json`, JSON.stringify(job))
    // a load test is never the same twice: only the report of the very same run may find it again
    .withEnvVariable("TOLLGATE_RUN", plan.run)
    .withDirectory(OUT, dag.directory())
    .withExec(["node", "--disable-warning=ExperimentalWarning", `${TOOLS}/load/generator/main.mjs`, TOOLS, OUT], { expect: ReturnType.Any })
  const code = await codeOf(finished)
  if (typeof code === "string") return withoutMeasurement(code)
  if (code !== 0) return withoutMeasurement(`the load generator's container ended with ${code}: ${(await finished.stderr()).trim().split("\n").at(-1) ?? ""}`)
  const files = finished.directory(OUT)
  const names = await files.entries()
  const [measured, summary] = await Promise.all([
    files.file("measurement.json").contents(),
    names.includes("k6-summary.json") ? files.file("k6-summary.json").contents() : null,
  ])
  return { measurement: readMeasurement(measured), k6: readK6Summary(summary, plan.scenarios.map(({ name }) => name)), files }
}

function withoutMeasurement(lost: string): LoadRun {
  return { measurement: { lost }, k6: { kind: "unusable", why: "k6 left no summary" }, files: dag.directory() }
}

/** The exit code, or what took the container away: the engine ends it when a service that it is bound to ends. */
async function codeOf(container: Container): Promise<number | string> {
  try {
    return await container.exitCode()
  } catch (error) {
    const ended = /bound service \S+ \(aliased as (\S+)\) exited: ([^\[\n]*)/.exec(error instanceof Error ? error.message : "")
    if (ended === null) throw error
    return `the service ${ended[1]} ended under the load (${ended[2]?.trim()}), and the load generator with it`
  }
}

function readMeasurement(text: string): Measurement | { lost: string } {
  const parsed = measurement.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return { lost: `it cannot be read: ${issue?.path.join(".")}: ${issue?.message}` }
}

/** k6 is one static file: it runs beside Node, which folds its samples where they are made. */
export async function generator(image = K6_IMAGE): Promise<Container> {
  const k6 = dag.container().from(image)
  await available(image, k6)
  const tools = await sources()
  return dag.container().from(NODE_IMAGE).withFile("/usr/local/bin/k6", k6.file("/usr/bin/k6"), { permissions: 0o755 })
    .withFile(CERTIFICATES, k6.file(CERTIFICATES)).withDirectory(TOOLS, tools)
}

async function available(image: string, container: Container): Promise<void> {
  try {
    await container.sync()
  } catch (error) {
    throw new TollgateError(
      "k6-missing",
      `The image ${image} of the load generator could not be fetched: ${error instanceof Error ? error.message : String(error)}`,
      "On the engine without Docker `npx tollgate engine up --with=k6` builds it; otherwise see that the engine can reach the registry. Nothing was sent.",
    )
  }
}

async function sources(): Promise<Directory> {
  let directory = dag.directory()
  for (const path of await sourceFiles()) directory = directory.withNewFile(path, await readFile(new URL(`../${path}`, import.meta.url), "utf8"))
  return directory
}

async function sourceFiles(): Promise<string[]> {
  const listed = await Promise.all(
    SOURCES.map(async (path) => (path.endsWith("/") ? (await readdir(new URL(`../${path}`, import.meta.url))).map((name) => path + name) : [path])),
  )
  return listed.flat().sort()
}
