import type { SshAccess } from "../ssh/access.js"
import type { Identity } from "./machine.js"

/** A sandbox that another process keeps running, and how it is reached from this machine. */
export interface RunningSandbox {
  /** Where its sshd answers. */
  readonly host: string
  readonly port: number
  readonly hostKey: string
  readonly clientKey: string
  readonly registryPassword: string
}

export function accessOf(
  address: { host: string; port: number },
  { hostKey, clientKey }: Pick<Identity, "hostKey" | "clientKey">,
): SshAccess {
  return {
    host: address.host,
    port: address.port,
    user: "root",
    knownHosts: `sandbox ${hostKey}\n`,
    knownAs: { host: "sandbox", port: 22 },
    identity: { kind: "key", key: () => Promise.resolve(clientKey), passphrase: null },
  }
}
