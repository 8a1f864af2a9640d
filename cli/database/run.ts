import { dag, type Directory } from "@dagger.io/dagger"
import { z } from "zod"
import { environmentName } from "../../src/database/environment-name.js"
import { backupsScreen, listSource } from "../../src/database/list-backups.js"
import { migrateSource } from "../../src/database/migrate.js"
import { isMigrated } from "../../src/database/migration-result.js"
import { isRestored, restoreScreen, restoreSource } from "../../src/database/restore-source.js"
import { migrationScreen } from "../../src/database/screen.js"
import { runId } from "../../src/qa/run-id.js"
import { IGNORED } from "../../src/source.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../test/find-source.js"
import { secretFrom } from "../test/secret.js"

const common = { source: z.string().optional(), env: z.string(), secrets: z.string() }

export const migrateOptions = z.object({ ...common, maintenance: z.boolean(), identity: z.string().optional() })
export const restoreOptions = z.object({ ...common, backup: z.string(), maintenance: z.boolean(), discardWrites: z.boolean(), identity: z.string().optional() })
export const backupsOptions = z.object({ ...common, check: z.boolean() })

/** Migrates and prints the one screen; true when the database is at the head. */
export async function runMigrate(options: z.infer<typeof migrateOptions>): Promise<boolean> {
  return withSource(options, async (source, given) => {
    const result = await migrateSource(source, { ...given, maintenance: options.maintenance, identity: identityOf(options) })
    process.stdout.write(`\n${migrationScreen(result)}`)
    return isMigrated(result)
  })
}

export async function runRestore(options: z.infer<typeof restoreOptions>): Promise<boolean> {
  return withSource(options, async (source, given) => {
    const { backup, maintenance, discardWrites } = options
    const result = await restoreSource(source, { ...given, backup, maintenance, discardWrites, identity: identityOf(options) })
    process.stdout.write(`\n${restoreScreen(result)}`)
    return isRestored(result)
  })
}

export async function runBackups(options: z.infer<typeof backupsOptions>): Promise<boolean> {
  return withSource(options, async (source, given) => {
    const list = await listSource(source, { ...given, check: options.check })
    process.stdout.write(backupsScreen(list, new Date()))
    return list.backups.every(({ state }) => state !== "damaged" && state !== "gone")
  })
}

function identityOf({ identity }: { identity?: string | undefined }) {
  return identity === undefined ? undefined : secretFrom(identity)
}

function withSource<T>(options: { source?: string | undefined; env: string; secrets: string }, work: (source: Directory, given: ReturnType<typeof request>) => Promise<T>): Promise<T> {
  const environment = environmentName(options.env)
  const source = findSource(options.source, process.cwd())
  return withEngine({}, () => work(dag.host().directory(source, { exclude: IGNORED }), request(environment, options.secrets)))
}

function request(environment: string, secrets: string) {
  return { environment, secrets: secretFrom(secrets), door: "host" as const, run: runId(new Date()) }
}
