/** How to connect to a host, and with which key. */
export interface SshAccess {
  host: string
  port: number
  user: string
  /** In the format of OpenSSH's known_hosts. */
  knownHosts: string
  /** The host's name in knownHosts, where it differs from the dialled one: through a tunnel. */
  knownAs: { host: string; port: number } | null
  identity: SshIdentity
  /** A jump host, as with `ssh -J`. */
  via?: SshAccess
}

export function addressText({ host, port }: { host: string; port: number }): string {
  return port === 22 ? host : `${host}:${port}`
}

export type SshIdentity =
  /** A private key with an optional passphrase. Functions, so that they are read late. */
  | { kind: "key"; key: () => Promise<string>; passphrase: (() => Promise<string>) | null }
  /** The agent's socket: SSH_AUTH_SOCK. */
  | { kind: "agent"; socket: string }
