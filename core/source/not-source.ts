/** What programs leave behind: part of no source, also where Git tracks it. */
export const LEFTOVERS = ["**/__pycache__", "**/.pytest_cache", "tollgate-report"]

/** What an installation makes: not uploaded, except by the command line where Git tracks it. */
export const INSTALLED = ["**/node_modules", "**/.venv"]

/**
 * Not uploaded. src/index.ts repeats this list, because Dagger reads only literals there. Of Git, the index is uploaded, which names the
 * tracked files, and the clone's own ignore patterns, but no history and no configuration, which may have a token.
 */
export const IGNORED = [".git/*", "!.git/index", "!.git/info/exclude", "*/**/.git", ...INSTALLED, ...LEFTOVERS]

export function isLeftover(path: string): boolean {
  return /(^|\/)(__pycache__|\.pytest_cache)\/|^tollgate-report\//.test(path)
}

/** The installed folder that a path is in; null for none. */
export function installedFolder(path: string): string | null {
  return /^(?:.*?\/)?(?:node_modules|\.venv)(?=\/)/.exec(path)?.[0] ?? null
}
