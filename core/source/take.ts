import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Directory } from "@dagger.io/dagger"
import { TollgateError } from "../shared/errors.js"
import { requireOwnSource } from "./default-source.js"
import { divide } from "./divide.js"
import { readIndex } from "./index-file.js"
import { linksOutOf, modifiedIn, pointersIn } from "./look.js"
import { installedFolder, isLeftover } from "./not-source.js"
import { literalPattern } from "./pattern.js"
import { nothing, type Remarks, sayRemarks, some } from "./remarks.js"
import type { Tracked } from "./tracked.js"

const INDEX = ".git/index"

/** Patterns that only this clone has. */
const EXCLUDE = ".git/info/exclude"

/** Files are copied out of the engine to compare them with the index, but not more than this. */
const COMPARED = { files: 20_000, bytes: 200_000_000 }

export interface TakenSource {
  /** What Git tracks, and what it neither tracks nor ignores. */
  root: Directory
  /** The folder that it was taken from, with the files that Git ignores. */
  everything(): Directory
}

const known = new WeakMap<Directory, Promise<TakenSource>>()

/**
 * For a folder of which Git on the user's machine said what its source is.
 *
 * @param upload exactly the source's files
 */
export function alreadyTaken(upload: Directory, everything: () => Directory): Directory {
  // an upload has another digest than the same files after a filter, which every other source went through
  const root = upload.filter({ exclude: ["**/.git"] })
  known.set(root, Promise.resolve({ root, everything }))
  return root
}

/**
 * The source in a folder: what Git tracks, also where .gitignore names it, and what Git neither tracks nor ignores. Where the folder
 * differs from a clone, a line says so, once for each folder.
 */
export function takeSource(folder: Directory): Promise<TakenSource> {
  const before = known.get(folder)
  if (before !== undefined) return before
  const taking = take(folder)
  known.set(folder, taking)
  return taking
}

async function take(folder: Directory): Promise<TakenSource> {
  const everything = () => folder
  const all = await folder.glob("**/*")
  await requireOwnSource(all)
  const ignoring = (await withExclude(folder, all)).filter({ gitignore: true, exclude: ["**/.git"] })
  const [unignored, tracked] = await Promise.all([
    ignoring.glob("**/*"),
    all.includes(INDEX) ? readTracked(folder) : [],
  ])
  const division = divide({ all, unignored }, tracked)
  if (!all.some((path) => path === INDEX || path === ".git/")) {
    if (all.includes(".git")) requireNoneLeftOut(division.leftOut)
    sayRemarks({ ...nothing, unknown: division.leftOut })
    return { root: ignoring, everything }
  }
  requireUploaded(tracked, all)
  const root = folder.filter({ exclude: division.outside.map(literalPattern) })
  const there = new Set(all)
  const submodules = tracked.filter(({ kind }) => kind === "submodule").map(({ path }) => `${path}/`)
  sayRemarks({
    ...nothing,
    ...(await compared(
      root,
      tracked.filter(({ path }) => there.has(path)),
    )),
    deleted: division.deleted.filter((path) => !isLeftover(path)),
    untracked: division.untracked,
    absent: submodules
      .filter((below) => !all.some((path) => path.startsWith(below) && path !== below))
      .map((below) => below.slice(0, -1)),
    inSubmodules: division.leftOut.filter((path) => submodules.some((below) => path.startsWith(below))),
    sparse: tracked
      .filter(({ kind, skipped, path }) => kind === "sparse-folder" || (skipped && !there.has(path)))
      .map(({ path }) => path),
  })
  return { root, everything }
}

/** The clone's own patterns count as those of a .gitignore at the top, before its own. */
async function withExclude(folder: Directory, all: readonly string[]): Promise<Directory> {
  if (!all.includes(EXCLUDE)) return folder
  const patterns = await folder.file(EXCLUDE).contents()
  if (!/^\s*[^#\s]/m.test(patterns)) return folder
  const own = all.includes(".gitignore") ? await folder.file(".gitignore").contents() : ""
  return folder.withNewFile(".gitignore", `${patterns}\n${own}`)
}

async function readTracked(folder: Directory): Promise<Tracked[]> {
  const reading = await withCopy(
    (place) => folder.file(INDEX).export(place),
    (place) => readIndex(readFileSync(place)),
  )
  if (reading.kind === "read") return reading.tracked
  throw new TollgateError("source-index", `Could not read ${INDEX}: ${reading.why}.`, reading.next)
}

/** The index of a linked worktree is in another folder, and was not uploaded. */
function requireNoneLeftOut(leftOut: string[]): void {
  if (leftOut.length === 0) return
  throw new TollgateError(
    "source-index",
    `The source is a linked Git worktree or a submodule, and its index is in another folder. So it is not known whether Git tracks these files, which .gitignore names: ${some(leftOut)}.`,
    "Nothing was run. Run the same command of `tollgate`, which asks Git; or pass a clone as --source: git clone . ../clone",
  )
}

function requireUploaded(tracked: readonly Tracked[], all: readonly string[]): void {
  const there = new Set(all)
  const missing = tracked.filter(({ path, skipped }) => !skipped && !there.has(path) && installedFolder(path) !== null)
  const folders = [...new Set(missing.flatMap(({ path }) => installedFolder(path) ?? []))]
  if (folders.length === 0) return
  throw new TollgateError(
    "source-not-uploaded",
    `Git tracks files in ${some(folders)}, which are not uploaded by \`dagger call\`: ${some(missing.map(({ path }) => path))}.`,
    `Nothing was run. Run the same command of \`tollgate\`, which uploads them; or stop tracking them: git rm -r --cached ${folders.join(" ")}`,
  )
}

/** What only the content of files tells. */
async function compared(
  root: Directory,
  tracked: readonly Tracked[],
): Promise<Pick<Remarks, "modified" | "pointers" | "links">> {
  const links = tracked.filter(({ kind }) => kind === "symlink").map(({ path }) => path)
  const bytes = tracked.reduce((sum, { size }) => sum + (size ?? 0), 0)
  if (tracked.length <= COMPARED.files && bytes <= COMPARED.bytes)
    return await withCopy(
      (place) => root.export(place),
      (place) => ({
        modified: modifiedIn(place, tracked),
        pointers: pointersIn(place, tracked),
        links: linksOutOf(place, links),
      }),
    )
  const small =
    links.length === 0
      ? []
      : await withCopy(
          (place) => root.filter({ include: links.map(literalPattern) }).export(place),
          (place) => linksOutOf(place, links),
        )
  return { modified: [], pointers: [], links: small }
}

async function withCopy<T>(copy: (place: string) => Promise<unknown>, read: (place: string) => T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-source-"))
  try {
    const place = join(folder, "copy")
    await copy(place)
    return read(place)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
