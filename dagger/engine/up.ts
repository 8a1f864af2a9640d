import { mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import { lock, type Owner } from "../../bin/lock.mjs"
import { endRunningCommands } from "./command.js"
import { contentKey } from "./content-key.js"
import { buildDebian, buildRoom, debianPart, roomPart } from "./debian.js"
import { requireSpace } from "./disk.js"
import { buildEngine, enginePart } from "./go-build.js"
import type { Home } from "./home.js"
import { installTools, missingTools } from "./host-tools.js"
import { imagesToPublish } from "./images/published.js"
import { readJson, writeJson } from "./json-file.js"
import { buildNodeFiles, nodeFilesPart } from "./node-files.js"
import { partExists, removeOutdated } from "./part.js"
import { findRoom } from "./process.js"
import { answers, startRoom, stopRoom, waitForRoom } from "./room.js"
import { buildSdkContent, buildSdkFiles, sdkFilesPart, sdkPart } from "./sdk-content.js"
import type { Steps } from "./steps.js"
import { engineFolder, engineVersion } from "./version.js"

const recordSchema = z.object({ version: z.string(), key: z.string() })

/** What a running engine must have been started from to be the one that these sources describe. */
function wantedKey(): string {
  return contentKey(
    [enginePart().key, roomPart().key, sdkPart().key],
    ["room", "room.ts", "engine-config.ts", "registry.ts"].map((name) => join(engineFolder, name)),
  )
}

/** Is the engine running, from these sources, and answering? Milliseconds: every command asks it first. */
export async function engineIsUp(home: Home): Promise<boolean> {
  return (await answers(home.socket)) && (await startIsBegun(home))
}

/** Does an engine run that was started from these sources? It may not answer yet. */
async function startIsBegun(home: Home): Promise<boolean> {
  const record = await readJson(home.record, recordSchema)
  return record?.key === wantedKey() && (await findRoom(home.root)) !== undefined
}

export async function engineIsReady(home: Home): Promise<boolean> {
  return (await engineIsUp(home)) && (await imagesToPublish(home)).length === 0
}

/** Brings the engine up with its images, doing only what is not done. Safe to interrupt anywhere and to run again. */
export async function up(home: Home, steps: Steps, onWait: (owner: Owner) => void): Promise<void> {
  if (await engineIsReady(home)) return
  const unlock = await lock(`engine:${home.root}`, "tollgate engine up", onWait)
  try {
    if (await engineIsReady(home)) return
    await mkdir(home.log, { recursive: true })
    await bringUp(home, steps)
  } finally {
    await unlock()
  }
}

async function bringUp(home: Home, steps: Steps): Promise<void> {
  const built = partExists(home, enginePart()) && partExists(home, roomPart())
  await requireSpace(home.root, built ? 2 : 10, built ? "Starting the engine" : "Building the engine and its images")

  if (missingTools().length > 0) {
    await steps.run("Debian packages", () => installTools(join(home.log, "packages.log")))
  }
  await together([
    async () => {
      if (!partExists(home, enginePart())) {
        await steps.run(`Dagger engine and CLI ${engineVersion()}, from source (minutes the first time)`, () =>
          buildEngine(home),
        )
      }
    },
    async () => {
      if (!partExists(home, debianPart())) await steps.run("Debian base system", () => buildDebian(home))
      if (!partExists(home, roomPart())) await steps.run("the engine's own root file system", () => buildRoom(home))
    },
    async () => {
      if (!partExists(home, sdkFilesPart())) await steps.run("TypeScript SDK", () => buildSdkFiles(home))
      if (!partExists(home, nodeFilesPart())) await steps.run("Node for the images", () => buildNodeFiles(home))
    },
  ])
  if (!partExists(home, sdkPart())) await steps.run("TypeScript SDK for the engine", () => buildSdkContent(home))

  if (!(await engineIsUp(home))) {
    const begun = await startIsBegun(home)
    if (!begun && (await findRoom(home.root))) {
      await steps.run("stop of the outdated engine (it lets work in progress finish)", () => stopRoom(home))
    }
    await steps.run(begun ? "engine start, begun by a command that was interrupted" : "engine start", async () => {
      if (!begun) {
        await rm(home.record, { force: true })
        await startRoom(home)
        await writeJson(home.record, { version: engineVersion(), key: wantedKey() })
      }
      await waitForRoom(home)
    })
  }

  const images = await imagesToPublish(home)
  if (images.length > 0) {
    // brings Dagger's SDK with it: not for every command
    const { publishImages } = await import("./images/publish.js")
    await publishImages(home, images, steps)
  }
  await removeOutdated(home, [nodeFilesPart(), enginePart(), debianPart(), roomPart(), sdkFilesPart(), sdkPart()])
}

/** Side by side; when one fails the others are ended, and waited for, before its error is told. */
async function together(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  let first: { error: unknown } | undefined
  await Promise.all(
    tasks.map(async (task) => {
      try {
        await task()
      } catch (error) {
        if (!first) {
          first = { error }
          endRunningCommands()
        }
      }
    }),
  )
  if (first) throw first.error
}
