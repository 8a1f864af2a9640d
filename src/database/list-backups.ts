import type { Directory, Secret } from "@dagger.io/dagger"
import { environmentSettings } from "../environment/check.js"
import { alignColumns, fit } from "../report/columns.js"
import { count, duration } from "../report/figures.js"
import { line, safe, screenColumns, screenLines } from "../report/screen.js"
import { readSettings } from "../source.js"
import { version } from "../version.js"
import type { BackupFile } from "./backup-file.js"
import { type Door, reachDatabase } from "./reach.js"
import { clientPrograms, listBackups, openStore, runScript } from "./store.js"
import { revisionName } from "./validate.js"

export interface ListedBackup extends BackupFile {
  /** What became of the file: read just now, or not read at all. */
  state: "whole" | "damaged" | "gone" | "not read"
}

export interface BackupList {
  environment: string
  store: string
  backups: ListedBackup[]
}

export interface ListRequest {
  environment: string
  secrets: Secret | undefined
  door: Door
  /** Read every file and compare its checksum. */
  check: boolean
  run: string
}

/** What is kept for an environment. Sizes are always looked at; checksums where that is asked for, since it reads every byte. */
export async function listSource(source: Directory, request: ListRequest): Promise<BackupList> {
  const settings = await readSettings(source)
  environmentSettings(settings, request.environment)
  const { database } = settings
  const reach = await reachDatabase(database, request.secrets, request.door)
  const store = openStore(database, request.environment, reach.inProcess.database)
  const client = clientPrograms(database)
  const backups = await listBackups(store, client, `${request.run} list`)
  const script = backups
    .map(({ file }) => `if [ -f ${file} ]; then printf '%s %s\\n' "$(stat -c %s ${file})" ${request.check ? `"$(sha256sum < ${file} | cut -d' ' -f1)"` : "-"}; else echo gone -; fi`)
    .join("\n")
  const { out } = await runScript(store.attach(client), `cd ${store.folder}\n${script}`, `${request.run} read`)
  const found = out.split("\n").map((text) => text.split(" "))
  return {
    environment: request.environment,
    store: store.described,
    backups: backups.map((backup, index) => ({ ...backup, state: stateOf(backup, found[index]?.[0] ?? "gone", found[index]?.[1] ?? "-") })),
  }
}

export function stateOf(backup: BackupFile, bytes: string, sha256: string): ListedBackup["state"] {
  if (bytes === "gone" || bytes === "") return "gone"
  if (Number(bytes) !== backup.bytes) return "damaged"
  if (sha256 === "-") return "not read"
  return sha256 === backup.sha256 ? "whole" : "damaged"
}

export function backupsScreen({ environment, store, backups }: BackupList, now: Date): string {
  const rows = backups.map((backup) => [
    safe(backup.name),
    age((now.getTime() - Date.parse(backup.createdAt)) / 1000),
    `${(backup.bytes / 1e6).toFixed(1)} MB`,
    safe(revisionName(backup.revision)),
    backup.sha256.slice(0, 12),
    backup.tested ? "tested" : "NOT TESTED",
    backup.encrypted ? "age" : "–",
    backup.state === "damaged" || backup.state === "gone" ? backup.state.toUpperCase() : backup.state,
  ])
  const table = alignColumns([["backup", "age", "size", "revision", "sha256", "restored once", "encrypted", "file"], ...rows], ["left", "right", "right", "left", "left", "left", "left", "left"])
  const shown = table.slice(0, screenLines - 6)
  const bad = backups.filter(({ state, tested }) => state === "damaged" || state === "gone" || !tested).length
  return `${[
    line(`Tollgate ${version} · backups · ${environment} · ${store}`),
    "",
    ...shown.map((row) => fit(row, screenColumns)),
    ...(table.length > shown.length ? [`and ${table.length - shown.length} more`] : []),
    "",
    bad > 0 ? `RED: ${bad} of ${count(backups.length, "backup")} cannot be relied on` : `${count(backups.length, "backup")}${backups.length === 0 ? ": nothing to restore from" : ", none known to be damaged"}`,
  ].join("\n")}\n`
}

function age(seconds: number): string {
  return seconds < 86_400 ? duration(Math.max(1, seconds)) : `${Math.floor(seconds / 86_400)} d`
}
