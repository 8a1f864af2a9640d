import { createHash } from "node:crypto"
import { type Container, type Directory, dag, type Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { runId } from "../qa/run-id.js"
import { bytes, duration } from "../shared/figures.js"
import { step } from "../shared/progress.js"
import { version } from "../shared/version.js"
import { chooseRecipe } from "./build.js"
import { buildAll } from "./build-platforms.js"
import { inspectLayout } from "./inspect.js"
import type { InspectedImage } from "./inspected.js"
import { judgeContent, pullSizeOf, sizeOf } from "./judge-content.js"
import { judgeStarted } from "./judge-service.js"
import { finishedImage, type PlatformBuild } from "./layout.js"
import type { Started } from "./observed.js"
import { samePlatform } from "./platform.js"
import type { ImageResult } from "./result.js"
import { contentRules, serviceRules } from "./rules.js"
import { runningApp } from "./service.js"
import type { Stamp } from "./stamp.js"
import { compareBuilds } from "./twice.js"
import { watchApp } from "./watch.js"

export interface ImageWork {
  settings: Settings
  /** The app's own folder. */
  source: Directory
  stamp: Stamp
  secrets: ReadonlyMap<string, Secret>
  fresh: boolean
  twice: boolean
}

export interface ImageRun {
  result: ImageResult
  settings: Settings
  /** The image for the engine's own platform, or for the first configured one. */
  image: Container
  /** The OCI layout that was judged and is published, for all platforms. */
  layout: Directory
}

/** Builds the image, reads all layers, starts the service, and judges the evidence. */
export async function runImage({ settings, source, stamp, secrets, fresh, twice }: ImageWork): Promise<ImageRun> {
  const [recipe, digest, own] = await Promise.all([
    chooseRecipe(settings, source),
    source.digest(),
    dag.defaultPlatform(),
  ])
  const make = (fresh: string) => buildAll(settings, source, recipe, { stamp, secrets, fresh })

  const images = await step("build image", () => make(""))
  const [first] = images
  const finished = finishedImage(images, recipe, settings.image, stamp)
  const inspected = await step("read layers", () => inspectLayout(finished), outline)
  const runnable = images.find(({ platform }) => samePlatform(platform, own))
  const instance = createHash("sha256")
    .update(inspected.digest)
    .update(JSON.stringify([settings.image, settings.qa.services]))
    .digest("hex")
  const started = await step(
    "start service",
    () => start(settings, inspected, runnable, instance, fresh ? runId(new Date()) : ""),
    startOutline,
  )
  const reproducible = twice
    ? await step(
        "build again without cache",
        async () => {
          const second = finishedImage(await make(runId(new Date())), recipe, settings.image, stamp)
          return await compareBuilds(
            finished,
            second,
            recipe.kind === "dockerfile" && settings.image.timestamps === "kept",
          )
        },
        ({ kind }) => (kind === "yes" ? "identical" : kind === "times" ? "identical except for times" : "different"),
      )
    : ({ kind: "not-checked" } as const)

  if (first === undefined) throw new RangeError("no image was built")
  const rules = { ...contentRules(settings), ...serviceRules(settings) }
  return {
    settings,
    layout: finished.layout,
    image: (runnable ?? first).container,
    result: {
      app: settings.app.path,
      source: digest,
      tollgateVersion: version,
      recipe,
      stamp,
      rules,
      inspected,
      started,
      reproducible,
      problems: [
        ...judgeContent(inspected, rules, [...new Set(images.flatMap(({ runs }) => runs))]),
        ...judgeStarted(started, rules),
      ],
    },
  }
}

async function start(
  settings: Settings,
  inspected: InspectedImage,
  build: PlatformBuild | undefined,
  instance: string,
  run: string,
): Promise<Started> {
  const image = inspected.images.find(({ platform }) => build !== undefined && samePlatform(platform, build.platform))
  if (build === undefined || image === undefined)
    return {
      kind: "not-started",
      why: `image.platforms (${settings.image.platforms.join(", ")}) does not include this engine's platform`,
      next: "Add the engine's platform to image.platforms, or use an engine of one of these platforms.",
    }
  const { User, Entrypoint, Cmd } = image.config
  if ((Entrypoint ?? []).length + (Cmd ?? []).length === 0)
    return {
      kind: "not-started",
      why: "the image has neither ENTRYPOINT nor CMD",
      next: "Add a CMD to the Dockerfile that starts the service.",
    }
  const user = (User ?? "").split(":", 1)[0] ?? ""
  if (user !== "" && !/^\d+$/.test(user) && !image.users.some(({ name }) => name === user))
    return {
      kind: "not-started",
      why: `USER ${user} does not exist in the image`,
      next: "Create the user in the same stage, or use its numeric id.",
    }
  const began = Date.now()
  const seen = await watchApp(
    await runningApp(build.container, settings, `${instance} ${run}`, image.config.Shell ?? undefined),
    settings,
    run,
  )
  return { kind: "seen", platform: image.platform, seen, cached: Date.parse(seen.at) < began }
}

function outline({ images }: InspectedImage): string {
  return images
    .map((image) => `${image.platform} ${bytes(sizeOf(image))}, ${bytes(pullSizeOf(image))} to download`)
    .join("; ")
}

function startOutline(started: Started): string {
  if (started.kind === "not-started") return `not started: ${started.why}`
  const { seen, cached } = started
  const outcome =
    seen.healthyAfter !== null && seen.exit === null ? `healthy after ${duration(seen.healthyAfter)}` : "failed"
  return cached ? `${outcome} (cached from an earlier run)` : outcome
}
