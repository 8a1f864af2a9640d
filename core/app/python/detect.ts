import { TollgateError } from "../../shared/errors.js"
import { foldersUpwards, inFolder, type Layout } from "./layout.js"
import type { Manager } from "./managers/manager.js"
import { pdm } from "./managers/pdm.js"
import { pip } from "./managers/pip.js"
import { pipenv } from "./managers/pipenv.js"
import { poetry } from "./managers/poetry.js"
import { pyproject } from "./managers/pyproject.js"
import { uv } from "./managers/uv.js"
import type { Plan, Wishes } from "./plan.js"

/** In the order in which they are believed when a folder has the files of several. */
const REGISTRY: readonly Manager[] = [uv, poetry, pdm, pipenv, pip, pyproject]

/**
 * How the app's dependencies are installed: by the nearest lockfile or requirements file, in the app's folder or above it; by a
 * project without one where there is none.
 *
 * @param place where tollgate.yaml can say otherwise
 */
export function detect(layout: Layout, wishes: Wishes, place: string): Plan {
  const managers = REGISTRY.filter(({ name }) => wishes.manager === undefined || name === wishes.manager)
  const folders = foldersUpwards(layout.app)
  for (const last of [false, true])
    for (const folder of folders) {
      const here = managers.filter(
        (manager) => (manager.last ?? false) === last && manager.mark(layout, folder) !== null,
      )
      const [first, ...others] = here
      if (first === undefined) continue
      const plan = first.plan(layout, folder, wishes)
      const passed = others.map((manager) => inFolder(folder, manager.mark(layout, folder) ?? ""))
      return passed.length === 0 ? plan : { ...plan, notes: [...plan.notes, `${passed.join(", ")} not read`] }
    }
  throw nothingFound(layout, wishes, place)
}

function nothingFound(layout: Layout, wishes: Wishes, place: string): TollgateError {
  const pipfile = foldersUpwards(layout.app)
    .map((folder) => inFolder(folder, "Pipfile"))
    .find((path) => layout.texts.has(path))
  if (pipfile !== undefined && (wishes.manager === undefined || wishes.manager === "pipenv"))
    return new TollgateError(
      "dependencies-missing",
      `${pipfile} has no Pipfile.lock beside it.`,
      "Run `pipenv lock` and commit Pipfile.lock.",
    )
  const looked =
    wishes.manager === undefined
      ? "uv.lock, poetry.lock, pdm.lock, Pipfile.lock, requirements.txt, pyproject.toml, setup.py"
      : `what ${place}.manager asks for (${wishes.manager})`
  return new TollgateError(
    "dependencies-missing",
    `Nothing says what to install: the app's folder (${layout.app}) and the folders above it have no file of a package manager (${looked}).`,
    `Add one, or list the files that the installation reads under ${place}.files of tollgate.yaml; \`files: []\` installs nothing.`,
  )
}
