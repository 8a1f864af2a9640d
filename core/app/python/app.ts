import type { Container, Directory, Platform, Secret } from "@dagger.io/dagger"
import { type DependencySettings, USUAL_FILE } from "../../config/dependencies.js"
import { TollgateError } from "../../shared/errors.js"
import { repositoryOf } from "../../source.js"
import { APP, shell } from "../steps.js"
import { describe } from "./describe.js"
import { detect } from "./detect.js"
import { prepare, uvInstall, withCommands } from "./install.js"
import { type Interpreter, interpreterOf } from "./interpreter.js"
import { inFolder, type Layout, textOf } from "./layout.js"
import { requirementsPlan } from "./managers/pip.js"
import type { Plan, Wishes } from "./plan.js"
import { readLayout, readListed } from "./read-layout.js"
import { withUv } from "./tools.js"

export interface InstalledApp {
  container: Container
  /** What was found and how it is installed, in one line. */
  described: string
}

export interface PythonAppRequest {
  /** Where tollgate.yaml says how it is installed, for errors. */
  place: "app.dependencies" | "image.dependencies"
  settings: DependencySettings
  purpose: Wishes["purpose"]
  /** The container that it is installed into, as it is before. */
  base: Container
  /** The app's Python in it. */
  program: string
  /** As app.image names it. */
  image: string
  /** The app's own folder. */
  source: Directory
  secrets: ReadonlyMap<string, Secret>
  platform?: Platform
  cache?: string
}

/** An app's Python dependencies and its project, as steps that a container takes. */
export interface PythonApp {
  dependencies(container: Container): Container
  project(container: Container): Container
  /** Installs requirements where a command fails. */
  ensure(container: Container, check: string, requirements: string): Container
  described: string
}

/** How tollgate.yaml, or else the repository, says that the app is installed: the same for the suites and for the image. */
export async function pythonApp(request: PythonAppRequest): Promise<PythonApp> {
  const { settings, source, place } = request
  const repository = repositoryOf(source)
  if (settings.install !== null) return await byCommands(request)
  const layout = settings.files === null ? await readLayout(repository) : await readListed(repository, settings.files)
  const plan =
    settings.files === null
      ? detect(layout, { ...settings, purpose: request.purpose }, place)
      : listed(layout, settings, place)
  const interpreter = await interpreterOf(request.base, request.program, request.image)
  const installation = await prepare(plan, { ...request, layout, repository, interpreter }, request.base)
  return {
    dependencies: (container) => installation.dependencies(container),
    project: (container) => installation.project(container),
    ensure: (container, check, requirements) =>
      ensured(container, check, requirements, request.program, interpreter, request.purpose),
    described: describe(plan, installation.projects),
  }
}

/** Requirements files that tollgate.yaml lists. */
function listed(layout: Layout, { files, project }: DependencySettings, place: string): Plan {
  const names = files ?? []
  requireFiles(layout, names, place)
  return {
    manager: "pip",
    found: names[0] ?? "",
    root: layout.app,
    project: project ?? false,
    notes: names.slice(1),
    ...requirementsPlan(layout, names),
  }
}

async function byCommands({
  settings,
  source,
  place,
  purpose,
  program,
  secrets,
}: PythonAppRequest): Promise<PythonApp> {
  const repository = repositoryOf(source)
  const layout = await readListed(repository, settings.files ?? [USUAL_FILE])
  requireFiles(layout, settings.files ?? [], place)
  const files = settings.files ?? (textOf(layout, layout.app, USUAL_FILE) === null ? [] : [USUAL_FILE])
  return {
    dependencies: (container) =>
      withCommands(container, { files, commands: settings.install ?? [], layout, repository, secrets, purpose }),
    project: (container) =>
      settings.project === true
        ? shell(container.withWorkdir(APP), `${program} -m pip install --no-deps -e .`)
        : container,
    ensure: (container, check, requirements) => ensured(container, check, requirements, program, null, purpose),
    described: `${place}.install${files.length === 0 ? "" : `, with ${files.join(", ")}`}`,
  }
}

/** Not every environment has pip. */
function ensured(
  container: Container,
  check: string,
  requirements: string,
  program: string,
  interpreter: Interpreter | null,
  owner: Wishes["purpose"],
): Container {
  if (interpreter === null || interpreter.pip)
    return shell(container, `${check} || ${program} -m pip install ${requirements}`)
  return withUv(container, (ready) => shell(ready, `${check} || ${uvInstall(interpreter)} ${requirements}`), { owner })
}

function requireFiles(layout: Layout, files: string[], place: string): void {
  const missing = files.filter((file) => !layout.texts.has(inFolder(layout.app, file)))
  if (missing.length === 0) return
  throw new TollgateError(
    "dependencies-missing",
    `${missing.join(", ")}: not in the app's folder (${layout.app}).`,
    `${place}.files of tollgate.yaml names the files that the installation reads, relative to app.path.`,
  )
}
