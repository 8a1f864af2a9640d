import { type Container, dag } from "@dagger.io/dagger"
import type { BackupFile } from "./backup-file.js"
import type { Contents } from "./store-contents.js"

/** A folder of the engine in which dumps are made, tested, sealed and unsealed. Nothing in it is a backup. */
export interface Workplace {
  readonly folder: string
  attach(container: Container): Container
}

/** Where the backups of one database of one environment are. */
export interface Store {
  readonly described: string
  readonly work: Workplace
  contents(nonce: string): Promise<Contents>
  /** SHA-256 of files as they are there now, every byte read; null for one that is not there. */
  digests(names: readonly string[], nonce: string): Promise<(string | null)[]>
  /** Puts a file of the workplace in its place, reads it back, and only then describes it: what is not described is no backup. */
  put(path: string, file: BackupFile, nonce: string): Promise<void>
  /** A backup's file in a container with the workplace, with the checksum that it had when it was made. */
  bring(file: BackupFile, nonce: string): Promise<string>
  /** @returns what could not be removed */
  remove(names: readonly string[], nonce: string): Promise<string[]>
}

const MOUNT = "/backups"

export function volume(name: string, place: string): Workplace {
  return {
    folder: `${MOUNT}/${place}`,
    attach: (container) => container.withMountedCache(MOUNT, dag.cacheVolume(`tollgate-${name}`)),
  }
}
