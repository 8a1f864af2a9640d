import { existsSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { parseSettings, type Settings } from "../../core/config/parse.js"
import { SETTINGS_FILE } from "../../core/config/settings-file.js"
import { EXAMPLE_FILE } from "../../core/environment/check.js"
import { findSource } from "../gate/find-source.js"

export interface LocalSource {
  settings: Settings
  /** Path of tollgate.yaml. */
  file: string
  /** Text of the app's .env.example; null when there is none. */
  example: string | null
}

/** Reads the settings from this machine, for commands that need no engine. */
export function readLocalSource(named: string | undefined): LocalSource {
  const source = findSource(named, process.cwd())
  const file = join(source, SETTINGS_FILE)
  const settings = parseSettings(readFileSync(file, "utf8"))
  const example = join(source, settings.app.path, EXAMPLE_FILE)
  return {
    settings,
    file,
    example: existsSync(example) && statSync(example).isFile() ? readFileSync(example, "utf8") : null,
  }
}
