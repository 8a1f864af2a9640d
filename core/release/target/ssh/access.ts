/** How a host is reached, and by what it knows us. */
export interface SshAccess {
  host: string
  port: number
  user: string
  /** In the format of OpenSSH's known_hosts. */
  knownHosts: string
  /** The name under which the host stands there, where it is not the one that is dialled: a tunnel's other end. */
  knownAs: { host: string; port: number } | null
  identity: SshIdentity
  /** A host on the way: the connection goes through it, as with `ssh -J`. */
  via?: SshAccess
}

export function addressText({ host, port }: { host: string; port: number }): string {
  return port === 22 ? host : `${host}:${port}`
}

export type SshIdentity =
  /** A private key, with its passphrase if it has one. Functions: they are in memory late. */
  | { kind: "key"; key: () => Promise<string>; passphrase: (() => Promise<string>) | null }
  /** The socket of an agent, as SSH_AUTH_SOCK names it. */
  | { kind: "agent"; socket: string }
