import { createWriteStream } from "node:fs"
import { mkdir, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { z } from "zod"
import { run } from "../command.js"
import { contentKey } from "../content-key.js"
import { setEngineEnvironment } from "../environment.js"
import { buildGo } from "../go-build.js"
import type { Home } from "../home.js"
import { existsInRegistry } from "../images/published.js"
import { readJson, writeJson } from "../json-file.js"
import { recordedPlan } from "../network.js"
import { registryAddress } from "../network-plan.js"
import type { Part } from "../part.js"
import { inSession } from "../session.js"

/** Its name says what it is wherever a report names the database it used. */
const repository = "tollgate/small-trivy-db"
const tag = "2"
const source = join(import.meta.dirname, "trivy-database")
const pushScript = join(import.meta.dirname, "push-artifact.py")
const part: Part = { name: "trivy-database", key: contentKey([], [source]) }
// Trivy's own database is built four times a day
const lastsMs = 6 * 3600_000

const recordSchema = z.object({ key: z.string(), publishedAt: z.number() })

function record(home: Home): string {
  return join(home.root, "trivy-database.json")
}

function key(): string {
  return contentKey([part.key], [pushScript])
}

/** Where containers of the engine find the database: the registry in the room, by the address it has in their network. */
export async function databaseRepository(home: Home): Promise<string> {
  const plan = await recordedPlan(home)
  if (!plan) throw new Error("the engine has not been started yet")
  return `${registryAddress(plan)}/${repository}:${tag}`
}

export async function databaseIsFresh(home: Home): Promise<boolean> {
  const published = await readJson(record(home), recordSchema)
  return (
    published?.key === key() &&
    Date.now() - published.publishedAt < lastsMs &&
    existsInRegistry(home, `${repository}:${tag}`)
  )
}

/** Writes the database with the program of trivy-database/ and publishes it as Trivy's own is: as an OCI artifact. */
export async function publishDatabase(home: Home, reference: string): Promise<void> {
  const folder = join(home.tmp, "trivy-database")
  const log = join(home.log, "trivy-database.log")
  await writeDatabase(home, folder)
  setEngineEnvironment(home, process.env)
  const publishedAt = Date.now()
  await inSession(createWriteStream(log, { flags: "a" }), log, () => pushDatabase(folder, reference))
  await rm(folder, { recursive: true, force: true })
  await writeJson(record(home), { key: key(), publishedAt })
}

/** @param options of the program: other facts, another time, another version of the format */
export async function writeDatabase(home: Home, folder: string, options: readonly string[] = []): Promise<void> {
  const built = await buildGo(home, { part, source, packages: ["."], options: ["-ldflags", "-s -w"] })
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await run([join(built, "trivy-database"), ...options, folder], {
    log: join(home.log, "trivy-database.log"),
    contained: true,
  })
}

/** Publishes a written database, in the session that is open. */
export async function pushDatabase(folder: string, reference: string): Promise<void> {
  await dag
    .container()
    .from("python:3.11-slim")
    .withNewFile("/push.py", await readFile(pushScript, "utf8"))
    .withMountedDirectory("/database", dag.host().directory(folder))
    .withEnvVariable("PUBLISHED_AT", String(Date.now()))
    .withExec(["python", "/push.py", reference, "/database"])
    .sync()
}
