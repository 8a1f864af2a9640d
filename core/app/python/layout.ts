import { posix } from "node:path"

/**
 * What a repository says about its Python dependencies: the text of each file that a package manager reads, by path from the
 * repository's root. Detection is decided by this alone.
 */
export interface Layout {
  /** The app's folder, from the repository's root. */
  app: string
  texts: ReadonlyMap<string, string>
}

/** Names that are read in the app's folder and in each folder above it. */
export const MANIFEST_NAMES = [
  "pyproject.toml",
  "uv.lock",
  "uv.toml",
  "poetry.lock",
  "poetry.toml",
  "pdm.lock",
  "pdm.toml",
  "Pipfile",
  "Pipfile.lock",
  "setup.py",
  "setup.cfg",
]

/** Requirements files by the names that teams give them. */
export const REQUIREMENTS_NAME = /^(?:[\w.-]*requirements[\w.-]*\.(?:txt|in)|requirements\/[\w.-]+\.(?:txt|in))$/

export function inFolder(folder: string, name: string): string {
  return posix.join(folder, name)
}

export function textOf({ texts }: Layout, folder: string, name: string): string | null {
  return texts.get(inFolder(folder, name)) ?? null
}

/** The app's folder and those above it, the nearest first. */
export function foldersUpwards(app: string): string[] {
  return app === "." ? ["."] : [app, ...foldersUpwards(posix.dirname(app))]
}

/** Names of the requirements files that stand in a folder, or in its folder `requirements`. */
export function requirementsIn({ texts }: Layout, folder: string): string[] {
  const prefix = folder === "." ? "" : `${folder}/`
  return [...texts.keys()]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter((name) => REQUIREMENTS_NAME.test(name))
    .sort()
}
