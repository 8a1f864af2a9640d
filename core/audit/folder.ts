import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { TollgateError } from "../shared/errors.js"
import { HEAD } from "./files.js"

/** Files that desktops add to a folder when it is opened. */
const OF_DESKTOPS = new Set([".DS_Store", "Thumbs.db", "desktop.ini"])

/**
 * Requires that the folder does not exist or is empty: an export never replaces an earlier one.
 *
 * @throws TollgateError `audit-folder`
 */
export function requireNewFolder(folder: string): void {
  if (!existsSync(folder) || (lstatSync(folder).isDirectory() && readdirSync(folder).length === 0)) return
  throw new TollgateError(
    "audit-folder",
    `${folder} (--out) exists and is not an empty folder.`,
    "Pass a new folder with --out. Nothing was written.",
  )
}

/** Writes to a folder beside it and renames that, so that an incomplete export is never mistaken for a complete one. */
export function writeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  requireNewFolder(folder)
  const part = `${resolve(folder)}.part-${process.pid}`
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(part, path)), { recursive: true })
      writeFileSync(join(part, path), text)
    }
    rmSync(folder, { recursive: true, force: true })
    renameSync(part, folder)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  }
}

/**
 * Reads all files of a folder, by their path with forward slashes. Symbolic links are skipped: they could point anywhere.
 *
 * @throws TollgateError `audit-unreadable`
 */
export function readFolder(folder: string): Map<string, string> {
  if (!existsSync(folder) || !lstatSync(folder).isDirectory())
    throw new TollgateError(
      "audit-unreadable",
      `${folder} is not a folder.`,
      "Pass the folder that `audit export` wrote. Nothing was verified.",
    )
  // any other folder may be larger than the memory
  if (!existsSync(join(folder, HEAD)))
    throw new TollgateError(
      "audit-unreadable",
      `${folder} is not an audit export: it has no ${HEAD}.`,
      "Pass the folder that `audit export` wrote, unchanged.",
    )
  const files = new Map<string, string>()
  const visit = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`
      if (OF_DESKTOPS.has(entry.name)) continue
      if (entry.isDirectory()) visit(inner)
      else files.set(inner, entry.isFile() ? readFileSync(join(folder, inner), "utf8") : "")
    }
  }
  visit("")
  return files
}
