import type { Settings } from "../../config/schema.js"
import type { ComposeSettings } from "../../config/target.js"
import { environmentSettings } from "../../environment/check.js"
import { TollgateError } from "../../shared/errors.js"
import { step } from "../../shared/progress.js"
import type { JoinedSandbox } from "../target/sandbox/open.js"
import { addressText, type SshAccess, type SshIdentity } from "../target/ssh/access.js"
import type { RegistryLogin, Target } from "../target/target.js"
import type { ReleaseEntryPoint } from "./entry-point.js"

/** An environment's target, with its sandbox and registry login. */
export interface Place {
  readonly target: Target
  /** null: a target of the team's own. */
  readonly sandbox: JoinedSandbox | null
  /** For the hosts' image pulls; null: the registry needs no login. */
  readonly login: RegistryLogin | null
}

export interface Access {
  /** SSH key or agent; null: none. The sandbox needs none. */
  readonly ssh: SshIdentity | null
  readonly registry: RegistryLogin | null
}

/** Each kind of target is loaded on demand: a rollback over SSH must not wait for the engine's modules. */
export async function openPlace(
  settings: Settings,
  environment: string,
  entryPoint: ReleaseEntryPoint,
  access: Access,
  sandboxName?: string,
): Promise<Place> {
  const { target } = environmentSettings(settings, environment)
  switch (target.kind) {
    case "none":
      throw new TollgateError(
        "target-none",
        `environments.${environment} of tollgate.yaml has no target.`,
        `Add environments.${environment}.target with its hosts. Only the environment sandbox works without.`,
      )
    case "sandbox": {
      const { joinSandbox, openSandbox } = await import("../target/sandbox/open.js")
      const running = await entryPoint.running(sandboxName)
      const sandbox =
        running === null
          ? await step(
              "start the sandbox",
              () => openSandbox(settings, target, entryPoint.reach, sandboxName),
              () =>
                entryPoint.kind === "cli" ? "done; `tollgate sandbox` keeps it running for later commands" : "done",
            )
          : joinSandbox(settings, target, running, sandboxName)
      return { target: sandbox.target, sandbox, login: sandbox.login }
    }
    case "compose":
      return {
        target: await openHosts(settings, environment, target, access.ssh),
        sandbox: null,
        login: access.registry,
      }
  }
}

async function openHosts(
  settings: Settings,
  environment: string,
  given: ComposeSettings,
  ssh: SshIdentity | null,
): Promise<Target> {
  if (ssh === null)
    throw new TollgateError(
      "ssh-key-missing",
      `No SSH key for ${environment}.`,
      "Pass --ssh-key=file:PATH, env:NAME or op://…; the command line also uses the keys of your SSH agent.",
    )
  const [{ Host }, { planOf }, { ComposeTarget }, { SshConnection }] = await Promise.all([
    import("../target/compose/host.js"),
    import("../target/compose/plan.js"),
    import("../target/compose/target.js"),
    import("../target/ssh/connection.js"),
  ])
  const plan = planOf(settings, given)
  const hosts = given.hosts.map(({ host, port }) => {
    return new Host(
      new SshConnection(accessTo({ host, port, user: given.user }, given, ssh), addressText({ host, port })),
      plan,
    )
  })
  return new ComposeTarget(hosts.map(({ place }) => place).join(", "), hosts, plan, given.order)
}

/** The last jump host opens the connection. */
function accessTo(
  to: { host: string; port: number; user: string },
  { jump, knownHosts }: ComposeSettings,
  identity: SshIdentity,
): SshAccess {
  return (
    [...jump, to].reduce<SshAccess | null>(
      (via, hop) => ({ ...hop, knownHosts, knownAs: null, identity, ...(via === null ? {} : { via }) }),
      null,
    ) ?? { ...to, knownHosts, knownAs: null, identity }
  )
}
