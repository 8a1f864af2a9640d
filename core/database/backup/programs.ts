import { type Container, dag } from "@dagger.io/dagger"
import type { DatabaseSettings } from "../../config/database.js"
import { TollgateError } from "../../shared/errors.js"
import { noSpace } from "../../shared/no-space.js"
import { type Ran, runProgram } from "../../shared/run-program.js"

/** Postgres's own client programs, in the version that the settings name. */
export async function clientPrograms(settings: DatabaseSettings): Promise<Container> {
  const container = await hadImage(settings.image)
  return settings.backup.encryptTo.length === 0 ? container : withAge(container)
}

export interface ClientFacts {
  /** Major version of pg_dump, pg_restore and psql. */
  major: number
  /** Free where dumps are made. */
  freeBytes: number
}

/** @param client has the workplace */
export async function clientFacts(client: Container, folder: string, nonce: string): Promise<ClientFacts> {
  const { out } = await runScript(
    client,
    `mkdir -p ${folder}; df --output=avail -B1 ${folder} | tail -1; pg_dump --version`,
    nonce,
  )
  const [free = "", version = ""] = out.split("\n")
  const major = /\(PostgreSQL\) (\d+)/.exec(version)?.[1]
  if (major === undefined)
    throw new TollgateError(
      "client-programs",
      "There is no pg_dump in database.image.",
      "Name a Postgres image. Nothing was changed.",
    )
  // of what is no number, every comparison would say that there is room enough
  if (!/^\s*\d+\s*$/.test(free))
    throw new TollgateError(
      "client-programs",
      "df of database.image does not report free space.",
      "Name an image with GNU's df, such as postgres:17. Nothing was changed.",
    )
  return { major: Number(major), freeBytes: Number(free.trim()) }
}

async function hadImage(image: string): Promise<Container> {
  try {
    return await dag.container().from(image).sync()
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? ""
    const major = /^postgres:(\d+)/.exec(image)?.[1] ?? "17"
    throw new TollgateError(
      "image-missing",
      `Could not pull ${image} (database.image): ${said}`,
      `Correct the name, or give the engine access to the image's registry; the engine without Docker has postgres:15, and \`npx tollgate engine up --with=postgres-${major}\` builds 13 or 17. Nothing was changed.`,
    )
  }
}

export function withAge(container: Container): Container {
  return container.withExec([
    "sh",
    "-c",
    "command -v age >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends age)",
  ])
}

/**
 * A shell function that runs a program of Postgres and ends it soon after it has said that it failed. On an error they ask the
 * server to stop, on another connection, and wait for that one to be closed: behind some proxies that never happens.
 */
export const ENDING = `ending() {
  : > /tmp/said; "$@" 2> >(tee -a /tmp/said >&2) & local program=$! code=0
  while sleep 0.5; do
    if grep -qE '^pg_[a-z]+: (error|fatal)' /tmp/said; then sleep 5; kill -KILL $program 2>/dev/null; break; fi
  done >/dev/null 2>&1 & local watcher=$!
  wait $program || code=1
  kill $watcher 2>/dev/null || true
  return $code
}`

/** Runs a shell script that is never answered from the cache, and gives what it said; a full disk is named as such. */
export async function runScript(container: Container, script: string, nonce: string): Promise<Ran> {
  const ran = await runProgram(container.withEnvVariable("TOLLGATE_NONCE", nonce), [
    "bash",
    "-euo",
    "pipefail",
    "-c",
    script,
  ])
  if (ran.code !== 0 && /no space left on device/i.test(ran.err))
    throw noSpace("the disk of the backups, or of the database")
  return ran
}
