import { deployGates, type GateStep, gates } from "../../config/gates.js"
import { configDigest } from "../../environment/digest.js"
import type { GatePassed, JudgedDigest } from "../../gate/work.js"
import type { Done } from "../pipeline/step.js"
import { serviceVariables } from "../session/values.js"
import type { Deployment } from "./deployment.js"
import { imageGate, type PublishedImage, runGate } from "./gates.js"
import { requireSameBytes } from "./same-bytes.js"

/** What a release is configured with. */
export interface Configuration {
  readonly digest: string
  readonly values: ReadonlyMap<string, string>
}

export interface GatesPassed {
  readonly configuration: Configuration
  /** What the gates judged, which must be what is deployed. */
  readonly judged: readonly JudgedDigest[]
}

/** Runs the gates in their order. The configuration is read as soon as its gate has passed. */
export async function passGates(
  step: (name: GateStep, work: () => Promise<GatePassed>) => Promise<GatePassed>,
  deployment: Deployment,
): Promise<GatesPassed> {
  const { request, settings, known } = deployment
  const judged: JudgedDigest[] = []
  known.judged = judged
  let configuration: Promise<Configuration> | null = null
  const readOnce = () => (configuration ??= readConfiguration(deployment))
  for (const { name, deploy } of deployGates)
    await step(deploy.step, async () => {
      const passed = await runGate(name, request, settings)
      if (passed.kind === "done" && passed.judged !== undefined) judged.push(passed.judged)
      if (name === gates.config.name) await readOnce()
      return passed
    })
  return { configuration: await readOnce(), judged }
}

async function readConfiguration({ settings, request, session, known }: Deployment): Promise<Configuration> {
  const { environment, secrets, version } = request
  const values = await serviceVariables(settings, environment, session.place.variables, secrets)
  const digest = configDigest(environment, values)
  known.configDigest = digest
  const variable = settings.release.version?.variable
  // the version is not part of the approved configuration: it differs each time
  if (variable !== undefined) values.set(variable, version)
  return { digest, values }
}

/** Builds, judges and publishes the image, of the same source and bytes as the gates judged. */
export async function publishImage(
  { request, settings, session, service, known }: Deployment,
  judged: readonly JudgedDigest[],
): Promise<Done & { readonly image: PublishedImage }> {
  const published = await imageGate(request, settings, session.place, service)
  const { image } = published
  known.image = image
  requireSameBytes({ gates: judged, built: image.source, judged: image.judged, published: image.digest })
  return published
}
