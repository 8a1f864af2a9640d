import { type Directory, ExistsType } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../shared/errors.js"
import { count } from "../shared/figures.js"
import { isPattern, listedFiles } from "./listed-files.js"

/** A file, folder or pattern of tollgate.yaml. */
export interface Listed {
  place: string
  /** Relative to the app's folder. */
  path: string
}

export function listedIn(settings: Settings): Listed[] {
  return [
    ...(settings.qa.runner === null ? [] : [{ place: "qa.runner", path: settings.qa.runner }]),
    ...(settings.app.dependencies.files ?? []).map((path, index) => ({
      place: `app.dependencies.files[${index}]`,
      path,
    })),
    ...Object.entries(settings.qa.suites).flatMap(([name, { files }]) =>
      files.map((path, index) => ({ place: `qa.suites.${name}.files[${index}]`, path })),
    ),
  ]
}

/** That every file tollgate.yaml lists is in the app's folder. What is in them, only a run can tell. */
export async function validateListedFiles(settings: Settings, app: Directory): Promise<string> {
  const suites = Object.entries(settings.qa.suites)
  const listed = listedIn(settings)
  const found = await Promise.all(listed.map(({ path }) => isThere(path, app)))
  const missing = listed.filter((_, index) => found[index] !== true)
  if (missing.length > 0)
    throw new TollgateError(
      "files-missing",
      `tollgate.yaml lists ${missing.length === 1 ? "a file that is" : `${missing.length} files that are`} not in ${settings.app.path}:\n` +
        missing.map(({ place, path }) => `  ${place}  ${path}`).join("\n"),
      "Add the files or correct the list: a suite with a missing file fails.",
    )
  return `tollgate.yaml is valid: ${count(suites.length, "suite")}, ${count(listed.length, "file")}, all of them there.\n`
}

/** A file by itself; a folder or a pattern of test files by what it stands for. */
async function isThere(path: string, app: Directory): Promise<boolean> {
  if (await app.exists(path, { expectedType: ExistsType.RegularType })) return true
  if (path.endsWith(".py") && !isPattern(path)) return false
  return (await listedFiles([path], app)).files.length > 0
}
