import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { TollgateError } from "../../core/shared/errors.js"
import { SETTINGS_FILE } from "../../core/source.js"

/** The folder with tollgate.yaml: the one of --source, or the nearest one from here upwards. */
export function findSource(named: string | undefined, from: string): string {
  if (named !== undefined) {
    const folder = resolve(from, named)
    if (existsSync(join(folder, SETTINGS_FILE))) return folder
    throw missing(`There is no ${SETTINGS_FILE} in ${named}.`)
  }
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, SETTINGS_FILE))) return folder
    if (folder === dirname(folder)) throw missing(`There is no ${SETTINGS_FILE} in this folder or above it.`)
  }
}

function missing(what: string): TollgateError {
  return new TollgateError(
    "settings-missing",
    what,
    `Add one at the top of the repository (docs/getting-started.md shows a minimal one), or pass its folder: --source=FOLDER.`,
  )
}
