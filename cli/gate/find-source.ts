import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { TollgateError } from "../../core/errors.js"
import { SETTINGS_FILE } from "../../core/source.js"

/** The folder that has tollgate.yaml: the one that was named, or the nearest one from here upwards. */
export function findSource(named: string | undefined, from: string): string {
  if (named !== undefined) {
    const folder = resolve(from, named)
    if (existsSync(join(folder, SETTINGS_FILE))) return folder
    throw missing(`There is no ${SETTINGS_FILE} in ${named}.`)
  }
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, SETTINGS_FILE))) return folder
    if (folder === dirname(folder)) throw missing(`There is no ${SETTINGS_FILE} here or in a folder above.`)
  }
}

function missing(what: string): TollgateError {
  return new TollgateError(
    "settings-missing",
    what,
    `Add one at the top of the repository (docs/getting-started.md has the shortest that works), or name the folder that has it: --source=FOLDER.`,
  )
}
