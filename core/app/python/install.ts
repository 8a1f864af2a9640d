import { posix } from "node:path"
import { type Container, type Directory, dag, type Platform, type Secret } from "@dagger.io/dagger"
import { asExecError } from "../../shared/exec-error.js"
import { quote } from "../../shared/shell-words.js"
import type { Repository } from "../../source.js"
import { APP, shell } from "../steps.js"
import { exportFailed } from "./export-failed.js"
import type { Interpreter } from "./interpreter.js"
import { inFolder, type Layout } from "./layout.js"
import type { Locked, Plan, Wishes } from "./plan.js"
import { type LocalProject, splitExport, withoutLocalEntries } from "./requirements-text.js"
import { uvProgram, withTool, withUv } from "./tools.js"

/** Where what is beside the app's folder lies, by its path from the repository's root. */
const WORKSPACE = "/workspace"
const LOCKED = "/opt/tollgate-locked"

export interface Place {
  layout: Layout
  repository: Repository
  interpreter: Interpreter
  /** Environment variables for what installs, such as the password of an index. */
  secrets: ReadonlyMap<string, Secret>
  /** An image has the app's folder; what is beside it must be copied to where packages are. */
  purpose: Wishes["purpose"]
  platform?: Platform
  /** Tells apart the caches of builds that must not know each other. */
  cache?: string
}

export interface Installation {
  /** Adds the dependencies, which need no source. */
  dependencies(container: Container): Container
  /** Adds the project and its neighbours to a container that has the source. */
  project(container: Container): Container
  /** How many projects are installed from the repository. */
  projects: string[]
}

/** What a plan comes to. What a package manager must be asked for is asked here. */
export async function prepare(plan: Plan, place: Place, base: Container): Promise<Installation> {
  switch (plan.how.kind) {
    case "requirements":
      return requirements(plan, plan.how, place)
    case "locked":
      return await locked(plan, plan.how, place, base)
    case "declared":
    case "built":
      return project(plan, plan.how, place)
  }
}

function requirements(plan: Plan, { files, local }: { files: string[]; local: string[] }, place: Place): Installation {
  const install = (names: string[]) =>
    `${pipInstall(place.interpreter)} ${names.map((name) => `-r ${quote(name)}`).join(" ")}`
  const whole = install(files)
  const own = `${pipInstall(place.interpreter)} --no-deps -e .`
  return {
    projects: plan.project || local.length > 0 ? [place.layout.app] : [],
    dependencies(container) {
      for (const path of plan.files) {
        const text = place.layout.texts.get(path) ?? ""
        container = withFileOf(
          container,
          posix.join(APP, posix.relative(place.layout.app, path)),
          local.includes(path) ? withoutLocalEntries(text) : text,
          place.repository,
          path,
        )
      }
      return installStep(container.withWorkdir(APP), files.length === 0 ? [] : [whole], place)
    },
    project: (container) =>
      installStep(
        container.withWorkdir(APP),
        [...(local.length > 0 ? [whole] : []), ...(plan.project ? [own] : [])],
        place,
      ),
  }
}

async function locked(plan: Plan, how: Locked, place: Place, base: Container): Promise<Installation> {
  const { remote, local } = await exported(plan, how, place, base)
  const folders = local.map((one) => ({
    ...one,
    folder: posix.relative(WORKSPACE, posix.resolve(WORKSPACE, plan.root, one.path)) || ".",
  }))
  const projects =
    plan.project && folders.every(({ folder }) => folder !== place.layout.app)
      ? [...folders, { folder: place.layout.app, editable: true, marker: null }]
      : folders
  return {
    projects: projects.map(({ folder }) => folder),
    dependencies: (container) =>
      installStep(
        withFiles(container, plan, place)
          .withNewFile(`${LOCKED}/${how.format}`, remote)
          .withWorkdir(posix.join(WORKSPACE, plan.root)),
        [`${uvInstall(place.interpreter)} --no-deps -r ${LOCKED}/${how.format}`],
        place,
      ).withWorkdir(APP),
    project(container) {
      const wanted = projects.map(({ folder, editable, marker }) => {
        const at = placed(place.layout.app, folder)
        const linked = editable && (place.purpose === "test" || at.startsWith(APP))
        const name = linked ? ["-e", at] : [at]
        return name.map((word) => quote(marker === null || word === "-e" ? word : `${word} ; ${marker}`)).join(" ")
      })
      const beside = withNeighbours(
        container,
        projects.map(({ folder }) => folder),
        place,
      )
      return installStep(
        beside,
        wanted.length === 0 ? [] : [`${uvInstall(place.interpreter)} --no-deps --no-sources ${wanted.join(" ")}`],
        place,
      )
    },
  }
}

