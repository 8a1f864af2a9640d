import { type Container, type Directory, dag, type Service } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { filledIn, serviceVariables } from "../../config/service-variables.js"
import type { ServicesSettings } from "../../config/services.js"
import type { SandboxSettings } from "../../config/target-sandbox.js"
import { pullImage } from "../compose/commands-image.js"
import { Host } from "../compose/host.js"
import { planOf, type ServicePlan } from "../compose/plan.js"
import { ComposeTarget } from "../compose/target.js"
import { TargetError } from "../errors.js"
import { SshConnection } from "../ssh/connection.js"
import type { RegistryLogin, Target } from "../target.js"
import { accessoriesOf, missingImages, startAccessories } from "./accessories.js"
import { pushToSandbox } from "./images.js"
import { type Identity, identityOf, machine, REGISTRY, REGISTRY_USER, SSH_PORT } from "./machine.js"
import type { Reach } from "./reach.js"
import { accessOf, type RunningSandbox } from "./running.js"
import { SANDBOX } from "./service.js"

/** A host like a rented one, inside the engine, with its own registry, Postgres and Redis. */
export interface JoinedSandbox {
  target: Target
  registryPassword: string
  /** Where its registry is, as it knows it. */
  registry: string
  login: RegistryLogin
  /** Puts an image or an OCI layout into its registry; returns it by its digest. */
  push: (image: Container | Directory, name: string) => Promise<string>
  /** The host itself, for tests. */
  host: Host
  connection: SshConnection
  /** The service's variables that name its Postgres and its Redis. */
  variables: ReadonlyMap<string, string>
}

/** One that this session runs. */
export interface Sandbox extends JoinedSandbox {
  /** What `up` shows. */
  service: Service
  identity: Identity
}

/**
 * Starts the sandbox, or finds it running in this session.
 *
 * @param name of its volumes: another name is another sandbox
 */
export async function openSandbox(
  settings: Settings,
  given: SandboxSettings,
  reach: Reach,
  name = SANDBOX,
): Promise<Sandbox> {
  const identity = await identityOf(name)
  const service = await machine(name)
  const address = await sayingWhy(identity, reach(service, SSH_PORT))
  const sandbox = sandboxAt(
    settings,
    given,
    new SshConnection(accessOf(address, identity), SANDBOX),
    identity.registryPassword,
    name,
  )
  await untilDockerAnswers(sandbox.host)
  await startServices(settings, given, sandbox)
  return { ...sandbox, service, identity }
}

/** One that another process runs, with its Postgres and its Redis. */
export function joinSandbox(
  settings: Settings,
  given: SandboxSettings,
  running: RunningSandbox,
  name = SANDBOX,
): JoinedSandbox {
  return sandboxAt(
    settings,
    given,
    new SshConnection(accessOf(running, running), SANDBOX),
    running.registryPassword,
    name,
  )
}

function sandboxAt(
  settings: Settings,
  given: SandboxSettings,
  connection: SshConnection,
  registryPassword: string,
  name: string,
): JoinedSandbox {
  const plan = planFor(settings, given)
  const host = new Host(connection, plan)
  return {
    target: new ComposeTarget(SANDBOX, [host], plan, "in-turn"),
    registryPassword,
    registry: REGISTRY,
    login: { user: REGISTRY_USER, password: () => Promise.resolve(registryPassword) },
    push: (image, reference) => pushToSandbox(name, registryPassword, image, reference),
    host,
    connection,
    variables: new Map([
      ...filledIn(settings.image.env, servicesOf(settings)),
      ...serviceVariables(servicesOf(settings)),
    ]),
  }
}

function planFor(settings: Settings, given: SandboxSettings): ServicePlan {
  return planOf(settings, {
    ...given,
    proxy: {
      ...given.proxy,
      image: `${REGISTRY}/${given.proxy.image}`,
      host: null,
      tls: false,
      httpPort: 80,
      httpsPort: 443,
    },
  })
}

function servicesOf(settings: Settings): ServicesSettings {
  return settings.image.services ?? settings.qa.services
}

async function startServices(
  settings: Settings,
  given: SandboxSettings,
  { host, push, registryPassword }: JoinedSandbox,
): Promise<void> {
  const plan = planFor(settings, given)
  const own = accessoriesOf(servicesOf(settings)).map((one) => ({ ...one, image: `${REGISTRY}/${one.image}` }))
  const missing = new Set(
    (await host.run(missingImages([plan.proxy.image, ...own.map(({ image }) => image)])))
      .split("\n")
      .filter((line) => line !== ""),
  )
  for (const image of missing) {
    const original = image.slice(REGISTRY.length + 1)
    await push(dag.container().from(original), original)
    await host.run(pullImage(plan, image, { user: REGISTRY_USER, password: registryPassword }))
  }
  await host.run(startAccessories(plan.network, own))
}

const BEATS_EVERY_SECONDS = 2
const PATIENCE_SECONDS = 10

/** The engine waits for another session's sandbox without a timeout, so say why. */
async function sayingWhy<Result>({ idle }: Identity, start: Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => {
    if (idle <= 2 * BEATS_EVERY_SECONDS)
      process.stderr.write(
        "The sandbox is in use by another session of the engine, such as `sandbox up`. Waiting for it to end.\n",
      )
  }, PATIENCE_SECONDS * 1000)
  try {
    return await start
  } finally {
    clearTimeout(timer)
  }
}

/** sshd answers before dockerd does. */
async function untilDockerAnswers(host: Host): Promise<void> {
  const script =
    "tries=0; until docker version >/dev/null 2>&1; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 1; sleep 0.2; done"
  try {
    await host.run({ what: "wait for Docker", script, seconds: 90 })
  } catch (error) {
    if (!(error instanceof TargetError) || error.kind === "cut") throw error
    throw new TargetError(
      "failed",
      SANDBOX,
      "Docker did not start in the sandbox.",
      "Allow privileged containers in the engine's configuration (insecure-root-capabilities).",
    )
  }
}
