import { type Directory, ExistsType } from "@dagger.io/dagger"
import { parseSettings } from "./config/parse.js"
import type { Settings } from "./config/schema.js"
import { SETTINGS_FILE } from "./config/settings-file.js"
import { TollgateError } from "./shared/errors.js"
import { takeSource } from "./source/take.js"

export async function readSettings(source: Directory): Promise<Settings> {
  if (!(await source.exists(SETTINGS_FILE, { expectedType: ExistsType.RegularType })))
    throw new TollgateError(
      "settings-missing",
      `No ${SETTINGS_FILE} at the top of the source.`,
      "Add one (docs/getting-started.md has a minimal example), or pass the folder that contains it as --source.",
    )
  return parseSettings(await source.file(SETTINGS_FILE).contents(), SETTINGS_FILE)
}

/** A repository, and where in it the app is. */
export interface Repository {
  root: Directory
  path: string
}

const repositories = new WeakMap<Directory, Repository>()

/** The app's folder in the source, so that a laptop and a fresh clone give the same result. */
export async function appFolder(source: Directory, settings: Settings): Promise<Directory> {
  const { path } = settings.app
  const { root } = await takeSource(source)
  if (path !== "." && !(await root.exists(path, { expectedType: ExistsType.DirectoryType })))
    throw new TollgateError(
      "app-missing",
      `The source has no folder ${path} (app.path).`,
      `Set app.path in ${SETTINGS_FILE} to the service's folder, relative to the source.`,
    )
  const app = root.directory(path)
  repositories.set(app, { root, path })
  return app
}

/**
 * The repository that an app's folder was taken from: a workspace's lockfile, and its other projects, may be above the app. A folder
 * that `appFolder` did not return is a repository of its own.
 */
export function repositoryOf(app: Directory): Repository {
  return repositories.get(app) ?? { root: app, path: "." }
}
