import { readdir, readFile } from "node:fs/promises"
import { type Container, type Directory, dag, ReturnType, type Secret } from "@dagger.io/dagger"
import { TollgateError } from "../shared/errors.js"
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

/** Files that run beside k6, with the same layout as here, because they import each other. */
const SOURCES = [
  "load/bins.ts",
  "load/generator/",
  "secrets/plain-form.ts",
  "secrets/redact.ts",
  "shared/percentile.ts",
]

/** Seconds beyond the plan until k6 is killed. */
const GRACE = 60

export interface LoadRun {
  measurement: Measurement | { lost: string }
  k6: K6SummaryReading
  /** The generator's output: measurement.json, k6-summary.json. Empty when its container failed. */
  files: Directory
}

export interface Traffic {
  plan: LoadPlan
  service: Job["service"]
  secrets: ReadonlyMap<string, Secret>
  /** Binds the service to the generator's container, if it runs in the engine. */
  client: (container: Container) => Container
  grace?: number
}

/** Runs k6 and its driver by the plan, and returns the measurement. */
export async function generateLoad({ plan, service, secrets, client, grace = GRACE }: Traffic): Promise<LoadRun> {
  const { seconds } = volumeOf(plan)
  const limit = seconds + Math.ceil(plan.timeout / 1000) + grace
  const job: Job = { plan, service, limit }
  let container = client(await generator())
  for (const [name, value] of secrets) container = container.withSecretVariable(`TOLLGATE_SECRET_${name}`, value)
  const finished = container
    .withNewFile(`${TOOLS}/job.json`, JSON.stringify(job))
    // every load test runs anew; only the report of the same run may reuse its result
    .withEnvVariable("TOLLGATE_RUN", plan.run)
    .withDirectory(OUT, dag.directory())
    .withExec(["node", "--disable-warning=ExperimentalWarning", `${TOOLS}/load/generator/main.mjs`, TOOLS, OUT], {
      expect: ReturnType.Any,
    })
  const code = await codeOf(finished)
  if (typeof code === "string") return withoutMeasurement(code)
  if (code !== 0)
    return withoutMeasurement(
      `the load generator's container exited ${code}: ${(await finished.stderr()).trim().split("\n").at(-1) ?? ""}`,
    )
  const files = finished.directory(OUT)
  const names = await files.entries()
  const [measured, summary] = await Promise.all([
    files.file("measurement.json").contents(),
    names.includes("k6-summary.json") ? files.file("k6-summary.json").contents() : null,
  ])
  return {
    measurement: readMeasurement(measured),
    k6: readK6Summary(
      summary,
      plan.scenarios.map(({ name }) => name),
    ),
    files,
  }
}

function withoutMeasurement(lost: string): LoadRun {
  return { measurement: { lost }, k6: { kind: "unusable", why: "k6 wrote no summary" }, files: dag.directory() }
}

/** The exit code, or why there is none: the engine kills the container when a service bound to it exits. */
async function codeOf(container: Container): Promise<number | string> {
  try {
    return await container.exitCode()
  } catch (error) {
    const ended = /bound service \S+ \(aliased as (\S+)\) exited: ([^[\n]*)/.exec(
      error instanceof Error ? error.message : "",
    )
    if (ended === null) throw error
    return `the service ${ended[1]} exited under the load (${ended[2]?.trim()}), which stopped the load generator`
  }
}

function readMeasurement(text: string): Measurement | { lost: string } {
  const parsed = measurement.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return { lost: `measurement.json is invalid: ${issue?.path.join(".")}: ${issue?.message}` }
}

/** k6 is one static binary; Node runs beside it and aggregates its samples in place. */
export async function generator(image = K6_IMAGE): Promise<Container> {
  const k6 = dag.container().from(image)
  await available(image, k6)
  const tools = await sources()
  return dag
    .container()
    .from(NODE_IMAGE)
    .withFile("/usr/local/bin/k6", k6.file("/usr/bin/k6"), { permissions: 0o755 })
    .withFile(CERTIFICATES, k6.file(CERTIFICATES))
    .withDirectory(TOOLS, tools)
}

async function available(image: string, container: Container): Promise<void> {
  try {
    await container.sync()
  } catch (error) {
    throw new TollgateError(
      "k6-missing",
      `Could not pull the load generator's image ${image}: ${error instanceof Error ? error.message : String(error)}`,
      "On the engine without Docker, run `npx tollgate engine up --with=k6` to build it. Otherwise check that the engine can reach the registry. Nothing was sent.",
    )
  }
}

async function sources(): Promise<Directory> {
  let directory = dag.directory()
  for (const path of await sourceFiles())
    directory = directory.withNewFile(path, await readFile(new URL(`../${path}`, import.meta.url), "utf8"))
  return directory
}

async function sourceFiles(): Promise<string[]> {
  const listed = await Promise.all(
    SOURCES.map(async (path) =>
      path.endsWith("/") ? (await readdir(new URL(`../${path}`, import.meta.url))).map((name) => path + name) : [path],
    ),
  )
  return listed.flat().sort()
}
