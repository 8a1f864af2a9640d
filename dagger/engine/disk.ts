import { existsSync } from "node:fs"
import { statfs } from "node:fs/promises"
import { dirname } from "node:path"
import { TollgateError } from "../../core/shared/errors.js"
import { capture } from "./command.js"

const gibibyte = 1024 ** 3

export async function freeBytes(path: string): Promise<number> {
  let existing = path
  while (!existsSync(existing)) existing = dirname(existing)
  const stats = await statfs(existing)
  return stats.bavail * stats.bsize
}

/** A cache has hundreds of thousands of files; undefined when they cannot be counted in the time given. */
export async function usedBytes(path: string, limitMs: number): Promise<number | undefined> {
  if (!existsSync(path)) return 0
  const counted = await capture(["du", "--summarize", "--one-file-system", "--block-size=1", path], limitMs)
  return counted === undefined ? undefined : Number(counted.split("\t")[0])
}

export function humanBytes(bytes: number | undefined): string {
  if (bytes === undefined) return "not counted"
  if (bytes >= gibibyte) return `${(bytes / gibibyte).toFixed(1)} GiB`
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`
}

/** Refuses before anything is begun, rather than failing in the middle of a build. */
export async function requireSpace(path: string, gibibytes: number, purpose: string): Promise<void> {
  const free = await freeBytes(path)
  if (free >= gibibytes * gibibyte) return
  throw new TollgateError(
    "engine.disk-full",
    `${purpose} needs ${gibibytes} GiB free on the disk of ${path}; ${humanBytes(free)} are.`,
    "Make room (`tollgate doctor` shows what Tollgate takes), or set TOLLGATE_HOME to a folder on another disk.",
  )
}
