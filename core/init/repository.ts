import { type Pyproject, readPyproject } from "../app/python/pyproject.js"
import { TollgateError } from "../shared/errors.js"

/** What a repository has, for decisions that touch no disk. */
export interface RepositoryFiles {
  /** Every file that git knows or could know, from the repository's root. */
  paths: readonly string[]
  /** Text of the files that are read to decide; others may be missing. */
  texts: ReadonlyMap<string, string>
}

/** Whether a file is read: manifests, configuration, runners. */
export function isRead(path: string): boolean {
  return READ.some((pattern) => pattern.test(path))
}

const READ = [
  // what to install, and with which Python
  /(^|\/)(pyproject\.toml|uv\.(lock|toml)|poetry\.(lock|toml)|pdm\.(lock|toml)|Pipfile(\.lock)?|setup\.(py|cfg)|[\w.-]*requirements[\w.-]*\.(txt|in)|requirements\/[\w.-]+\.(txt|in)|\.python-version|runtime\.txt)$/,
  /(^|\/)(Dockerfile|manage\.py|alembic\.ini|pytest\.ini|tox\.ini|render\.ya?ml|(docker-)?compose[\w.-]*\.ya?ml|[\w-]*(qa|run|test)[\w-]*\.py)$/,
  // where it looks for its database
  /(^|\/)((settings|configs?|database|db|session)\.py|(settings|config)\/\w+\.py|\.env\.(example|sample|template|dist)|(example|sample)\.env)$/,
  // how the service is started
  /(^|\/)(Procfile|(main|app|api|server|asgi|wsgi|urls|health\w*|routes|__init__)\.py)$/,
  // how its tests are started
  /^(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci\/config\.yml|\.travis\.yml|bitbucket-pipelines\.yml)$/,
  /(^|\/)(Makefile|justfile|[\w.-]+\.sh)$/,
]

/** The text of a file of the app's folder. */
export function textOf({ texts }: RepositoryFiles, app: string, name: string): string | undefined {
  return texts.get(app === "." ? name : `${app}/${name}`)
}

/** pyproject.toml of the app's folder; null where there is none, or none that can be read: the installation says what is wrong with it. */
export function pyprojectOf(files: RepositoryFiles, app: string): Pyproject | null {
  const text = textOf(files, app, "pyproject.toml")
  try {
    return text === undefined ? null : readPyproject(text, "pyproject.toml")
  } catch (error) {
    if (error instanceof TollgateError) return null
    throw error
  }
}

/** A file of tests, or beside them. */
export function isInTests(name: string): boolean {
  return /(^|\/)tests?\//.test(name)
}

export function namesIn({ paths }: RepositoryFiles, folder: string): string[] {
  const prefix = folder === "." ? "" : `${folder}/`
  return paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length))
}

export function folderOf(path: string): string {
  const end = path.lastIndexOf("/")
  return end === -1 ? "." : path.slice(0, end)
}
