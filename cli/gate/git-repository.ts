import { execFileSync } from "node:child_process"
import { existsSync, lstatSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { kindOf, type Tracked } from "../../core/source/tracked.js"

export interface GitRepository {
  tracked: Tracked[]
  /** What Git ignores and does not track, and folders without files; a folder for everything below it, with a slash at its end. */
  ignored: string[]
  /** Relative to the last commit. */
  modified: string[]
  deleted: string[]
  untracked: string[]
  /** Submodules that are not checked out. */
  absent: string[]
}

export type GitReading =
  | { kind: "repository"; repository: GitRepository }
  /** Git knows nothing of this folder. */
  | { kind: "none" }
  /** Git is missing or refuses. */
  | { kind: "failed"; why: string }

/** What Git knows of a folder, which may be a part of its repository. Paths are relative to the folder. */
export function readRepository(folder: string): GitReading {
  try {
    if (git(folder, "rev-parse", "--is-inside-work-tree").trim() !== "true") return { kind: "none" }
    // a folder that the repository around it ignores is no part of it
    if (isIgnored(folder) && trackedIn(folder).length === 0) return { kind: "none" }
    return { kind: "repository", repository: repositoryIn(folder) }
  } catch (error) {
    const why = errorText(error)
    return /not a git repository/i.test(why) ? { kind: "none" } : { kind: "failed", why }
  }
}

function repositoryIn(folder: string): GitRepository {
  const tracked = trackedIn(folder)
  const others = paths(git(folder, "ls-files", "-z", "--others", "--exclude-standard", "--directory"))
  const untracked = paths(
    git(folder, "ls-files", "-z", "--others", "--exclude-standard", "--directory", "--no-empty-directory"),
  )
  const full = new Set(untracked)
  const changes = changesIn(folder)
  const own: GitRepository = {
    tracked,
    ignored: [
      ...paths(git(folder, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")),
      ...others.filter((path) => !full.has(path)),
    ],
    ...changes,
    untracked: [...changes.added, ...untracked],
    absent: [],
  }
  return tracked
    .filter(({ kind }) => kind === "submodule")
    .reduce((all, { path }) => withSubmodule(all, folder, path), own)
}

/** A submodule's own Git says which files are in it. */
function withSubmodule(all: GitRepository, folder: string, path: string): GitRepository {
  const place = join(folder, path)
  const files = existsSync(place) && lstatSync(place).isDirectory() ? readdirSync(place) : []
  if (files.length === 0) return { ...all, absent: [...all.absent, path] }
  // files without a repository are what they are
  if (!files.includes(".git")) return all
  const inner = repositoryIn(place)
  const below = (names: string[]) => names.map((name) => `${path}/${name}`)
  return {
    tracked: [...all.tracked, ...inner.tracked.map((one) => ({ ...one, path: `${path}/${one.path}` }))],
    ignored: [...all.ignored, ...below(inner.ignored)],
    // the repository around it counts a changed submodule as one difference
    modified: all.modified,
    deleted: all.deleted,
    untracked: all.untracked,
    absent: [...all.absent, ...below(inner.absent)],
  }
}

function trackedIn(folder: string): Tracked[] {
  const byPath = new Map<string, Tracked>()
  for (const line of paths(git(folder, "ls-files", "-z", "-t", "--stage"))) {
    const [, tag, mode = "", id = "", path = ""] = /^(\S) (\d+) ([0-9a-f]+) \d\t([^]*)$/.exec(line) ?? []
    byPath.set(path, {
      path,
      kind: kindOf(Number.parseInt(mode, 8)),
      skipped: tag === "S",
      id,
      size: null,
      modified: null,
    })
  }
  return [...byPath.values()]
}

interface Changes {
  modified: string[]
  deleted: string[]
  added: string[]
}

function changesIn(folder: string): Changes {
  const changes: Changes = { modified: [], deleted: [], added: [] }
  if (!hasCommit(folder)) return changes
  const words = paths(git(folder, "diff", "-z", "--name-status", "--no-renames", "--relative", "HEAD", "--", "."))
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [status = "", path = ""] = words.slice(at)
    const kind = status === "D" ? "deleted" : status === "A" ? "added" : "modified"
    changes[kind].push(path)
  }
  return changes
}

function hasCommit(folder: string): boolean {
  try {
    git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    return true
  } catch {
    return false
  }
}

function isIgnored(folder: string): boolean {
  try {
    git(folder, "check-ignore", "--quiet", ".")
    return true
  } catch {
    return false
  }
}

function paths(text: string): string[] {
  return text.split("\0").filter((path) => path !== "")
}

function git(folder: string, ...args: string[]): string {
  return execFileSync("git", ["-C", folder, ...args], {
    encoding: "utf8",
    env: gitEnvironment(process.env),
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "pipe"],
  })
}

/** Inside a hook, Git's variables name the repository that the hook runs for; the folder names the one that is meant here. */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    GIT_DIR: _dir,
    GIT_WORK_TREE: _tree,
    GIT_INDEX_FILE: _index,
    GIT_PREFIX: _prefix,
    GIT_COMMON_DIR: _common,
    GIT_OBJECT_DIRECTORY: _objects,
    GIT_NAMESPACE: _namespace,
    ...rest
  } = env
  return { ...rest, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" }
}

/** Git's own words. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ("code" in error && error.code === "ENOENT") return "git is not installed"
  const printed = "stderr" in error ? String(error.stderr).trim() : ""
  return printed === "" ? error.message : printed
}
