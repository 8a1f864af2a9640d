import { type DeployGate, isRequired } from "../../config/gates.js"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { GateFailed } from "../../gate/failed.js"
import type { DeployGateRequest, GatePassed } from "../../gate/work.js"
import { sizeOf } from "../../image/judge-content.js"
import { proveImage } from "../../image/prove.js"
import { publisher, publishLayout, requireTarget } from "../../image/publish.js"
import { imagePassed } from "../../image/result.js"
import type { ImageRun } from "../../image/run.js"
import { imageScreen } from "../../image/screen.js"
import { bytes, shortDigest } from "../../shared/figures.js"
import type { Place } from "../../targets/kind.js"
import type { Done } from "../pipeline/step.js"
import { works } from "./gate-works.js"
import type { DeployRequest } from "./request.js"

/** A gate before a deployment: the same as the one of its own command. */
export async function runGate(gate: DeployGate, request: DeployGateRequest, settings: Settings): Promise<GatePassed> {
  const { gates: required } = environmentSettings(settings, request.environment)
  if (!isRequired(gate, required))
    return { kind: "skipped", note: `environments.${request.environment}.gates does not list it` }
  const { deployWork } = await works[gate]()
  return await deployWork(request, settings)
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
