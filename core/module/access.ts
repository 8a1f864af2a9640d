import type { Secret } from "@dagger.io/dagger"
import type { Access } from "../targets/kind.js"

export interface SshKeys {
  sshKey?: Secret | undefined
  sshPassphrase?: Secret | undefined
}

/** What a function has for logging in. */
export function accessBy({ sshKey, sshPassphrase }: SshKeys, registry: Access["registry"] = null): Access {
  const ssh =
    sshKey === undefined
      ? null
      : {
          kind: "key" as const,
          key: () => sshKey.plaintext(),
          passphrase:
            sshPassphrase === undefined ? null : async () => (await sshPassphrase.plaintext()).replace(/\r?\n$/, ""),
        }
  return { ssh, registry }
}
