import type { Directory } from "@dagger.io/dagger"

/** pytest's own default of `python_files`. */
const TEST_FILES = ["test_*.py", "*_test.py"]

/** Folders that hold no test of the app, whatever the names in them. */
const NOT_THE_APPS = /(^|\/)(\.[^/]+|node_modules|site-packages|dist-packages|venv|__pycache__|build|dist)\//

export interface ListedFiles {
  /** Every listed file, and what the folders and patterns stand for; each once, in their order. */
  files: string[]
  /** Folders and patterns that stand for no file. */
  unmatched: string[]
}

/** What `files` of a suite stands for in this source: a file as it is, a folder's test files, a pattern's matches. */
export async function listedFiles(entries: readonly string[], source: Directory): Promise<ListedFiles> {
  const found = await Promise.all(entries.map((entry) => filesOf(entry, source)))
  return {
    files: [...new Set(found.flat())],
    unmatched: entries.filter((_, index) => found[index]?.length === 0),
  }
}

async function filesOf(entry: string, source: Directory): Promise<string[]> {
  if (isPattern(entry)) return (await source.glob(entry)).filter((path) => path.endsWith(".py")).sort()
  return entry.endsWith(".py") ? [entry] : testFilesBelow(entry, source)
}

async function testFilesBelow(folder: string, source: Directory): Promise<string[]> {
  const below = folder === "." ? "" : `${folder}/`
  const found = await Promise.all(TEST_FILES.map((name) => source.glob(`${below}**/${name}`)))
  return [...new Set(found.flat())].filter((path) => !NOT_THE_APPS.test(path)).sort()
}

/** Test files by their names that no suite has. */
export async function filesOfNoSuite(listed: Iterable<string>, source: Directory): Promise<string[]> {
  const all = await testFilesBelow(".", source)
  const known = new Set(listed)
  return all.filter((file) => !known.has(file))
}

export function isPattern(entry: string): boolean {
  return /[*?[]/.test(entry)
}
