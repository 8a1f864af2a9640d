import { TollgateError } from "../errors.js"
import type { BackupFile } from "./backup-file.js"

/** What goes wrong with a backup's file, said the same for every store. */

export function damaged({ name, file }: BackupFile, where: string): TollgateError {
  return new TollgateError(
    "backup-damaged",
    `The backup ${name} is damaged: ${file} in ${where} is gone, or its checksum is not what it was when it was made.`,
    "Take another one: `tollgate backups --check` reads them all. The database in use was not touched.",
  )
}

export function differs({ name }: BackupFile, where: string): TollgateError {
  return new TollgateError(
    "backup-differs",
    `The backup ${name} was written to ${where}, and what can be read there is something else.`,
    "It was removed again, and does not count as a backup. There is no migration without a backup that was restored once.",
  )
}
