import { dag, type Service } from "@dagger.io/dagger"
import type { Settings } from "../../../config/schema.js"
import type { SandboxSettings } from "../../../config/target.js"
import { pullImage } from "../compose/commands-image.js"
import { Host } from "../compose/host.js"
import { planOf } from "../compose/plan.js"
import { ComposeTarget } from "../compose/target.js"
import { TargetError } from "../errors.js"
import { SshConnection } from "../ssh/connection.js"
import type { RegistryLogin, Target } from "../target.js"
import { accessoriesOf, accessoryVariables, missingImages, startAccessories } from "./accessories.js"
import type { Door } from "./door.js"
import { pushToSandbox } from "./images.js"
import { type Identity, identityOf, machine, REGISTRY, REGISTRY_USER, SSH_PORT } from "./machine.js"
import { SANDBOX } from "./service.js"

/** A host as a team would rent one, inside the engine, with its own registry, Postgres and Redis. */
export interface Sandbox {
  target: Target
  /** What `up` shows. */
  service: Service
  identity: Identity
  /** Where its registry is, as it knows it. */
  registry: string
  login: RegistryLogin
  /** Puts an image into its registry; returns it by its digest. */
  push: (image: ReturnType<typeof dag.container>, name: string) => Promise<string>
  /** The host itself, for who wants to look at it. */
  host: Host
  connection: SshConnection
  /** The service's variables that name its Postgres and its Redis. */
  variables: ReadonlyMap<string, string>
}

/**
 * Starts the sandbox, or finds it running in this session.
 *
 * @param name of its volumes: another name is another sandbox
 */
export async function openSandbox(settings: Settings, given: SandboxSettings, door: Door, name = SANDBOX): Promise<Sandbox> {
  const identity = await identityOf(name)
  const service = await machine(name)
  const address = await sayingWhy(identity, door(service, SSH_PORT))
  const connection = new SshConnection(
    {
      ...address,
      user: "root",
      knownHosts: `sandbox ${identity.hostKey}\n`,
      knownAs: { host: "sandbox", port: 22 },
      identity: { kind: "key", key: () => Promise.resolve(identity.clientKey), passphrase: null },
    },
    SANDBOX,
  )
  const services = settings.image.services ?? settings.qa.services
  const plan = planOf(settings, { ...given, proxy: { ...given.proxy, image: `${REGISTRY}/${given.proxy.image}`, host: null, tls: false, httpPort: 80, httpsPort: 443 } })
  const host = new Host(connection, plan)
  const login = { user: REGISTRY_USER, password: () => Promise.resolve(identity.registryPassword) }
  await untilDockerAnswers(host)
  const accessories = accessoriesOf(services)
  const own = accessories.map((one) => ({ ...one, image: `${REGISTRY}/${one.image}` }))
  const missing = new Set((await host.run(missingImages([plan.proxy.image, ...own.map(({ image }) => image)]))).split("\n").filter((line) => line !== ""))
  for (const image of missing) {
    const original = image.slice(REGISTRY.length + 1)
    await pushToSandbox(name, identity, dag.container().from(original), original)
    await host.run(pullImage(plan, image, { user: login.user, password: identity.registryPassword }))
  }
  await host.run(startAccessories(plan.network, own))
  return {
    target: new ComposeTarget(SANDBOX, [host], plan, "in-turn"),
    service,
    identity,
    registry: REGISTRY,
    login,
    push: (image, reference) => pushToSandbox(name, identity, image, reference),
    host,
    connection,
    variables: new Map([...Object.entries(settings.image.env), ...accessoryVariables(services)]),
  }
}

const BEATS_EVERY_SECONDS = 2
const PATIENCE_SECONDS = 10

/** Another session's sandbox is waited for without end: whoever waits must know what for. */
async function sayingWhy<Result>({ idle }: Identity, start: Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => {
    if (idle <= 2 * BEATS_EVERY_SECONDS) process.stderr.write("the sandbox: in use by another session of the engine, such as `sandbox up`; waiting until that ends\n")
  }, PATIENCE_SECONDS * 1000)
  try {
    return await start
  } finally {
    clearTimeout(timer)
  }
}

/** Its sshd answers before its dockerd does. */
async function untilDockerAnswers(host: Host): Promise<void> {
  const script = "tries=0; until docker version >/dev/null 2>&1; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 1; sleep 0.2; done"
  try {
    await host.run({ what: "wait for Docker", script, seconds: 90 })
  } catch (error) {
    if (!(error instanceof TargetError) || error.kind === "cut") throw error
    throw new TargetError("failed", SANDBOX, "Docker does not start inside the engine.", "Its engine must allow privileged containers (insecure-root-capabilities).")
  }
}