function project(
  plan: Plan,
  how: { kind: "declared" | "built"; groups: string[]; extras: string[] },
  place: Place,
): Installation {
  const groups = how.groups.map((name) => `--group ${quote(name)}`)
  const root = placed(place.layout.app, plan.root)
  const own =
    how.kind === "built"
      ? `-e ${quote(how.extras.length === 0 ? root : `${root}[${how.extras.join(",")}]`)}`
      : `--no-deps --no-sources -e ${quote(root)}`
  const declared = [
    uvInstall(place.interpreter),
    "-r pyproject.toml",
    ...how.extras.map((name) => `--extra ${quote(name)}`),
    ...groups,
  ].join(" ")
  const onlyGroups =
    how.kind === "built" && groups.length > 0 ? [`${uvInstall(place.interpreter)} ${groups.join(" ")}`] : []
  return {
    projects: plan.project ? [plan.root] : [],
    dependencies: (container) =>
      how.kind === "declared"
        ? installStep(
            withFiles(container, plan, place).withWorkdir(posix.join(WORKSPACE, plan.root)),
            [declared],
            place,
          ).withWorkdir(APP)
        : container,
    project(container) {
      if (!plan.project && how.kind === "declared") return container
      const beside = withNeighbours(container, [plan.root], place).withWorkdir(root)
      return installStep(beside, [`${uvInstall(place.interpreter)} ${own}`, ...onlyGroups], place).withWorkdir(APP)
    },
  }
}

/** Asks the package manager, with the files that it needs and nothing else, what its lockfile comes to. */
async function exported(
  plan: Plan,
  how: Locked,
  place: Place,
  base: Container,
): Promise<{ remote: string; local: LocalProject[] }> {
  // poetry and pipenv do not look at the Python that the project asks for, pdm does; its version here needs 3.11
  const apart =
    how.tool === "poetry" ||
    how.tool === "pipenv" ||
    (how.tool === "pdm" && place.interpreter.version[0] === 3 && place.interpreter.version[1] < 11)
  const start = apart ? dag.container().from("python:3.11-slim") : base
  const python = apart ? "/usr/local/bin/python" : quote(place.interpreter.executable)
  const write = (command: string[], file: string) => `${command.map(quote).join(" ")} >${LOCKED}/${file}`
  const run = withUv(
    start,
    (container) => {
      const ready = withFiles(withTool(container, how.tool, python), plan, place)
        .withEnvVariable("UV_PYTHON", apart ? "" : place.interpreter.executable)
        .withEnvVariable("PDM_CHECK_UPDATE", "0")
        .withEnvVariable("PDM_USE_VENV", "0")
        .withEnvVariable("PIPENV_IGNORE_VIRTUALENVS", "1")
        .withEnvVariable("PIPENV_NOSPIN", "1")
        .withDirectory(LOCKED, dag.directory())
        .withWorkdir(posix.join(WORKSPACE, plan.root))
      const asked = how.check.reduce(
        (checked, command) => shell(checked, command.map(quote).join(" ")),
        withSecrets(ready, place.secrets),
      )
      const remote = shell(asked, write(how.remote, how.format))
      return how.everything === null ? remote : shell(remote, write(how.everything, "everything.txt"))
    },
    { owner: place.purpose, ...(apart ? {} : optional("platform", place.platform)), ...optional("cache", place.cache) },
  )
  try {
    const text = await run.file(`${LOCKED}/${how.format}`).contents()
    if (how.everything === null) return splitExport(text)
    return { remote: text, local: splitExport(await run.file(`${LOCKED}/everything.txt`).contents()).local }
  } catch (error) {
    const failed = asExecError(error)
    if (failed === null) throw error
    throw exportFailed(plan, how.tool, failed)
  }
}

