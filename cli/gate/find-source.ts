import { existsSync, readFileSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { parseSettings } from "../../core/config/parse.js"
import { SETTINGS_FILE } from "../../core/config/settings-file.js"
import { TollgateError } from "../../core/shared/errors.js"

/**
 * The folder with tollgate.yaml: the one of --source, or the nearest one from here upwards. The settings are read here, so that a
 * mistake in them is reported before an engine is started or waited for.
 */
export function findSource(named: string | undefined, from: string): string {
  const folder = folderOf(named, from)
  parseSettings(readFileSync(join(folder, SETTINGS_FILE), "utf8"), SETTINGS_FILE)
  return folder
}

function folderOf(named: string | undefined, from: string): string {
  if (named !== undefined) {
    const folder = resolve(from, named)
    if (hasSettings(folder)) return folder
    throw missing(`There is no ${SETTINGS_FILE} in ${named}.`)
  }
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (hasSettings(folder)) return folder
    if (folder === dirname(folder)) throw missing(`There is no ${SETTINGS_FILE} in this folder or above it.`)
  }
}

function hasSettings(folder: string): boolean {
  const file = join(folder, SETTINGS_FILE)
  return existsSync(file) && statSync(file).isFile()
}

function missing(what: string): TollgateError {
  return new TollgateError(
    "settings-missing",
    what,
    `Add one at the top of the repository (docs/getting-started.md shows a minimal one), or pass its folder: --source=FOLDER.`,
  )
}
