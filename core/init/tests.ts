import { namesIn, type RepositoryFiles, textOf } from "./repository.js"

/** A suite as tollgate.yaml lists it. */
export interface Suite {
  name: string
  /** Relative to the app's folder. */
  files: readonly string[]
  /** For a suite that the runner knows by a name that tollgate.yaml does not take; null: the usual command. */
  command: string | null
}

export interface Tests {
  /** A program of the team's that runs suites by name; null: pytest. */
  runner: string | null
  suites: readonly Suite[]
  why: string
}

export const TEST_FILE = /(^|\/)(test_[^/]+|[^/]+_test)\.py$/

/** Each suite has a Postgres of its own: more folders than this are one suite. */
const MOST_SUITES = 6

/** The runner and its suites, or the folders of tests; null where there is no test. */
export function findTests(files: RepositoryFiles, app: string): Tests | null {
  const names = namesIn(files, app)
  // a folder such as {{name}} is a template's, and would be a pattern in tollgate.yaml
  const tests = names.filter((name) => TEST_FILE.test(name) && !/[*?[\]{}]/.test(name))
  for (const name of names.filter((one) => one.endsWith(".py") && !TEST_FILE.test(one))) {
    const text = textOf(files, app, name)
    if (text === undefined || !text.includes("--suite")) continue
    const suites = suitesOfRunner(text, names, name)
    if (suites.length > 0) return { runner: name, suites, why: `${name} takes --suite, and names these suites` }
  }
  if (tests.length === 0) return null
  const folders = new Set(tests.map(folderAbove))
  const top = commonFolder([...folders])
  const noRunner = "no runner with a table of suites was found, so pytest runs them"
  if (folders.has(top))
    return { runner: null, suites: named([[lastOf(top), [top]]]), why: `test files in ${top}; ${noRunner}` }
  const below = [
    ...new Set(tests.map((name) => name.slice(top === "." ? 0 : top.length + 1).split("/")[0] ?? name)),
  ].sort()
  const listed = below.map((name) => (top === "." ? name : `${top}/${name}`))
  if (below.length > MOST_SUITES)
    return {
      runner: null,
      suites: named([["tests", listed]]),
      why: `test files in ${below.length} folders, as one suite: each suite starts a database of its own; ${noRunner}`,
    }
  return {
    runner: null,
    suites: named(below.map((name, at) => [name, listed.slice(at, at + 1)])),
    why: top === "." ? `test files in ${listed.join(", ")}; ${noRunner}` : `the folders of ${top}/`,
  }
}

function folderAbove(path: string): string {
  return path.split("/").slice(0, -1).join("/") || "."
}

function lastOf(folder: string): string {
  return folder === "." ? "tests" : (folder.split("/").at(-1) ?? "tests")
}

/** The deepest folder that has all of these. */
function commonFolder([first = ".", ...others]: readonly string[]): string {
  const parts = first === "." ? [] : first.split("/")
  const shared = others.reduce((common, folder) => {
    const other = folder.split("/")
    const differs = common.findIndex((part, at) => part !== other[at])
    return differs === -1 ? common : common.slice(0, differs)
  }, parts)
  return shared.join("/") || "."
}

/** No two of the same name: the later one would replace the earlier one, and its tests would not run. */
function named(groups: readonly (readonly [name: string, files: readonly string[]])[]): Suite[] {
  const taken = new Set<string>()
  return groups.map(([name, files]) => {
    const plain = suiteName(name)
    let own = plain
    for (let number = 2; taken.has(own); number++) own = `${plain}-${number}`
    taken.add(own)
    return { name: own, files, command: null }
  })
}

function suiteName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
  return plain === "" ? "tests" : plain
}

/** `"webhook": ["tests/test_webhook.py"]`, as a runner's own table has it. Only paths that are there count. */
function suitesOfRunner(text: string, names: readonly string[], runner: string): Suite[] {
  const there = (path: string) => names.includes(path) || names.some((name) => name.startsWith(`${path}/`))
  const table = [...text.matchAll(/["']([a-z][\w-]*)["']\s*:\s*(\[[^\]]*\]|["'][^"'\n]+["'])/g)].flatMap(
    ([, name = "", value = ""]) => {
      const paths = [...value.matchAll(/["']([^"']+)["']/g)].map(([, path = ""]) => path.replace(/\/$/, ""))
      return paths.length > 0 && paths.every(there) ? [[name, paths] as const] : []
    },
  )
  // as in Python, the last entry of a name counts
  const entries = [...new Map(table)]
  return named(entries).map((suite, at) => {
    const own = entries[at]?.[0] ?? suite.name
    return own === suite.name ? suite : { ...suite, command: `python ${runner} --suite ${own} --verbose` }
  })
}
