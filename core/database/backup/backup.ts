import type { Container } from "@dagger.io/dagger"
import { z } from "zod"
import type { DatabaseSettings } from "../../config/database.js"
import { TollgateError } from "../../shared/errors.js"
import { quotedTail } from "../../shared/quoted-tail.js"
import { type Ask, askSession } from "../connect/ask.js"
import { sessionName } from "../connect/lock.js"
import type { Reach } from "../connect/reach.js"
import { openSession } from "../connect/session.js"
import { countRows, type VersionTable } from "../copy/observe.js"
import type { Scratch } from "../copy/scratch.js"
import { type BackupFile, backupName, expiredBackups } from "./backup-file.js"
import { ENDING, runScript } from "./programs.js"
import { descriptionName } from "./store-contents.js"
import type { Store } from "./store-places.js"

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

/** Of pg_dump. The lowest: the next ones take two to three times as long for a few hundredths less. */
const COMPRESSION = 1

const made = z.object({ bytes: z.number(), sha256: z.string() })

/**
 * Dumps the database as one snapshot saw it, and counts every table in that same snapshot: what is restored later is compared with
 * that, however much was written meanwhile.
 */
export async function dumpDatabase(
  context: BackupContext,
  revision: readonly string[],
  version: VersionTable,
  serverVersion: string,
): Promise<Dump> {
  const { reach, run, store, nonce } = context
  const session = await openSession(reach.inProcess, sessionName("snapshot", run))
  try {
    await session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    const { exported, snapshot } = await session.row(
      z.object({ exported: z.string(), snapshot: z.string() }),
      "SELECT pg_export_snapshot() AS exported, txid_current_snapshot()::text AS snapshot",
    )
    const name = backupName(new Date(), reach.inProcess.database, revision)
    const work = `${store.work.folder}/${name}`
    const container = store.work
      .attach(reach.inContainer(context.client))
      .withEnvVariable("SNAPSHOT", exported)
      .withEnvVariable("WORK", work)
    const dumping = runScript(
      container,
      `${ENDING}
       umask 077; rm -rf ${store.work.folder}; mkdir -p "$WORK"
       ending pg_dump --format=custom --compress=${COMPRESSION} --snapshot="$SNAPSHOT" --file="$WORK/dump"
       pg_restore --list "$WORK/dump" > "$WORK/list"
       grep -q 'TABLE DATA' "$WORK/list" || { ! grep -q ' TABLE ' "$WORK/list"; }
       printf '{"bytes":%s,"sha256":"%s"}' "$(stat -c %s "$WORK/dump")" "$(sha256sum < "$WORK/dump" | cut -d' ' -f1)"`,
      nonce(),
    )
    // one snapshot for both, and both are over before its session is
    const [ran, counted] = await Promise.allSettled([dumping, countRows(askSession(session, true))])
    if (ran.status === "rejected") throw ran.reason
    if (ran.value.code !== 0) throw backupFailed("pg_dump", reach.redact(ran.value.err))
    if (counted.status === "rejected") throw counted.reason
    const rows = counted.value
    const { bytes, sha256 } = made.parse(JSON.parse(ran.value.out))
    return {
      work,
      file: {
        format: 1,
        name,
        environment: context.environment,
        database: reach.inProcess.database,
        createdAt: new Date().toISOString(),
        run,
        revision: [...revision],
        versionTable: { ...version, also: [...(version.also ?? [])] },
        serverVersion,
        file: `${name}.dump`,
        bytes,
        sha256,
        encrypted: false,
        rows,
        snapshot,
        tested: false,
      },
    }
  } finally {
    await session.close()
  }
}

/**
 * Restores the dump into a server of its own and counts: only then is it a backup.
 *
 * @param copy where it is restored once it is empty
 * @param look at what was restored: tells the rows of every table, and whatever else is of use later
 */
export async function testDump<T extends { rows: Record<string, number> }>(
  context: BackupContext,
  dump: Dump,
  { scratch, emptied }: { scratch: Scratch; emptied: Promise<void> },
  look: (ask: Ask) => Promise<T>,
): Promise<{ tested: Dump; seen: T }> {
  const container = context.store.work
    .attach(scratch.asSuperuser(context.client))
    .withEnvVariable("DUMP", `${dump.work}/dump`)
  await emptied
  await restoreInto(
    container,
    dump.file.sha256,
    context.nonce(),
    (text) => context.reach.redact(text),
    "The database was not changed.",
  )
  const seen = await look(scratch.ask)
  const wrong = differentCounts(dump.file.rows, seen.rows)
  if (wrong.length > 0) throw backupFailed("restoring the backup", wrong.join("\n"))
  return { tested: { ...dump, file: { ...dump.file, tested: true } }, seen }
}

