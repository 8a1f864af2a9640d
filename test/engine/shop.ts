import { readFileSync } from "node:fs"
import { type Directory, dag } from "@dagger.io/dagger"
import { parseSettings } from "../../core/config/parse.js"
import type { Settings } from "../../core/config/schema.js"
import { buildImage, chooseRecipe, type Recipe } from "../../core/image/build.js"
import type { BuildOptions } from "../../core/image/build-options.js"
import { buildOne } from "../../core/image/build-platforms.js"
import { inspectLayout } from "../../core/image/inspect.js"
import type { InspectedImage } from "../../core/image/inspected.js"
import { judgeContent } from "../../core/image/judge-content.js"
import { judgeService } from "../../core/image/judge-service.js"
import { type FinishedImage, finishedImage, type PlatformBuild } from "../../core/image/layout.js"
import type { Problem, ProblemCode } from "../../core/image/problem.js"
import { type ImageRequest, proveImage } from "../../core/image/prove.js"
import { contentRules, serviceRules } from "../../core/image/rules.js"
import type { ImageRun } from "../../core/image/run.js"
import { runningApp } from "../../core/image/service.js"
import { noStamp } from "../../core/image/stamp.js"
import { watchApp } from "../../core/image/watch.js"

const FOLDER = new URL("fixtures/shop/", import.meta.url).pathname

/** Files of the fixture to replace (a text), to bend (a function of the text) or to remove (null). */
export type Changes = Record<string, string | null | ((text: string) => string)>

export function shop(changes: Changes = {}): Directory {
  let folder = dag.host().directory(FOLDER, { exclude: ["**/__pycache__"] })
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) folder = folder.withoutFile(path)
    else
      folder = folder.withNewFile(
        path,
        typeof change === "string" ? change : change(readFileSync(FOLDER + path, "utf8")),
      )
  }
  return folder
}

/** tollgate.yaml with more under `image`. */
export const imageKeys = (more: string) => ({
  "tollgate.yaml": (text: string) => `${text}  ${more.trim().replace(/\n/g, "\n  ")}\n`,
})

/** A service that needs neither database nor Redis starts in a second. */
export const alone = "services: { postgres: false, redis: false }"

export function prove(changes: Changes = {}, request: Partial<ImageRequest> = {}): Promise<ImageRun> {
  return proveImage(shop(changes), { stamp: noStamp, fresh: false, twice: false, secrets: undefined, ...request })
}

export function codesOf({ result }: ImageRun): ProblemCode[] {
  return result.problems.map(({ code }) => code)
}

export async function settingsOf(source: Directory): Promise<Settings> {
  return parseSettings(await source.file("tollgate.yaml").contents())
}

export interface ReadImage extends FinishedImage {
  settings: Settings
  recipe: Recipe
  build: PlatformBuild
  inspected: InspectedImage
  problems: Problem[]
}

/** Builds and reads the image, without starting it. */
export async function read(changes: Changes, options: Partial<BuildOptions> = {}): Promise<ReadImage> {
  const source = shop(changes)
  const settings = await settingsOf(source)
  const recipe = await chooseRecipe(settings, source)
  const built = { stamp: noStamp, fresh: "", secrets: new Map(), ...options }
  const build = await buildOne(settings, source, recipe, built)
  const finished = finishedImage([build], recipe, settings.image, built.stamp)
  const inspected = await inspectLayout(finished)
  return {
    ...finished,
    build,
    recipe,
    settings,
    inspected,
    problems: judgeContent(inspected, contentRules(settings), build.runs),
  }
}

/** Starts the image and watches it, without reading what is in it. */
export async function start(changes: Changes, keys: string): Promise<Problem[]> {
  const settings = await settingsOf(shop(imageKeys(keys)))
  const image = await buildImage(settings, shop(changes), noStamp)
  const app = await runningApp(image, settings, JSON.stringify([changes, keys]))
  return judgeService(await watchApp(app, settings, ""), serviceRules(settings))
}
