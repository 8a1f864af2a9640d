import type { Settings } from "../config/schema.js"
import { namesDatabase } from "../database/connect/secrets-of-database.js"
import { type RegistryLogin, registryLogin } from "./registry-login.js"

/** What a wrapper must pass on: everything else is decided inside. */
export interface Wrapper {
  /** Address of Tollgate's module. */
  module: string
  /** Version of the dagger CLI. */
  dagger: string
  /** Whether a gate needs a secret. */
  gateSecrets: boolean
  /** Where an image is pushed; null: nowhere. */
  registry: RegistryLogin | null
  notify: boolean
  deployments: readonly Deployment[]
}

export interface Deployment {
  environment: string
  /** The branch whose pushes are deployed. */
  branch: string
  approvals: number
}

/** The branch of each environment that has one: others are deployed by hand. */
const BRANCHES: readonly (readonly [environment: string, branch: string])[] = [
  ["staging", "develop"],
  ["production", "main"],
]

export function wrapperOf(settings: Settings, { module, dagger }: Pick<Wrapper, "module" | "dagger">): Wrapper {
  const { app, qa, image, database, load, notifications, environments } = settings
  const secrets = [
    ...app.dependencies.secrets,
    ...qa.secrets,
    ...image.buildSecrets,
    ...database.secrets.filter((name) => !namesDatabase(name)),
    ...(load?.secrets ?? []),
  ]
  return {
    module,
    dagger,
    gateSecrets: secrets.length > 0,
    registry: image.name === undefined ? null : registryLogin(image.name),
    notify: [notifications.slack, notifications.webhook, notifications.email].some((channel) => channel !== undefined),
    deployments: BRANCHES.flatMap(([environment, branch]) => {
      const found = environments[environment]
      return found === undefined || found.target.kind === "none"
        ? []
        : [{ environment, branch, approvals: found.approvals.required }]
    }),
  }
}

/** Names of the variables that the CI's secrets come in: the same in every CI. */
export const VARIABLES = {
  gates: "TOLLGATE_GATE_SECRETS",
  config: "TOLLGATE_CONFIG",
  ledger: "TOLLGATE_LEDGER",
  sshKey: "TOLLGATE_SSH_KEY",
  registryUser: "TOLLGATE_REGISTRY_USER",
  registryPassword: "TOLLGATE_REGISTRY_PASSWORD",
  notify: "TOLLGATE_NOTIFY",
} as const

/** Arguments of every call that runs gates. */
export function gateArguments({ gateSecrets }: Wrapper): string[] {
  return gateSecrets ? [`--secrets=env:${VARIABLES.gates}`] : []
}

/** Where a CI has what the command line reads from Git, as words of the shell. */
export interface Stamped {
  /** The commit. */
  revision: string
  /** Folder with the commit's Git. */
  repository: string
  sourceUrl: string
}

/** The image's labels. Without one of them the image, its digest and a plan of it are others than a laptop's. */
export function stampArguments({ revision, repository, sourceUrl }: Stamped): string {
  return `--revision=${revision} --created="$(git -C ${repository} log -1 --format=%cI)" --source-url=${sourceUrl}`
}

/** Arguments of every call that reaches an environment. */
export function accessArguments({ notify }: Wrapper): string[] {
  return [
    `--ledger=env:${VARIABLES.ledger}`,
    `--ssh-key=env:${VARIABLES.sshKey}`,
    ...(notify ? [`--notify=env:${VARIABLES.notify}`] : []),
  ]
}

export function deployArguments(wrapper: Wrapper): string[] {
  return [...planArguments(wrapper), ...(wrapper.notify ? [`--notify=env:${VARIABLES.notify}`] : [])]
}

export function planArguments(wrapper: Wrapper): string[] {
  return [
    `--secrets=env:${VARIABLES.config}`,
    ...accessArguments({ ...wrapper, notify: false }),
    ...(wrapper.gateSecrets ? [`--gate-secrets=env:${VARIABLES.gates}`] : []),
    ...(wrapper.registry !== null
      ? [`--registry-user="$${VARIABLES.registryUser}"`, `--registry-password=env:${VARIABLES.registryPassword}`]
      : []),
  ]
}

/** The variables of these arguments, without the login of the registry. */
export function secretsOf(wrapper: Wrapper, what: "gates" | "access" | "deploy"): string[] {
  const gates = wrapper.gateSecrets ? [VARIABLES.gates] : []
  const access = [VARIABLES.ledger, VARIABLES.sshKey, ...(wrapper.notify ? [VARIABLES.notify] : [])]
  switch (what) {
    case "gates":
      return gates
    case "access":
      return access
    case "deploy":
      return [VARIABLES.config, ...access, ...gates]
  }
}

export const HEADER =
  "Made by `tollgate init`; `tollgate init --check` compares. It holds no logic: a laptop makes the same calls."
