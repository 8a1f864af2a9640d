import type { Settings } from "../../config/schema.js"
import type { ComposeSettings, TargetSettings } from "../../config/target.js"
import { TollgateError } from "../../errors.js"
import { Host } from "./compose/host.js"
import { planOf } from "./compose/plan.js"
import { ComposeTarget } from "./compose/target.js"
import type { Door } from "./sandbox/door.js"
import { openSandbox, type Sandbox } from "./sandbox/open.js"
import type { SshIdentity } from "./ssh/access.js"
import { SshConnection } from "./ssh/connection.js"
import type { Target } from "./target.js"

export interface TargetAccess {
  /** How the sandbox is reached: differs between a function of the module and a command on the host. */
  door: Door
  /** null: nobody gave one. The sandbox needs none. */
  identity: SshIdentity | null
}

export type OpenTarget =
  | { kind: "sandbox"; target: Target; sandbox: Sandbox }
  | { kind: "compose"; target: Target }

/** The place where an environment's releases run. No connection is made to a host before something is asked of it. */
export async function openTarget(settings: Settings, environment: string, access: TargetAccess): Promise<OpenTarget> {
  const given: TargetSettings = settings.environments[environment]?.target ?? { kind: "none" }
  switch (given.kind) {
    case "none":
      throw new TollgateError(
        "target-none",
        `The environment ${environment} has no target: tollgate.yaml does not say where its releases run.`,
        `Add \`target: { hosts: [...] }\` under environments.${environment}, or try it in the sandbox with --env=sandbox.`,
      )
    case "sandbox": {
      const sandbox = await openSandbox(settings, given, access.door)
      return { kind: "sandbox", target: sandbox.target, sandbox }
    }
    case "compose":
      return { kind: "compose", target: composeTarget(settings, given, requireIdentity(access.identity)) }
  }
}

function requireIdentity(identity: SshIdentity | null): SshIdentity {
  if (identity !== null) return identity
  throw new TollgateError("target-no-key", "No SSH key was given for the target's hosts.", "Give one with --ssh-key=file:PATH, env:NAME, op://… or vault://…; on a machine with an SSH agent, the command line tool uses that.")
}

export function composeTarget(settings: Settings, given: ComposeSettings, identity: SshIdentity): Target {
  const plan = planOf(settings, given)
  const hosts = given.hosts.map(({ host, port }) => {
    const place = port === 22 ? host : `${host}:${port}`
    return new Host(new SshConnection({ host, port, user: given.user, knownHosts: given.knownHosts, knownAs: null, identity }, place), plan)
  })
  return new ComposeTarget(hosts.map(({ place }) => place).join(", "), hosts, plan, given.order)
}