/** A backup that is in its place. */
export interface Kept {
  file: BackupFile
  /** When what need not be kept any longer was removed. */
  cleaned: Promise<void>
}

/**
 * Puts the file in its place, encrypted where that is asked for; then begins to remove what need not be kept any longer.
 *
 * @param warn gets what failed and is no reason to stop
 */
export async function keepDump(context: BackupContext, dump: Dump, warn: (text: string) => void): Promise<Kept> {
  const { settings, store, nonce } = context
  const recipients = settings.backup.encryptTo
  const file = recipients.length === 0 ? dump.file : await sealed(context, dump, recipients)
  await store.put(`${dump.work}/${recipients.length === 0 ? "dump" : "sealed"}`, file, nonce())
  // the new one is there: what happens to old ones is no reason to stop
  const cleaned = removeExpired(context, file, warn).catch((error: unknown) =>
    warn(`could not list old backups: ${firstLine(error)}`),
  )
  const emptied = runScript(store.work.attach(context.client), `rm -rf ${store.work.folder}`, nonce()).catch(
    (error: unknown) => warn(`could not empty the work folder of the backups: ${firstLine(error)}`),
  )
  return { file, cleaned: Promise.all([cleaned, emptied]).then(() => undefined) }
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)
}

async function sealed(context: BackupContext, dump: Dump, recipients: readonly string[]): Promise<BackupFile> {
  const ran = await runScript(
    context.store.work.attach(context.client).withEnvVariable("WORK", dump.work),
    `umask 077; age ${recipients.map((one) => `-r ${one}`).join(" ")} -o "$WORK/sealed" "$WORK/dump"; rm "$WORK/dump"
     printf '{"bytes":%s,"sha256":"%s"}' "$(stat -c %s "$WORK/sealed")" "$(sha256sum < "$WORK/sealed" | cut -d' ' -f1)"`,
    context.nonce(),
  )
  if (ran.code !== 0) throw backupFailed("age", ran.err)
  return { ...dump.file, ...made.parse(JSON.parse(ran.out)), file: `${dump.file.file}.age`, encrypted: true }
}

/** Only after the new backup was read back from where it is stored. What cannot be removed is a warning: a key may well lack that right. */
async function removeExpired(
  { settings, store, nonce }: BackupContext,
  newest: BackupFile,
  warn: (text: string) => void,
): Promise<void> {
  const { backups, strays } = await store.contents(nonce())
  const others = backups.filter(({ name }) => name !== newest.name)
  const expired = expiredBackups([newest, ...others], settings.backup, new Date())
  // the description first: what is left of a removal that was cut off is no backup
  const names = [...expired.flatMap((backup) => [descriptionName(backup), backup.file]), ...strays]
  if (names.length === 0) return
  const left = await store.remove(names, nonce())
  if (left.length > 0)
    warn(
      `could not remove old backups: ${left.slice(0, 3).join(", ")}${left.length > 3 ? ` and ${left.length - 3} more files` : ""}`,
    )
}

/**
 * @param container has the file as $DUMP, and the way to the database that it is restored into
 * @param unchanged what a failure has left as it was, in a sentence
 */
export async function restoreInto(
  container: Container,
  sha256: string,
  nonce: string,
  redact: (text: string) => string,
  unchanged: string,
): Promise<void> {
  const ran = await runScript(
    container.withEnvVariable("SHA256", sha256),
    `${ENDING}
     [ "$(sha256sum < "$DUMP" | cut -d' ' -f1)" = "$SHA256" ] || { echo "its checksum does not match" >&2; exit 3; }
     ending pg_restore --exit-on-error --jobs=2 --dbname="$PGDATABASE" "$DUMP"`,
    nonce,
  )
  if (ran.code !== 0) throw backupFailed("restoring the backup", redact(ran.err), unchanged)
}

export function differentCounts(
  expected: Readonly<Record<string, number>>,
  found: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(expected).flatMap(([table, rows]) =>
    found[table] === rows ? [] : [`${table} has ${found[table] ?? "no"} rows, expected ${rows}`],
  )
}

function backupFailed(what: string, said: string, unchanged = "The database was not changed."): TollgateError {
  return new TollgateError(
    "backup-failed",
    [`${what} failed:`, ...quotedTail(said, 8)].join("\n"),
    `Fix the cause and run the same command again. ${unchanged}`,
  )
}
