import { createHash } from "node:crypto"
import { lstatSync, readFileSync, readlinkSync } from "node:fs"
import { basename, join, posix } from "node:path"
import type { Link } from "./remarks.js"
import type { Tracked } from "./tracked.js"

/** Sizes of Git LFS's pointers, https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const POINTER = { least: 100, most: 1024 }

/** Tracked files that are Git LFS's pointers, in a folder of this machine. */
export function pointersIn(folder: string, tracked: readonly Tracked[]): string[] {
  if (!hasFilter(folder, tracked, /filter=lfs\b/)) return []
  return tracked
    .filter(({ path, kind }) => {
      const stat = kind === "file" ? statOf(join(folder, path)) : undefined
      return (
        stat?.isFile() === true &&
        stat.size >= POINTER.least &&
        stat.size < POINTER.most &&
        isPointer(readFileSync(join(folder, path), "latin1"))
      )
    })
    .map(({ path }) => path)
}

export function isPointer(text: string): boolean {
  return /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(ext-[^\n]*\n)*oid sha256:[0-9a-f]{64}\nsize \d+\n$/.test(
    text,
  )
}

function hasFilter(folder: string, tracked: readonly Tracked[], filter: RegExp): boolean {
  return tracked.some(
    ({ path, kind }) =>
      kind === "file" &&
      basename(path) === ".gitattributes" &&
      statOf(join(folder, path))?.isFile() === true &&
      filter.test(readFileSync(join(folder, path), "utf8")),
  )
}

/** Symlinks of a folder of this machine that lead out of it. */
export function linksOutOf(folder: string, paths: readonly string[]): Link[] {
  return paths.flatMap((path) => {
    if (statOf(join(folder, path))?.isSymbolicLink() !== true) return []
    const target = readlinkSync(join(folder, path))
    return leadsOut(path, target) ? [{ path, target }] : []
  })
}

/** By its text alone: where it leads to on this machine means nothing elsewhere. */
export function leadsOut(path: string, target: string): boolean {
  if (posix.isAbsolute(target)) return true
  const end = posix.join(posix.dirname(path), target)
  return end === ".." || end.startsWith("../")
}

/** Tracked files whose content is not the index's, in a folder of this machine. */
export function modifiedIn(folder: string, tracked: readonly Tracked[]): string[] {
  const filtered = hasFilter(folder, tracked, /filter=(?!lfs\b)/)
  return tracked.filter((one) => isModified(folder, one, filtered)).map(({ path }) => path)
}

/** @param filtered a filter other than Git LFS may write other content into the working tree than the repository has */
function isModified(folder: string, { path, kind, id, size, modified }: Tracked, filtered: boolean): boolean {
  const file = join(folder, path)
  const stat = statOf(file)
  if (stat === undefined) return false
  if (kind === "symlink") return !stat.isSymbolicLink() || objectId(Buffer.from(readlinkSync(file)), id.length) !== id
  if (kind !== "file" || !stat.isFile()) return kind === "file"
  const sameSize = stat.size === size
  if (sameSize && (filtered || stat.mtimeNs === modified)) return false
  const content = readFileSync(file)
  return ![content, withUnixLineEnds(content), pointerTo(content)].some((one) => objectId(one, id.length) === id)
}

/** The id that Git gives to a file's content. */
export function objectId(content: Buffer, length: number): string {
  return createHash(length === 64 ? "sha256" : "sha1")
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest("hex")
}

/** Git may write line ends as the system has them. */
function withUnixLineEnds(content: Buffer): Buffer {
  return Buffer.from(content.toString("latin1").replace(/\r\n/g, "\n"), "latin1")
}

/** What the repository has of a file in Git LFS. */
function pointerTo(content: Buffer): Buffer {
  const hash = createHash("sha256").update(content).digest("hex")
  return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${hash}\nsize ${content.length}\n`)
}

interface Stat {
  isFile(): boolean
  isSymbolicLink(): boolean
  size: number
  mtimeNs: bigint
}

function statOf(file: string): Stat | undefined {
  const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return undefined
  return {
    isFile: () => stat.isFile(),
    isSymbolicLink: () => stat.isSymbolicLink(),
    size: Number(stat.size),
    mtimeNs: stat.mtimeNs,
  }
}
