import { existsSync } from "node:fs"
import { mkdir, readdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import type { Home } from "./home.js"

/** Something built once from its inputs and kept under their hash. */
export interface Part {
  name: string
  key: string
}

export function partFolder(home: Home, part: Part): string {
  return join(home.parts, `${part.name}-${part.key}`)
}

export function partExists(home: Home, part: Part): boolean {
  return existsSync(partFolder(home, part))
}

/**
 * Builds a part in a folder with a temporary name and renames it when complete: whatever interrupts this, a folder with
 * the final name is always whole. Leftovers of interrupted builds are removed first; the lock makes us the only builder.
 */
export async function buildPart(home: Home, part: Part, build: (folder: string) => Promise<void>): Promise<string> {
  const folder = partFolder(home, part)
  if (existsSync(folder)) return folder
  await mkdir(home.parts, { recursive: true })
  for (const entry of await readdir(home.parts)) {
    if (entry.startsWith(`${part.name}-`) && entry.endsWith(".building")) await removeTree(join(home.parts, entry))
  }
  const temporary = `${folder}.building`
  await mkdir(temporary)
  await build(temporary)
  await rename(temporary, folder)
  return folder
}

/** Removes what earlier versions of the given parts left. */
export async function removeOutdated(home: Home, current: readonly Part[]): Promise<void> {
  const keep = new Set(current.map((part) => `${part.name}-${part.key}`))
  for (const entry of await readdir(home.parts).catch(() => [])) {
    const known = current.some((part) => entry.startsWith(`${part.name}-`))
    if (known && !keep.has(entry)) await removeTree(join(home.parts, entry))
  }
}

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
}
