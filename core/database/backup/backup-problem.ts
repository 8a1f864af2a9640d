import { TollgateError } from "../../shared/errors.js"
import type { BackupFile } from "./backup-file.js"

/** What goes wrong with a backup's file, said the same for every store. */

export function damaged({ name, file }: BackupFile, where: string): TollgateError {
  return new TollgateError(
    "backup-damaged",
    `The backup ${name} is damaged: ${file} in ${where} is missing, or its checksum does not match.`,
    "Restore another one: `tollgate backups --check` verifies them all. The restore changed nothing.",
  )
}

export function differs({ name }: BackupFile, where: string): TollgateError {
  return new TollgateError(
    "backup-differs",
    `The backup ${name} was written to ${where}, but reading it back gave other bytes.`,
    "It was removed. Check that storage, and run the same command again. The database was not changed.",
  )
}
