import type { z } from "zod"
import { deployGates, isRequired } from "../../core/config/gates.js"
import type { Settings } from "../../core/config/schema.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { Stamp } from "../../core/image/stamp.js"
import type { DeployRequest } from "../../core/release/deploy/request.js"
import { defaultVersion } from "../../core/release/session/default-version.js"
import { traitsOf } from "../../core/targets/registry.js"
import type { ToolName } from "../../dagger/engine/tools/tool.js"
import { postgresFor } from "../database/postgres-for.js"
import { secretText } from "../environment/secret-text.js"
import { committedSource, hostSource } from "../gate/host-source.js"
import { secretFrom } from "../gate/secret.js"
import { registryService } from "../image/registry-service.js"
import { caller } from "../ledger/caller.js"
import { sourceOfCommit } from "../migration-plan/running-source.js"
import type { planOptions } from "../options/release.js"
import { accessOf, optionalText } from "./access.js"

/** Options that say with what a deployment is made, and not of what. */
export type DeployMeans = Pick<
  z.output<typeof planOptions>,
  | "env"
  | "ledger"
  | "sshKey"
  | "sshPassphrase"
  | "secrets"
  | "gateSecrets"
  | "registryUser"
  | "registryPassword"
  | "registryService"
>

export interface DeploySource {
  /** A folder of this machine. */
  readonly folder: string
  /** Of its tollgate.yaml. */
  readonly settings: Settings
  readonly stamp: Stamp
  /** Empty: from the commit, else from the source. */
  readonly version: string
}

/** The engine's programs that the environment's target needs, for everything but a deployment. */
export function targetTools(settings: Settings, environment: string): ToolName[] {
  return [...traitsOf(environmentSettings(settings, environment).target).tools]
}

/** The engine's programs that a deployment needs. */
export function deployTools(settings: Settings, environment: string): ToolName[] {
  const { gates, migrations, target } = environmentSettings(settings, environment)
  const traits = traitsOf(target)
  const ofGates = deployGates.filter(({ name }) => isRequired(name, gates)).flatMap(({ tools }) => [...tools])
  const tools: ToolName[] = [...traits.tools, ...ofGates]
  if (migrations === "database" || (migrations === null && traits.migrates === "database"))
    tools.push(...postgresFor(settings.database.image))
  return tools
}

/**
 * Makes the request of a deployment from the command line's options.
 *
 * @param connect opens the engine
 */
export async function withDeployRequest<T>(
  options: DeployMeans,
  { folder, settings, stamp, version }: DeploySource,
  connect: (tools: readonly ToolName[], work: () => Promise<T>) => Promise<T>,
  work: (request: DeployRequest) => Promise<T>,
): Promise<T> {
  const { secrets, registryPassword } = options
  // read first: a wrong reference must change nothing
  const text = secrets === undefined ? null : await secretText(secrets, "--secrets")
  const password =
    registryPassword === undefined ? null : (await secretText(registryPassword, "--registry-password")).trim()
  const user = options.registryUser === "" ? (settings.image.registry.user ?? "") : options.registryUser
  const access = await accessOf(options, password === null ? null : { user, password: () => Promise.resolve(password) })
  const ledger = await optionalText(options.ledger, "--ledger")
  return await connect(deployTools(settings, options.env), async () => {
    const taken = hostSource(folder)
    return await work({
      source: taken,
      environment: options.env,
      version: version === "" ? await defaultVersion(stamp, taken) : version,
      caller: caller(process.env),
      why: "",
      stamp,
      sourceOf: async (revision) => {
        const running = sourceOfCommit(folder, revision)
        return running === null ? null : committedSource(running)
      },
      secrets: text === null ? null : () => Promise.resolve(text),
      access,
      ledger,
      notify: null,
      approvals: [],
      breakGlass: null,
      at: "",
      gateSecrets: options.gateSecrets === undefined ? undefined : secretFrom(options.gateSecrets),
      registry: {
        user: options.registryUser,
        password: registryPassword === undefined ? undefined : secretFrom(registryPassword),
        service: options.registryService === undefined ? undefined : registryService(options.registryService),
      },
    })
  })
}
