import type { Secret } from "@dagger.io/dagger"
import { TollgateError } from "../../shared/errors.js"
import type { BackupContext } from "./backup.js"
import type { BackupFile } from "./backup-file.js"
import { runScript, withAge } from "./programs.js"

/** A backup's dump, ready for pg_restore in a container that has the workplace. */
export interface OpenBackup {
  path: string
  sha256: string
  /** Removes what was copied or decrypted for this. */
  close(): Promise<void>
}

/** Fetches a backup, sees that it is what it was when it was made, and decrypts it. Nothing of a database is touched. */
export async function openBackup(
  context: BackupContext,
  file: BackupFile,
  identity: Secret | undefined,
): Promise<OpenBackup> {
  const { store, client, nonce } = context
  if (file.encrypted && identity === undefined)
    throw new TollgateError(
      "backup-encrypted",
      `${file.name} is encrypted.`,
      "Pass the private age key that it was encrypted to as --identity=file:PATH or --identity=env:NAME. The restore changed nothing.",
    )
  const folder = `${store.work.folder}/${file.name}`
  const close = async (): Promise<void> => {
    await runScript(store.work.attach(client), `rm -rf ${folder}`, nonce()).catch(() => undefined)
  }
  try {
    const path = await store.bring(file, nonce())
    if (!file.encrypted || identity === undefined) return { path, sha256: file.sha256, close }
    return { path: `${folder}/open`, sha256: await decrypt(context, file, path, `${folder}/open`, identity), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function decrypt(
  { store, client, nonce }: BackupContext,
  { name }: BackupFile,
  from: string,
  to: string,
  identity: Secret,
): Promise<string> {
  const container = store.work
    .attach(withAge(client))
    .withMountedSecret("/run/identity", identity)
    .withEnvVariable("FROM", from)
    .withEnvVariable("TO", to)
  const ran = await runScript(
    container,
    `umask 077; mkdir -p "$(dirname "$TO")"; age --decrypt -i /run/identity -o "$TO" "$FROM"; sha256sum < "$TO" | cut -d' ' -f1`,
    nonce(),
  )
  if (ran.code === 0) return ran.out.trim()
  const untouched = "The restore changed nothing."
  if (/no identity matched/i.test(ran.err))
    throw new TollgateError(
      "backup-identity",
      `--identity matches none of the recipients of ${name}.`,
      `Pass the private key of one of database.backup.encryptTo as it was when the backup was made. ${untouched}`,
    )
  // what age says of a file that it cannot read may repeat what is in it
  if (/identit|secret key/i.test(ran.err))
    throw new TollgateError(
      "backup-identity",
      "--identity is not a private age key.",
      `Pass a file as age-keygen writes it: AGE-SECRET-KEY-1… on a line of its own. ${untouched}`,
    )
  throw new TollgateError(
    "backup-damaged",
    `${name} cannot be decrypted: ${ran.err.trim().split("\n")[0] ?? ""}`,
    `Restore another backup. ${untouched}`,
  )
}
