import type { Settings } from "../../config/schema.js"
import { checkConfig, EXAMPLE_FILE, environmentSettings } from "../../environment/check.js"
import { configScreen } from "../../environment/screen.js"
import { GateFailed } from "../../gate/failed.js"
import { sizeOf } from "../../image/judge-content.js"
import { proveImage } from "../../image/prove.js"
import { publisher, publishLayout, requireTarget } from "../../image/publish.js"
import { imagePassed } from "../../image/result.js"
import type { ImageRun } from "../../image/run.js"
import { imageScreen } from "../../image/screen.js"
import { TollgateError } from "../../shared/errors.js"
import { bytes, count, shortDigest } from "../../shared/figures.js"
import type { Place } from "../../targets/kind.js"
import type { Done } from "../pipeline/step.js"
import type { DeployRequest } from "./request.js"

/** The gates before a deployment: the same as those of their own commands. */

export async function configGate({ source, environment, secrets }: DeployRequest, settings: Settings): Promise<Done> {
  const { variables } = environmentSettings(settings, environment)
  if (secrets === null) {
    const required = variables.filter(({ need, default: value }) => need === "required" && value === null)
    if (required.length === 0)
      return { kind: "skipped", note: "this environment requires no variable, and --secrets is not set" }
    throw new TollgateError(
      "config-missing",
      `${environment} needs ${count(required.length, "variable")}, but --secrets is not set.`,
      "Pass its configuration with --secrets=env:NAME or file:PATH. Nothing was changed.",
    )
  }
  const { path } = settings.app
  const example = path === "." ? EXAMPLE_FILE : `${path}/${EXAMPLE_FILE}`
  const text = (await source.exists(example)) ? await source.file(example).contents() : null
  const result = checkConfig(settings, environment, { given: await secrets(), against: null, example: text })
  if (result.verdict.kind === "failed")
    throw new GateFailed(
      "config",
      configScreen(result, { report: "`tollgate check-config --report=FILE` writes the full report" }),
    )
  return { kind: "done", note: `${count(result.variables.length, "variable")} passed` }
}

export async function ecpayGate({ environment, secrets }: DeployRequest, settings: Settings): Promise<Done> {
  const { gates, variables } = environmentSettings(settings, environment)
  if (!gates.includes("ecpay")) return { kind: "skipped", note: `environments.${environment}.gates does not list it` }
  if (secrets === null || !variables.some(({ name }) => name === "ECPAY_HASH_KEY"))
    return { kind: "skipped", note: "this environment has no ECPay credentials of its own" }
  const [{ checkEcpay }, { ecpayScreen }] = await Promise.all([
    import("../../ecpay/check.js"),
    import("../../ecpay/screen.js"),
  ])
  const result = await checkEcpay(settings, environment, await secrets())
  if (result.verdict.kind === "failed") throw new GateFailed("ecpay", ecpayScreen(result))
  return { kind: "done", note: `${result.endpoint} answered, signed with the same key` }
}

export async function qaGate(
  { source, environment, gateSecrets }: DeployRequest,
  settings: Settings,
): Promise<Done & { source: string | null }> {
  if (!environmentSettings(settings, environment).gates.includes("qa"))
    return { kind: "skipped", note: `environments.${environment}.gates does not list it`, source: null }
  const [{ proveSource }, { isProven }, { summary }] = await Promise.all([
    import("../../qa/prove.js"),
    import("../../qa/result.js"),
    import("../../report/summary.js"),
  ])
  const { result } = await proveSource(source, { suites: [], run: "", secrets: gateSecrets })
  if (!isProven(result))
    throw new GateFailed("qa", summary(result, { report: "`tollgate test` writes the full report" }))
  const tests = result.suites.reduce((sum, { counts }) => sum + counts.tests, 0)
  const earlier = result.suites.every(({ cached }) => cached) ? ", evidence of an earlier run of the same source" : ""
  return {
    kind: "done",
    note: `${count(result.suites.length, "suite")} passed, ${count(tests, "test")}${earlier}`,
    detail: { source: result.source },
    source: result.source,
  }
}

export async function scanGate(
  { source, environment, gateSecrets, stamp }: DeployRequest,
  settings: Settings,
): Promise<Done & { image: string | null }> {
  if (!environmentSettings(settings, environment).gates.includes("scan"))
    return { kind: "skipped", note: `environments.${environment}.gates does not list it`, image: null }
  const [{ scanSource }, { scanPassed }, { scanScreen }] = await Promise.all([
    import("../../scan/prove.js"),
    import("../../scan/result.js"),
    import("../../scan/screen.js"),
  ])
  const { result } = await scanSource(source, { run: "", baseline: null, stamp, secrets: gateSecrets, now: new Date() })
  if (!scanPassed(result))
    throw new GateFailed("scan", scanScreen(result, { report: "`tollgate scan` writes the full report" }))
  return { kind: "done", note: "passed", image: result.image }
}

export interface PublishedImage {
  /** name@sha256:… */
  readonly reference: string
  readonly digest: string
  /** Unpacked. */
  readonly bytes: number
  /** Digests of the image that passed, and of its platforms' images. */
  readonly judged: readonly string[]
  /** Digest of the source that it was built from. */
  readonly source: string
}

/** Builds, judges and publishes the image. same-bytes.ts compares what was judged with what is deployed. */
export async function imageGate(
  request: DeployRequest,
  settings: Settings,
  place: Place,
  service: string,
): Promise<Done & { image: PublishedImage }> {
  const { source, version, stamp, gateSecrets: secrets } = request
  // refuse wrong registry settings before the build
  const publish = publisherFor(request, settings, place)
  const run = await proveImage(source, { stamp, fresh: false, twice: false, secrets })
  if (!imagePassed(run.result))
    throw new GateFailed("image", imageScreen(run.result, { report: "`tollgate build` writes the full report" }))
  const { inspected } = run.result
  const written = await publish(run, `${service}:${version}`)
  // a tag can move: the digest names what is deployed
  const reference = written.replace(/:[^:/@]+@/, "@")
  const image = {
    reference,
    digest: reference.slice(reference.indexOf("@") + 1),
    bytes: Math.max(0, ...inspected.images.map(sizeOf)),
    judged: [inspected.digest, ...inspected.images.map(({ digest }) => digest)],
    source: run.result.source,
  }
  return {
    kind: "done",
    note: `${shortDigest(image.digest)}, ${bytes(image.bytes)}, published as ${version}`,
    detail: { reference },
    image,
  }
}

/** Into the target's own registry, or as image.name. */
function publisherFor(
  { source, version, registry }: DeployRequest,
  settings: Settings,
  { publish }: Place,
): (run: ImageRun, name: string) => Promise<string> {
  if (publish !== null) return ({ layout }, name) => publish(layout, name)
  const destination = { tag: version, user: registry.user, password: registry.password, service: registry.service }
  const target = requireTarget(settings, destination)
  return async ({ layout, result }) =>
    publishLayout(
      await publisher(source, settings.image.registry.ca),
      settings,
      layout,
      result.inspected.digest,
      target,
      destination,
    )
}
