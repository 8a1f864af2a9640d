import { INSTALLED, installedFolder, isLeftover, LEFTOVERS } from "../../core/source/not-source.js"
import { literalPattern } from "../../core/source/pattern.js"
import { type Link, nothing, type Remarks } from "../../core/source/remarks.js"
import type { GitRepository } from "./git-repository.js"

/** Patterns of what is not uploaded from a repository's folder: the last that matches a path decides. */
export function notUploaded({ tracked, ignored }: GitRepository): string[] {
  const installed = new Set(tracked.flatMap(({ path }) => installedFolder(path) ?? []))
  return [
    ...INSTALLED,
    ...[...installed].map((path) => `!${literalPattern(path)}`),
    ...ignored.map(literalPattern),
    "**/.git",
    ...LEFTOVERS,
  ]
}

export interface SeenInFolder {
  exists(path: string): boolean
  pointers: string[]
  links: Link[]
}

export function remarksOn(repository: GitRepository, { exists, pointers, links }: SeenInFolder): Remarks {
  const { tracked, modified, deleted, untracked, absent } = repository
  const real = (paths: string[]) => paths.filter((path) => !isLeftover(path))
  return {
    ...nothing,
    modified: real(modified),
    deleted: real(deleted),
    untracked: real(untracked).filter((path) => installedFolder(path) === null),
    absent,
    sparse: tracked.filter(({ path, skipped }) => skipped && !exists(path)).map(({ path }) => path),
    pointers,
    links,
  }
}
