import { namesIn, type RepositoryFiles } from "./repository.js"

/** A suite as tollgate.yaml lists it: files, relative to the app's folder. */
export type Suites = readonly (readonly [name: string, files: readonly string[]])[]

export interface Tests {
  /** A program of the team's that runs suites by name; null: pytest. */
  runner: string | null
  suites: Suites
  why: string
}

export const TEST_FILE = /(^|\/)(test_[^/]+|[^/]+_test)\.py$/

/** The runner and its suites, or the folders of tests; null where there is no test. */
export function findTests(files: RepositoryFiles, app: string): Tests | null {
  const names = namesIn(files, app)
  const texts = (name: string) => files.texts.get(app === "." ? name : `${app}/${name}`)
  const tests = names.filter((name) => TEST_FILE.test(name))
  for (const name of names.filter((one) => one.endsWith(".py") && !TEST_FILE.test(one))) {
    const text = texts(name)
    if (text === undefined || !text.includes("--suite")) continue
    const suites = suitesOfRunner(text, names)
    if (suites.length > 0) return { runner: name, suites, why: `${name} takes --suite, and names these suites` }
  }
  if (tests.length === 0) return null
  const folders = [...new Set(tests.map((name) => name.split("/").slice(0, -1).join("/") || "."))].sort()
  const outermost = folders.filter((folder) => !folders.some((other) => other !== folder && isInside(folder, other)))
  const [only = "."] = outermost
  const below = [
    ...new Set(
      tests
        .map((name) => name.slice(only === "." ? 0 : only.length + 1).split("/"))
        .flatMap(([first, ...rest]) => (rest.length > 0 && first !== undefined ? [first] : [])),
    ),
  ].sort()
  const loose = tests.filter((name) => name.startsWith(`${only}/`) && !name.slice(only.length + 1).includes("/"))
  // tests/unit and tests/e2e are suites of their own where nothing stands beside them
  if (outermost.length === 1 && loose.length === 0 && below.length > 0)
    return {
      runner: null,
      suites: below.map((name) => [suiteName(name), [`${only}/${name}`]]),
      why: `the folders of ${only}/`,
    }
  return {
    runner: null,
    suites: outermost.map((folder) => [
      suiteName(folder === "." ? "tests" : (folder.split("/").at(-1) ?? "tests")),
      [folder],
    ]),
    why: `test files in ${outermost.join(", ")}; no runner with a table of suites was found, so pytest runs them`,
  }
}

function isInside(folder: string, other: string): boolean {
  return other === "." ? folder !== "." : folder.startsWith(`${other}/`)
}

function suiteName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
  return plain === "" ? "tests" : plain
}

/** `"webhook": ["tests/test_webhook.py"]`, as a runner's own table has it. Only paths that are there count. */
function suitesOfRunner(text: string, names: readonly string[]): Suites {
  const there = (path: string) => names.includes(path) || names.some((name) => name.startsWith(`${path}/`))
  return [...text.matchAll(/["']([a-z][\w-]*)["']\s*:\s*(\[[^\]]*\]|["'][^"'\n]+["'])/g)].flatMap(
    ([, name = "", value = ""]) => {
      const paths = [...value.matchAll(/["']([^"']+)["']/g)].map(([, path = ""]) => path.replace(/\/$/, ""))
      return paths.length > 0 && paths.every(there) ? [[suiteName(name), paths] as const] : []
    },
  )
}
