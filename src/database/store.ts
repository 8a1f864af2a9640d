import { type Container, dag, ReturnType } from "@dagger.io/dagger"
import type { DatabaseSettings } from "../config/database.js"
import { noSpace } from "../no-space.js"
import { type BackupFile, backupFile, plainName } from "./backup-file.js"

const MOUNT = "/backups"

/** Where backups are: a volume of the engine, with a folder for each database of each environment. */
export interface Store {
  /** Where files of this environment are in a container that has been given the store. */
  readonly folder: string
  readonly described: string
  attach(container: Container): Container
}

export function openStore(settings: DatabaseSettings, environment: string, database: string): Store {
  const { to } = settings.backup
  const name = to.replace(/^directory:/, "")
  const inside = `${environment}/${plainName(database)}`
  return {
    folder: `${MOUNT}/${inside}`,
    described: `${to}, folder ${inside}`,
    attach: (container) => container.withMountedCache(MOUNT, dag.cacheVolume(`tollgate-backups-${name}`)),
  }
}

/** Postgres's own client programs, in the version that the settings name. */
export function clientPrograms(settings: DatabaseSettings): Container {
  const container = dag.container().from(settings.image)
  return settings.backup.encryptTo.length === 0 ? container : withAge(container)
}

export function withAge(container: Container): Container {
  return container.withExec(["sh", "-c", "command -v age >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends age)"])
}

/**
 * A shell function that runs a program of Postgres and ends it soon after it has said that it failed. On an error they ask the
 * server to stop, on another connection, and wait for that one to be closed: behind some proxies that never happens.
 */
export const ENDING = `ending() {
  : > /tmp/said; "$@" 2> >(tee -a /tmp/said >&2) & local program=$! since=0
  while kill -0 $program 2>/dev/null; do
    sleep 0.1
    if grep -qE '^pg_[a-z]+: (error|fatal)' /tmp/said; then since=$((since + 1)); fi
    if [ $since -gt 50 ]; then kill -KILL $program 2>/dev/null || true; fi
  done
  wait $program || return 1
}`

export interface Ran {
  out: string
  err: string
  code: number
}

/** Runs a shell script that is never answered from the cache, and gives what it said; a full disk is named as such. */
export async function runScript(container: Container, script: string, nonce: string): Promise<Ran> {
  const ran = container.withEnvVariable("TOLLGATE_NONCE", nonce).withExec(["bash", "-euo", "pipefail", "-c", script], { expect: ReturnType.Any })
  const [code, out, err] = await Promise.all([ran.exitCode(), ran.stdout(), ran.stderr()])
  if (code !== 0 && /no space left on device/i.test(err)) throw noSpace("the disk of the backups, or of the database")
  return { out, err, code }
}

/** What is kept for an environment, newest first. Files whose description cannot be read are not backups. */
export async function listBackups(store: Store, container: Container, nonce: string): Promise<BackupFile[]> {
  const script = `mkdir -p ${store.folder} && cd ${store.folder} && shopt -s nullglob && for each in *.json; do printf '%s\\0' "$(cat "$each")"; done`
  const { out, code, err } = await runScript(store.attach(container), script, nonce)
  if (code !== 0) throw new Error(`the backups cannot be listed: ${err.trim()}`)
  const found = out.split("\0").flatMap((text) => {
    const parsed = backupFile.safeParse(asJson(text))
    return parsed.success ? [parsed.data] : []
  })
  return found.sort((one, other) => other.createdAt.localeCompare(one.createdAt))
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
