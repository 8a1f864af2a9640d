import { projectName } from "../app/python/pyproject.js"
import { SERVICE_NAME } from "../config/service-name.js"
import type { Decision } from "./decision.js"
import { namesIn, pyprojectOf, type RepositoryFiles, textOf } from "./repository.js"

const INSTALLS = /^(Pipfile|setup\.py|setup\.cfg|manage\.py|Dockerfile|[\w.-]*requirements[\w.-]*\.txt)$/
const PROJECT = /^\s*\[(project|tool\.poetry)\]/m

const NOT_CODE = /^(tests?|docs?|scripts?|tools?|migrations|alembic|node_modules|examples?|\..*)\//

/** A file of the service itself, and not of what is beside it. */
export function isCode(name: string): boolean {
  return name.endsWith(".py") && !NOT_CODE.test(name)
}

/** Not a service is the root of a workspace, or a folder whose pyproject.toml only configures tools. */
export function isService(files: RepositoryFiles, folder: string): boolean {
  const names = namesIn(files, folder)
  return names.some((name) => INSTALLS.test(name)) || PROJECT.test(textOf(files, folder, "pyproject.toml") ?? "")
}

/** Packages in src/ are not found from the app's folder, unless the project is installed or its tests say where they are. */
export function pathOfSource(files: RepositoryFiles, app: string): Decision<string | null> {
  const names = namesIn(files, app)
  const inSource = names.find((name) => /^src\/[^/]+\/.+\.py$/.test(name))
  const pyproject = textOf(files, app, "pyproject.toml") ?? ""
  const isInstalled = PROJECT.test(pyproject) || names.includes("setup.py") || names.includes("setup.cfg")
  const isSaid = ["pytest.ini", "tox.ini"].some((name) => /^\s*pythonpath\s*=/m.test(textOf(files, app, name) ?? ""))
  if (inSource === undefined || isInstalled || isSaid || /^\s*pythonpath\s*=/m.test(pyproject))
    return { value: null, why: "" }
  return { value: "src", why: "nothing installs the packages in src/" }
}

/** release.name, by what the project calls itself; null: it does not, or by no name for a host. */
export function nameOfProject(files: RepositoryFiles, app: string): string | null {
  const project = pyprojectOf(files, app)
  const plain = ((project === null ? null : projectName(project)) ?? "").toLowerCase().replace(/[._]+/g, "-")
  return SERVICE_NAME.test(plain) ? plain : null
}
