import type { Settings } from "../config/schema.js"
import { isPattern } from "../qa/listed-files.js"
import { type Listed, listedIn } from "../qa/validate.js"
import { matchesPath } from "../shared/path-pattern.js"
import { namesIn, type RepositoryFiles } from "./repository.js"
import { TEST_FILE } from "./tests.js"

/** What tollgate.yaml lists and the repository has not: files as they are, folders and patterns by the test files they stand for. */
export function missingOf(settings: Settings, files: RepositoryFiles): Listed[] {
  const names = namesIn(files, settings.app.path)
  const tests = names.filter((name) => TEST_FILE.test(name))
  return listedIn(settings).filter(({ path }) => {
    if (names.includes(path)) return false
    if (isPattern(path)) return !names.some((name) => name.endsWith(".py") && matchesPath(name, path))
    return path.endsWith(".py") || !tests.some((name) => path === "." || name.startsWith(`${path}/`))
  })
}
