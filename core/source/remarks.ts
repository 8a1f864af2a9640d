import { terminalText } from "../shared/plain-text.js"
export interface Link {
  path: string
  target: string
}

/** Where a source is not what a clone of its commit would be. */
export interface Remarks {
  /** Files with other content than the commit's (or the index's, where nothing else is known). */
  modified: readonly string[]
  deleted: readonly string[]
  /** Files and folders that no commit has. */
  untracked: readonly string[]
  /** Submodules without their files. */
  absent: readonly string[]
  /** Tracked files and folders outside of a sparse checkout. */
  sparse: readonly string[]
  /** Files that are Git LFS's pointers. */
  pointers: readonly string[]
  /** Symlinks that lead out of the source. */
  links: readonly Link[]
  /** Ignored files of submodules, whose index is not known: they may be tracked or not. */
  inSubmodules: readonly string[]
  /** Without Git: files that .gitignore names, which may be tracked or not. */
  unknown: readonly string[]
}

export const nothing: Remarks = {
  modified: [],
  deleted: [],
  untracked: [],
  absent: [],
  sparse: [],
  pointers: [],
  links: [],
  inSubmodules: [],
  unknown: [],
}

const SHOWN = 5

/** To standard error, because standard output is for the result. */
export function sayRemarks(remarks: Remarks, source = "source"): void {
  for (const line of remarkLines(remarks)) process.stderr.write(`${terminalText(`${source}: ${line}`)}\n`)
}

/** Each fact on a line of its own, with what to do about it. */
export function remarkLines(remarks: Remarks): string[] {
  return [
    differences(remarks),
    said(
      remarks.absent,
      (names) => `submodules that are not checked out: ${names}. Run: git submodule update --init --recursive`,
    ),
    said(
      remarks.sparse,
      (names) => `tracked files outside of the sparse checkout: ${names}. Run: git sparse-checkout disable`,
    ),
    said(remarks.pointers, (names) => `Git LFS pointers instead of files: ${names}. Run: git lfs pull`),
    said(
      remarks.links.map(({ path, target }) => `${quoted(path)} -> ${quoted(target)}`),
      (names) =>
        `symlinks that lead out of the source, so that a clone has no file there: ${names}. Commit the files instead`,
    ),
    said(
      remarks.inSubmodules,
      (names) =>
        `files in submodules that .gitignore names are left out, also where Git tracks them: ${names}. The command line of \`tollgate\` asks the submodule's Git`,
    ),
    said(
      remarks.unknown,
      (names) =>
        `no Git repository, so what .gitignore names is left out: ${names}. For what Git tracks, pass the top of a clone as --source`,
    ),
  ].filter((line) => line !== null)
}

function differences({ modified, deleted, untracked }: Remarks): string | null {
  const kinds = [count(modified, "modified"), count(deleted, "deleted"), count(untracked, "untracked")].filter(
    (kind) => kind !== null,
  )
  if (kinds.length === 0) return null
  return `differs from a clean clone: ${kinds.join("; ")}. git status lists ${modified.length + deleted.length + untracked.length === 1 ? "it" : "all"}`
}

function count(paths: readonly string[], kind: string): string | null {
  return paths.length === 0 ? null : `${paths.length} ${kind} (${some(paths)})`
}

function said(names: readonly string[], line: (names: string) => string): string | null {
  return names.length === 0 ? null : line(some(names))
}

/** The first few, and how many more there are. */
export function some(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN).map(quoted)
  return paths.length > SHOWN ? `${shown.join(", ")} and ${paths.length - SHOWN} more` : shown.join(", ")
}

/** A name with control characters must not write on the terminal, and one with spaces at its ends must be seen whole. */
function quoted(path: string): string {
  return /[\u0000-\u001f\u007f]|^\s|\s$/.test(path) ? JSON.stringify(path) : path
}
