import type { ComposeSettings } from "../../config/target-compose.js"
import { TollgateError } from "../../shared/errors.js"
import type { TargetKind } from "../kind.js"
import { addressText, type SshAccess, type SshIdentity } from "../ssh/access.js"

/** Hosts with Docker, reached over SSH. */
export const compose: TargetKind<ComposeSettings> = {
  inEngine: false,
  tools: [],
  keepsLedger: false,
  migrates: "database",
  open: async ({ settings, environment, given, access }) => {
    const { ssh } = access
    if (ssh === null)
      throw new TollgateError(
        "ssh-key-missing",
        `No SSH key for ${environment}.`,
        "Pass --ssh-key=file:PATH, env:NAME or op://…; the command line also uses the keys of your SSH agent.",
      )
    const [{ Host }, { planOf }, { ComposeTarget }, { SshConnection }] = await Promise.all([
      import("./host.js"),
      import("./plan.js"),
      import("./target.js"),
      import("../ssh/connection.js"),
    ])
    const plan = planOf(settings, given)
    const hosts = given.hosts.map(
      ({ host, port }) =>
        new Host(
          new SshConnection(accessTo({ host, port, user: given.user }, given, ssh), addressText({ host, port })),
          plan,
        ),
    )
    return {
      target: new ComposeTarget(hosts.map(({ place }) => place).join(", "), hosts, plan, given.order),
      login: access.registry,
      variables: new Map(),
      publish: null,
      postgres: null,
    }
  },
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
