import type { Directory, Secret } from "@dagger.io/dagger"
import { readPrivateKey } from "../release/approval/key.js"
import { closeReview } from "../release/approval/review-ledger.js"
import { withModuleLedger } from "./open-ledger.js"

export { approveSource as approve } from "../release/approval/approve-source.js"

export interface ModuleReview {
  env: string
  release: string
  key: Secret
  approver: string
  reason: string
  who: string
  ledger: Secret | undefined
  passphrase: Secret | undefined
}

export async function review(
  source: Directory,
  { env: environment, key, passphrase, ledger: secret, who, ...given }: ModuleReview,
): Promise<string> {
  const words = passphrase === undefined ? null : (await passphrase.plaintext()).replace(/\r?\n$/, "")
  const opened = readPrivateKey(await key.plaintext(), words)
  return withModuleLedger(source, secret, environment, (ledger, settings) =>
    closeReview(settings, { ...given, environment, key: opened, who: who === "" ? "dagger call" : who }, ledger),
  )
}
