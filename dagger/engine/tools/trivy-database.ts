import { mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import { run } from "../command.js"
import { contentKey } from "../content-key.js"
import { buildGo } from "../go-build.js"
import type { Home } from "../home.js"
import { existsInRegistry } from "../images/published.js"
import { readJson, writeJson } from "../json-file.js"
import { recordedPlan } from "../network.js"
import type { Part } from "../part.js"
import { findRoom } from "../process.js"
import { registryAddress, roomRegistry } from "../registry.js"

/** Its name says what it is wherever a report names the database it used. */
const repository = "tollgate/small-trivy-db"
const tag = "2"
const source = join(import.meta.dirname, "trivy-database")
const pushScript = join(import.meta.dirname, "push-artifact.mjs")
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
export async function publishDatabase(home: Home): Promise<void> {
  const folder = join(home.tmp, "trivy-database")
  await writeDatabase(home, folder)
  const publishedAt = Date.now()
  await pushDatabase(home, folder, `${repository}:${tag}`)
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

/** Publishes a written database under REPOSITORY:TAG. Only the host can: the registry is read-only for the engine's containers. */
export async function pushDatabase(home: Home, folder: string, name: string): Promise<void> {
  const room = (await findRoom(home.root))?.inner
  if (room === undefined) throw new Error("the engine is not running")
  const layer = join(folder, "db.tar.gz")
  const colon = name.lastIndexOf(":")
  const options = { log: join(home.log, "trivy-database.log") }
  await run(["tar", "--create", "--gzip", "--file", layer, "--directory", folder, "trivy.db", "metadata.json"], options)
  await run(
    [
      ...["nsenter", `--target=${room}`, "--net", "--", process.execPath, pushScript],
      ...[roomRegistry, name.slice(0, colon), name.slice(colon + 1), layer],
    ],
    options,
  )
}
