import { createHash } from "node:crypto"
import type { Container, Directory, Secret } from "@dagger.io/dagger"
import { chosenNames } from "../config/chosen-names.js"
import type { LoadSettings } from "../config/load.js"
import type { Settings } from "../config/schema.js"
import { buildImage } from "../image/build.js"
import { readBuildSecrets } from "../image/build-secrets.js"
import { APP_HOST, runningApp, STATE_PORT } from "../image/service.js"
import { noStamp } from "../image/stamp.js"
import { readSecrets } from "../secrets/dotenv.js"
import { TollgateError } from "../shared/errors.js"
import { count, duration } from "../shared/figures.js"
import { namingNoSpace } from "../shared/no-space.js"
import { step } from "../shared/progress.js"
import { version } from "../shared/version.js"
import { appFolder, readSettings } from "../source.js"
import { originOf, requireMayBeLoaded } from "./address.js"
import { generateLoad, type LoadRun, type Traffic } from "./generator.js"
import { judgeLoad } from "./judge.js"
import { type LoadPlan, loadPlan, volumeOf } from "./plan.js"
import { isPassed, type LoadResult, type LoadTarget, reasonsOf } from "./result.js"

/** Seconds for the commands of image.before and load.before together. */
const BEFORE_TIMEOUT = 600

export interface LoadRequest {
  /** Empty for all scenarios of tollgate.yaml. */
  scenarios: string[]
  /** Id of this run. The same id returns the cached result. */
  run: string
  /** Empty to build and load the image. */
  url: string
  /** Host of `url`, if load.staging does not list it. */
  confirm: string
  /** Dotenv text. */
  secrets: Secret | undefined
  /** Binds the service behind `url` to the generator, if it runs in the engine. */
  client?: (container: Container) => Container
}

export interface LoadProof {
  result: LoadResult
  run: LoadRun
}

/** Runs a load test for a source. Used by the module and by the command line. */
export async function proveLoad(source: Directory, request: LoadRequest): Promise<LoadProof> {
  const settings = await readSettings(source)
  const { load } = settings
  if (load === undefined)
    throw new TollgateError(
      "load-missing",
      "tollgate.yaml has no section `load`.",
      "Add one: docs/load.md has a minimal example.",
    )
  const names = chosenNames("scenario", Object.keys(load.scenarios), request.scenarios)
  const baseUrl = request.url === "" ? `http://${APP_HOST}:${settings.image.port}` : originOf(request.url)
  const plan = loadPlan(load, names, { baseUrl, run: request.run })
  if (request.url !== "") requireMayBeLoaded(plan, load.staging, request.confirm)
  const secrets = await readSecrets(request.secrets, load.secrets, "load.secrets")
  return namingNoSpace("the engine's disk", async () => {
    const { target, digest, ...traffic } =
      request.url === "" ? await builtImage(source, settings, load, request) : deployed(baseUrl, request.client)
    const { requests, seconds } = volumeOf(plan)
    const run = await step(
      `load ${target.name}: up to ${count(requests, "request")} in ${duration(seconds)}`,
      () => generateLoad({ plan, secrets, ...traffic }),
      (run) => outline(resultOf(plan, target, digest, load, run)),
    )
    return { result: resultOf(plan, target, digest, load, run), run }
  })
}

type Where = Pick<Traffic, "service" | "client"> & { target: LoadTarget; digest: string | null }

async function builtImage(
  source: Directory,
  settings: Settings,
  load: LoadSettings,
  { run, secrets: bundle }: LoadRequest,
): Promise<Where> {
  const { image } = settings
  const [app, secrets] = await Promise.all([appFolder(source, settings), readBuildSecrets(bundle, image.buildSecrets)])
  const [digest, built] = await Promise.all([
    app.digest(),
    step("build the image", () => buildImage(settings, app, noStamp, secrets)),
  ])
  const underLoad: Settings = {
    ...settings,
    image: { ...image, env: { ...image.env, ...load.env }, before: [...image.before, ...load.before] },
  }
  const cacheKey = createHash("sha256").update(digest).update(JSON.stringify(settings)).update(run).digest("hex")
  // a health check that runs twice a second would affect the measurement
  const running = await runningApp(built.withoutDockerHealthcheck(), underLoad, `load ${cacheKey}`)
  return {
    target: { kind: "image", name: settings.app.path },
    digest,
    service: {
      healthPath: image.health,
      startTimeout: image.startTimeout,
      beforeTimeout: BEFORE_TIMEOUT,
      statePort: STATE_PORT,
    },
    client: (container) => running.client(container),
  }
}

function deployed(baseUrl: string, client: LoadRequest["client"]): Where {
  return {
    target: { kind: "url", name: baseUrl },
    digest: null,
    service: null,
    client: client ?? ((container) => container),
  }
}

function resultOf(
  plan: LoadPlan,
  target: LoadTarget,
  source: string | null,
  load: LoadSettings,
  { measurement, k6 }: LoadRun,
): LoadResult {
  const measured = "lost" in measurement ? null : measurement
  const run = measured?.run ?? null
  return {
    tollgateVersion: version,
    target,
    source,
    run: plan.run,
    startedAt: measured?.startedAt ?? new Date().toISOString(),
    plan,
    volume: volumeOf(plan),
    notRun: Object.keys(load.scenarios).filter((name) => plan.scenarios.every((scenario) => scenario.name !== name)),
    serviceOutput: measured?.service?.output ?? "",
    generator: {
      end: run?.end ?? null,
      seconds: run?.seconds ?? 0,
      cpu: run?.cpu ?? null,
      lastLines: run?.lastLines ?? [],
    },
    ...judgeLoad(plan, measurement, k6),
  }
}

function outline(result: LoadResult): string {
  if (isPassed(result)) return "passed"
  return `FAILED, ${count(reasonsOf(result).length, "reason")}`
}
