import { existsSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { gitText } from "../gate/git-text.js"
import { sourceOfCommit } from "../migration-plan/running-source.js"

/** A folder with the source before the change, or why there is none. */
export type Base = { kind: "folder"; folder: string } | { kind: "unknown"; why: string }

/** A folder, or what git has where the change left the named revision. A shallow clone may not have it: then every gate runs. */
export function baseOf(repository: string, named: string | undefined): Base {
  if (named === undefined) return { kind: "unknown", why: "--base is not set" }
  const folder = resolve(named)
  if (existsSync(folder) && statSync(folder).isDirectory()) return { kind: "folder", folder }
  const commit = mergeBase(repository, named)
  const extracted = commit === null ? sourceOfCommit(repository, named) : extractedOnce(repository, commit)
  return extracted === null
    ? { kind: "unknown", why: `git knows no revision ${named} here; fetch it, or fetch the whole history` }
    : { kind: "folder", folder: extracted }
}

const extractions = new Map<string, string>()

/** Under --watch, many runs have the same base. */
function extractedOnce(repository: string, commit: string): string | null {
  const key = `${repository}\0${commit}`
  const folder = extractions.get(key) ?? sourceOfCommit(repository, commit)
  if (folder !== null) extractions.set(key, folder)
  return folder
}

/** What others merged into the base in the meantime is not part of the change. */
function mergeBase(repository: string, named: string): string | null {
  return gitText(repository, "merge-base", "--end-of-options", named, "HEAD") || null
}
