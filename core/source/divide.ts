import type { Tracked } from "./tracked.js"

/** What a folder has, as Dagger lists it: the paths of folders end in a slash. */
export interface Listing {
  all: readonly string[]
  /** Without what its .gitignore files name. */
  unignored: readonly string[]
}

export interface Division {
  /** What is not part of the source: the fewest folders and files that stand for all of it. */
  outside: string[]
  /** Files that .gitignore names and that Git does not track. */
  leftOut: string[]
  /** Tracked files that are not in the folder. */
  deleted: string[]
  /** Files that Git neither tracks nor ignores. */
  untracked: string[]
}

/** Not part of any source, tracked or not. */
export const isGits = (path: string): boolean => /(^|\/)\.git(\/|$)/.test(path)

/** The source is what Git tracks, and what it neither tracks nor ignores. A folder without files is part of no clone. */
export function divide({ all, unignored }: Listing, tracked: readonly Tracked[]): Division {
  const names = new Set(tracked.map(({ path }) => comparable(path)))
  const submodules = tracked.filter(({ kind }) => kind === "submodule").map(({ path }) => `${path}/`)
  const seen = new Set(unignored)
  const files = all.filter((path) => !path.endsWith("/") && !isGits(path))
  const isTracked = (path: string) =>
    names.has(comparable(path)) || submodules.some((folder) => path.startsWith(folder))
  const kept = files.filter((path) => seen.has(path) || names.has(comparable(path)))
  const keptFiles = new Set(kept)
  const folders = new Set([...kept, ...submodules].flatMap(foldersAbove))
  const there = new Set(all.map(comparable))
  return {
    outside: withoutNested(all.filter((path) => (path.endsWith("/") ? !folders.has(path) : !keptFiles.has(path)))),
    leftOut: files.filter((path) => !seen.has(path) && !names.has(comparable(path))),
    deleted: tracked
      .filter(
        ({ path, kind, skipped }) =>
          kind !== "submodule" && kind !== "sparse-folder" && !skipped && !there.has(comparable(path)),
      )
      .map(({ path }) => path),
    untracked: kept.filter((path) => !isTracked(path)),
  }
}

/** A Mac may write the accents of a name in another form than Git. */
function comparable(path: string): string {
  return path.normalize("NFC")
}

/** `a/b/c` is in `a/b/` and `a/`. A folder stands for itself too. */
function foldersAbove(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1))
}

function withoutNested(paths: readonly string[]): string[] {
  const whole = new Set(paths.filter((path) => path.endsWith("/")))
  return paths.filter((path) => !foldersAbove(path).some((folder) => folder !== path && whole.has(folder)))
}
