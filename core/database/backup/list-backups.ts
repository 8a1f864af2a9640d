import type { Directory, Secret } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { alignColumns, fit } from "../../presentation/columns.js"
import { line, safe, screenColumns, screenLines } from "../../presentation/screen.js"
import { count, duration } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import { readSettings } from "../../source.js"
import { type EntryPoint, reachDatabase } from "../connect/reach.js"
import type { BackupFile } from "./backup-file.js"
import { openStore } from "./store.js"

export interface ListedBackup extends BackupFile {
  /** What became of the file: read just now, or not read at all. */
  state: "whole" | "damaged" | "gone" | "not read"
}

export interface BackupList {
  environment: string
  store: string
  backups: ListedBackup[]
  /** Files of backups that were never finished. */
  strays: string[]
}

export interface ListRequest {
  environment: string
  secrets: Secret | undefined
  entryPoint: EntryPoint
  /** Read every file and compare its checksum. */
  check: boolean
  run: string
}

/**
 * What is kept for an environment. Sizes are always looked at; checksums where that is asked for, since it reads every byte.
 *
 * @param known the source's settings, where they were read already
 */
export async function listSource(source: Directory, request: ListRequest, known?: Settings): Promise<BackupList> {
  const settings = known ?? (await readSettings(source))
  environmentSettings(settings, request.environment)
  const { database } = settings
  const reach = await reachDatabase(database, request.secrets, request.entryPoint)
  const store = await openStore(
    database,
    request.secrets,
    request.entryPoint,
    request.environment,
    reach.inProcess.database,
  )
  const { backups, sizes, strays } = await store.contents(`${request.run} list`)
  const digests = request.check
    ? await store.digests(
        backups.map(({ file }) => file),
        `${request.run} read`,
      )
    : []
  return {
    environment: request.environment,
    store: store.described,
    backups: backups.map((backup, index) => ({
      ...backup,
      state: stateOf(backup, sizes.get(backup.file), digests[index]),
    })),
    strays,
  }
}

/** @param sha256 of the file as it is now; undefined when it was not read, null when it is not there */
export function stateOf(
  backup: BackupFile,
  bytes: number | undefined,
  sha256: string | null | undefined,
): ListedBackup["state"] {
  if (bytes === undefined || sha256 === null) return "gone"
  if (bytes !== backup.bytes) return "damaged"
  if (sha256 === undefined) return "not read"
  return sha256 === backup.sha256 ? "whole" : "damaged"
}

const SHOWN: Record<ListedBackup["state"], string> = {
  whole: "intact",
  damaged: "DAMAGED",
  gone: "MISSING",
  "not read": "not read",
}

/** Whether no backup is known to be damaged or missing. */
export function areBackupsWhole({ backups }: BackupList): boolean {
  return backups.every(({ state }) => state !== "damaged" && state !== "gone")
}

export function backupsScreen({ environment, store, backups, strays }: BackupList, now: Date): string {
  // the revision is in the name; what matters most comes first, since a long name may push the rest off the screen
  const rows = backups.map((backup) => [
    safe(backup.name),
    age((now.getTime() - Date.parse(backup.createdAt)) / 1000),
    `${(backup.bytes / 1e6).toFixed(1)} MB`,
    SHOWN[backup.state],
    backup.tested ? "tested" : "never",
    backup.sha256.slice(0, 8),
    backup.encrypted ? "yes" : "no",
  ])
  const table = alignColumns(
    [["backup", "age", "size", "file", "tested", "sha256", "encrypted"], ...rows],
    ["left", "right", "right", "left", "left", "left", "left"],
  )
  const shown = table.slice(0, screenLines - 7)
  const bad = backups.filter(({ state }) => state === "damaged" || state === "gone").length
  const untested = backups.filter(({ tested }) => !tested).length
  return `${[
    line(`Tollgate ${version} · backups · ${environment} · ${store}`),
    "",
    ...shown.map((row) => fit(row, screenColumns)),
    ...(table.length > shown.length ? [`and ${table.length - shown.length} more`] : []),
    ...(strays.length > 0
      ? [
          line(
            `${count(strays.length, "file")} of unfinished backups: the next backup removes ${strays.length === 1 ? "it" : "them"}`,
          ),
        ]
      : []),
    "",
    bad > 0
      ? `FAILED: ${bad} of ${count(backups.length, "backup")} damaged or missing`
      : `${count(backups.length, "backup")}${backups.length === 0 ? ": nothing to restore from" : ", none known to be damaged"}${untested === 0 ? "" : `, ${untested} never restored`}`,
  ].join("\n")}\n`
}

function age(seconds: number): string {
  return seconds < 86_400 ? duration(Math.max(1, seconds)) : `${Math.floor(seconds / 86_400)} d`
}
