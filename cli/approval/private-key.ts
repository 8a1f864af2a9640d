import type { KeyObject } from "node:crypto"
import { readPrivateKey } from "../../core/release/approval/key.js"
import { secretText } from "../environment/secret-text.js"

/** The private key of --key, with the passphrase of --passphrase. */
export async function privateKeyOf(options: { key: string; passphrase?: string | undefined }): Promise<KeyObject> {
  const passphrase = await passphraseOf(options)
  return readPrivateKey(await secretText(options.key, "--key"), passphrase)
}

/** Without the last line break of its file; null: --passphrase is not set. */
export async function passphraseOf({ passphrase }: { passphrase?: string | undefined }): Promise<string | null> {
  return passphrase === undefined ? null : (await secretText(passphrase, "--passphrase")).replace(/\r?\n$/, "")
}