/** The files of a plan, at their place beside the app. */
function withFiles(container: Container, plan: Plan, { layout, repository }: Place): Container {
  return plan.files.reduce(
    (with_, path) => withFileOf(with_, posix.join(WORKSPACE, path), layout.texts.get(path) ?? "", repository, path),
    container,
  )
}

/**
 * As text, so that layers depend on what a file says and not on where it came from. What is no UTF-8 cannot travel as text.
 */
function withFileOf(container: Container, at: string, text: string, { root }: Repository, path: string): Container {
  return text.includes("\uFFFD") ? container.withFile(at, root.file(path)) : container.withNewFile(at, text)
}

/** Projects of the repository that are not in the app's folder. */
function withNeighbours(container: Container, folders: string[], { layout, repository }: Place): Container {
  const outside = folders.filter((folder) => placed(layout.app, folder).startsWith(WORKSPACE))
  return outside.reduce(
    (with_, folder) => with_.withDirectory(posix.join(WORKSPACE, folder), folderOf(repository.root, folder)),
    container,
  )
}

function folderOf(root: Directory, folder: string): Directory {
  return folder === "." ? root : root.directory(folder)
}

/** Where a folder of the repository is in the container. */
function placed(app: string, folder: string): string {
  const inside = posix.relative(app, folder)
  return inside === ".." || inside.startsWith("../") ? posix.join(WORKSPACE, folder) : posix.join(APP, inside)
}

function installStep(
  container: Container,
  commands: string[],
  { secrets, purpose, platform, cache }: Pick<Place, "secrets" | "purpose" | "platform" | "cache">,
): Container {
  if (commands.length === 0) return container
  const run = (ready: Container) => {
    const done = commands.reduce(shell, withSecrets(ready, secrets))
    return [...secrets.keys()].reduce(
      (left, name) => (name === NETRC ? left.withoutMount("/root/.netrc") : left.withoutSecretVariable(name)),
      done,
    )
  }
  const needsUv = commands.some((command) => command.startsWith(uvProgram))
  return needsUv
    ? withUv(container, run, { owner: purpose, ...optional("platform", platform), ...optional("cache", cache) })
    : run(container)
}

/** What tollgate.yaml says instead of a plan: the listed files, and commands. */
export function withCommands(
  container: Container,
  {
    files,
    commands,
    ...place
  }: { files: string[]; commands: string[] } & Pick<Place, "layout" | "repository" | "secrets" | "purpose">,
): Container {
  const app = place.layout.app
  const filled = files.reduce(
    (with_, file) =>
      withFileOf(
        with_,
        posix.join(APP, file),
        place.layout.texts.get(inFolder(app, file)) ?? "",
        place.repository,
        inFolder(app, file),
      ),
    container,
  )
  return installStep(filled, commands, place)
}

/** The one file by which every package manager knows passwords of hosts. */
const NETRC = "NETRC"

function withSecrets(container: Container, secrets: ReadonlyMap<string, Secret>): Container {
  return [...secrets].reduce(
    (with_, [name, value]) =>
      name === NETRC ? with_.withMountedSecret("/root/.netrc", value) : with_.withSecretVariable(name, value),
    container,
  )
}

function pipInstall(interpreter: Interpreter): string {
  return interpreter.pip ? `${quote(interpreter.executable)} -m pip install` : uvInstall(interpreter)
}

export function uvInstall(interpreter: Interpreter): string {
  return `${uvProgram} pip install --python ${quote(interpreter.executable)} --break-system-packages`
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  const made: Partial<Record<Key, Value>> = {}
  if (value !== undefined) made[key] = value
  return made
}
