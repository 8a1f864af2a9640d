import type { Container } from "@dagger.io/dagger"
import { z } from "zod"
import type { DatabaseSettings } from "../config/database.js"
import { TollgateError } from "../errors.js"
import { askSession } from "./ask.js"
import { type BackupFile, backupName, expiredBackups } from "./backup-file.js"
import { countRows } from "./observe.js"
import type { Reach } from "./reach.js"
import type { Scratch } from "./scratch.js"
import { openSession } from "./session.js"
import { sessionName } from "./lock.js"
import { ENDING, listBackups, runScript, type Store } from "./store.js"

export interface BackupContext {
  settings: DatabaseSettings
  environment: string
  run: string
  reach: Reach
  store: Store
  client: Container
  nonce: () => string
}

/** A dump that lies ready in the store's work folder: to be tested, and then put in its place. */
export interface Dump {
  file: BackupFile
  work: string
}

const made = z.object({ bytes: z.number(), sha256: z.string() })

/**
 * Dumps the database as one snapshot saw it, and counts every table in that same snapshot: what is restored later is compared with
 * that, however much was written meanwhile.
 */
export async function dumpDatabase(context: BackupContext, revision: readonly string[], serverVersion: string): Promise<Dump> {
  const { reach, run, store, nonce } = context
  const session = await openSession(reach.inProcess, sessionName("snapshot", run))
  try {
    await session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    const { exported, snapshot } = await session.row(
      z.object({ exported: z.string(), snapshot: z.string() }),
      "SELECT pg_export_snapshot() AS exported, txid_current_snapshot()::text AS snapshot",
    )
    const rows = await countRows(askSession(session, true))

    const name = backupName(new Date(), reach.inProcess.database, revision)
    const work = `${store.folder}/.work/${name}`
    const container = store.attach(reach.inContainer(context.client)).withEnvVariable("SNAPSHOT", exported).withEnvVariable("WORK", work)
    const ran = await runScript(
      container,
      `${ENDING}
       umask 077; rm -rf ${store.folder}/.work; mkdir -p "$WORK"
       ending pg_dump --format=custom --compress=6 --snapshot="$SNAPSHOT" --file="$WORK/dump"
       pg_restore --list "$WORK/dump" > "$WORK/list"
       grep -q 'TABLE DATA' "$WORK/list" || { ! grep -q ' TABLE ' "$WORK/list"; }
       printf '{"bytes":%s,"sha256":"%s"}' "$(stat -c %s "$WORK/dump")" "$(sha256sum < "$WORK/dump" | cut -d' ' -f1)"`,
      nonce(),
    )
    if (ran.code !== 0) throw backupFailed("pg_dump", reach.redact(ran.err))
    const { bytes, sha256 } = made.parse(JSON.parse(ran.out))
    return {
      work,
      file: {
        format: 1, name, environment: context.environment, database: reach.inProcess.database, createdAt: new Date().toISOString(), run,
        revision: [...revision], serverVersion, file: `${name}.dump`, bytes, sha256, encrypted: false, rows, snapshot, tested: false,
      },
    }
  } finally {
    await session.close()
  }
}

/** Restores the dump into a server of its own and counts: only then is it a backup. */
export async function testDump(context: BackupContext, dump: Dump, scratch: Scratch): Promise<Dump> {
  const container = context.store.attach(scratch.reach.inContainer(context.client)).withEnvVariable("DUMP", `${dump.work}/dump`)
  await restoreInto(container, dump.file.sha256, ["--no-owner", "--no-privileges"], context.nonce(), (text) => context.reach.redact(text))
  const wrong = differentCounts(dump.file.rows, await countRows(scratch.ask))
  if (wrong.length > 0) throw backupFailed("the backup, restored,", wrong.join("\n"))
  return { ...dump, file: { ...dump.file, tested: true } }
}

/** Puts the file in its place, encrypted where that is asked for, and removes what need not be kept any longer. */
export async function keepDump(context: BackupContext, dump: Dump): Promise<BackupFile> {
  const { settings, store } = context
  const recipients = settings.backup.encryptTo
  const encrypted = recipients.length > 0
  const name = encrypted ? `${dump.file.file}.age` : dump.file.file
  const container = store.attach(context.client).withEnvVariable("WORK", dump.work).withEnvVariable("TARGET", `${store.folder}/${name}`)
  const seal = encrypted ? `age ${recipients.map((one) => `-r ${one}`).join(" ")} -o "$TARGET.part" "$WORK/dump"` : `mv "$WORK/dump" "$TARGET.part"`
  const sealed = await runScript(
    container,
    `umask 077; ${seal}; sync "$TARGET.part"; mv "$TARGET.part" "$TARGET"
     printf '{"bytes":%s,"sha256":"%s"}' "$(stat -c %s "$TARGET")" "$(sha256sum < "$TARGET" | cut -d' ' -f1)"`,
    context.nonce(),
  )
  if (sealed.code !== 0) throw backupFailed(encrypted ? "age" : "the backup's file", sealed.err)
  const { bytes, sha256 } = made.parse(JSON.parse(sealed.out))
  if (!encrypted && sha256 !== dump.file.sha256) throw backupFailed("the backup's file", "its checksum changed while it was put in its place")
  const file: BackupFile = { ...dump.file, file: name, bytes, sha256, encrypted }

  const others = (await listBackups(store, context.client, context.nonce())).filter((one) => one.name !== file.name)
  const remove = expiredBackups([file, ...others], settings.backup, new Date()).flatMap((one) => [one.file, `${one.name}.json`])
  const described = await runScript(
    container.withEnvVariable("DESCRIPTION", JSON.stringify(file)),
    `umask 077; cd ${store.folder}; printf '%s' "$DESCRIPTION" > ${file.name}.json.part; sync ${file.name}.json.part; mv ${file.name}.json.part ${file.name}.json
     rm -rf .work ${remove.join(" ")}`,
    context.nonce(),
  )
  if (described.code !== 0) throw backupFailed("the backup's description", described.err)
  return file
}

/** @param container has the file as $DUMP, and the way to the database that it is restored into */
export async function restoreInto(container: Container, sha256: string, options: readonly string[], nonce: string, redact: (text: string) => string): Promise<void> {
  const ran = await runScript(
    container.withEnvVariable("SHA256", sha256),
    `${ENDING}
     [ "$(sha256sum < "$DUMP" | cut -d' ' -f1)" = "$SHA256" ] || { echo "its checksum is not what it was when it was made" >&2; exit 3; }
     ending pg_restore --exit-on-error ${options.join(" ")} --jobs=2 --dbname="$PGDATABASE" "$DUMP"`,
    nonce,
  )
  if (ran.code !== 0) throw backupFailed("the backup, restored,", redact(ran.err))
}

export function differentCounts(expected: Readonly<Record<string, number>>, found: Readonly<Record<string, number>>): string[] {
  return Object.entries(expected).flatMap(([table, rows]) => (found[table] === rows ? [] : [`${table} has ${found[table] ?? "no"} rows, expected ${rows}`]))
}

function backupFailed(what: string, said: string): TollgateError {
  const tail = said.trim().split("\n").slice(-8).map((line) => `  | ${line}`)
  return new TollgateError("backup-failed", [`${what} failed:`, ...tail].join("\n"), "There is no migration without a backup that was restored once.")
}
