import { posix } from "node:path"
import type { Directory } from "@dagger.io/dagger"
import { requirementsIn } from "./requirements.js"
import { LOCKFILE_NAMES, type LockfileFacts } from "./scanned.js"

const REQUIREMENTS = /\.(txt|in)$/

/**
 * Reads the service's dependencies from the files that its installation uses. A missing file is reported by the installation.
 *
 * @param path the app's folder in the source
 */
export async function lockfileFacts(source: Directory, path: string, files: string[]): Promise<LockfileFacts> {
  const app = source.directory(path)
  const there = await Promise.all(files.map(async (file) => ((await app.exists(file)) ? file : null)))
  const found = there.filter((file) => file !== null)
  const texts = await Promise.all(
    found
      .filter((file) => REQUIREMENTS.test(file))
      .map(async (file) => [file, requirementsIn(await app.file(file).contents())] as const),
  )
  const named = (await Promise.all(LOCKFILE_NAMES.map((name) => app.glob(`**/${name}`)))).flat()
  const higher = await Promise.all(
    foldersAbove(path).map(async (folder) =>
      (await source.directory(folder).entries())
        .filter((name) => LOCKFILE_NAMES.includes(name))
        .map((name) => posix.join(folder, name)),
    ),
  )
  const [lockfiles, above] = await Promise.all([pinning(app, named), pinning(source, higher.flat())])
  return {
    requirements: new Map(texts),
    others: found.filter((file) => !REQUIREMENTS.test(file)),
    lockfiles: lockfiles.sort(),
    above,
  }
}

/** For `services/pay`: `services` and `.`. */
export function foldersAbove(path: string): string[] {
  if (path === "." || path === "") return []
  const parent = posix.dirname(path)
  return [parent, ...foldersAbove(parent)]
}

async function pinning(folder: Directory, paths: string[]): Promise<string[]> {
  const all = await Promise.all(paths.map(async (path) => ((await pins(folder, path)) ? [path] : [])))
  return all.flat()
}

async function pins(folder: Directory, path: string): Promise<boolean> {
  return pinsSomething(posix.basename(path), await folder.file(path).contents())
}

/** A lockfile of a project without dependencies pins nothing. A file that cannot be parsed may pin anything, so it counts. */
export function pinsSomething(name: string, text: string): boolean {
  switch (name) {
    case "package-lock.json":
      return !isJson(text) || /"(resolved|integrity)"\s*:/.test(text)
    case "uv.lock":
      return !/^version = \d+$/m.test(text) || /^source = \{ (registry|git|url) /m.test(text)
    case "poetry.lock":
    case "pdm.lock":
      return !/^\[metadata\]$/m.test(text) || /^\[\[package\]\]/m.test(text)
    case "Pipfile.lock":
      return !isJson(text) || /"(version|hashes)"\s*:/.test(text)
    case "go.mod":
      return !/^module\s/m.test(text) || /^\s*require\b/m.test(text)
    default:
      return true
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
