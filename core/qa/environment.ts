import { readFile } from "node:fs/promises"
import { type Container, dag, type Directory, ExistsType } from "@dagger.io/dagger"
import type { AppSettings } from "../config/app.js"
import type { QaSettings } from "../config/qa.js"
import { TollgateError } from "../errors.js"
import { quotedTail } from "../quoted-tail.js"
import { asExecError, type ExecError } from "../exec-error.js"
import { complaint } from "./verdict.js"

/** Where the app's files are in a suite's container, and Tollgate's own beside them. */
export const APP = "/app"
export const TOOLS = "/opt/tollgate"

/** For an app whose tests are unittest's: pytest runs them as they are. */
const PYTEST = "pytest==8.4.2"

/** For an app that brings no coverage itself, or one from before it could be told of SIGTERM (6.4). */
const COVERAGE = "coverage==7.17.3"

const PYTHON_FILES = ["tollgate_suite.py", "tollgate_fold.py", "tollgate_evidence.py", "tollgate_redact.py", "tollgate_startup.py", "tollgate_unhandled.py"]

/**
 * The container that suites run in, without the app's source: image, Debian packages, dependencies, set-up commands.
 * It depends on the files that the settings name and on nothing else, so that a change of source installs nothing again.
 */
export async function appEnvironment(app: AppSettings, qa: QaSettings, source: Directory): Promise<Container> {
  const files = await dependencyFiles("app.dependencies.files", app.dependencies.files, app, source)
  let container = dag.container().from(app.image).withWorkdir(APP)
  if (app.packages.length > 0) container = withPackages(container, app.packages)
  container = container
    .withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    .withEnvVariable("PIP_ROOT_USER_ACTION", "ignore")
    .withMountedCache("/root/.cache/pip", dag.cacheVolume("tollgate-pip"))
  for (const [path, contents] of files) container = container.withNewFile(path, contents)
  for (const command of app.dependencies.install) container = shell(container, command)
  if (qa.coverage !== null)
    container = shell(container, `${qa.interpreter} -c 'import coverage, sys; sys.exit(coverage.version_info < (6, 4))' 2>/dev/null || ${qa.interpreter} -m pip install '${COVERAGE}'`)
  if (qa.runner === null && Object.values(qa.suites).some(({ command }) => command === null))
    container = shell(container, `${qa.interpreter} -c 'import pytest' 2>/dev/null || ${qa.interpreter} -m pip install '${PYTEST}'`)
  for (const command of app.setup) container = shell(container, command)
  return await installing("app.packages, app.dependencies or app.setup", await withTools(container, qa.interpreter))
}

/**
 * Runs what installs.
 *
 * @param settings what to look at when a command fails
 */
export async function installing(settings: string, container: Container): Promise<Container> {
  try {
    return await container.sync()
  } catch (error) {
    const failed = asExecError(error)
    throw failed === null ? error : installationError(settings, failed)
  }
}

export function shell(container: Container, command: string): Container {
  return container.withExec(["sh", "-c", command])
}

export function withPackages(container: Container, packages: string[]): Container {
  const install = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} && rm -rf /var/lib/apt/lists/*`
  return shell(container.withEnvVariable("DEBIAN_FRONTEND", "noninteractive"), install).withoutEnvVariable("DEBIAN_FRONTEND")
}

/**
 * Read as text, so that the layers above depend on what the files say and not on the folder they came from.
 *
 * @param place where tollgate.yaml lists them
 */
export async function dependencyFiles(place: string, files: string[], app: AppSettings, source: Directory): Promise<[path: string, contents: string][]> {
  const found = await Promise.all(files.map((path) => source.exists(path, { expectedType: ExistsType.RegularType })))
  const missing = files.filter((_, index) => found[index] !== true)
  if (missing.length > 0)
    throw new TollgateError(
      "dependencies-missing",
      `${missing.join(", ")}: not in the app's folder (${app.path}).`,
      `${place} of tollgate.yaml names the files that the installation reads, relative to app.path.`,
    )
  return Promise.all(files.map(async (path): Promise<[string, string]> => [path, await source.file(path).contents()]))
}

async function withTools(container: Container, interpreter: string): Promise<Container> {
  const contents = await Promise.all(PYTHON_FILES.map((name) => readFile(new URL(`python/${name}`, import.meta.url), "utf8")))
  let tools = dag.directory()
  for (const [index, name] of PYTHON_FILES.entries()) tools = tools.withNewFile(name, contents[index] ?? "")
  // the name puts it behind the .pth files by which packages make themselves importable
  const startup = [
    "import pathlib, sysconfig",
    `pathlib.Path(sysconfig.get_path("purelib"), "zz_tollgate.pth").write_text("${TOOLS}\\nimport tollgate_startup\\n")`,
  ].join("; ")
  return container.withDirectory(TOOLS, tools).withExec([interpreter, "-c", startup])
}

function installationError(settings: string, error: ExecError): TollgateError {
  const command = error.cmd.at(-1) ?? ""
  const said = complaint(`${error.stdout}\n${error.stderr}`)
  const tail = quotedTail(`${error.stdout}\n${error.stderr}`, 12)
  return new TollgateError(
    "installation-failed",
    [`The app's dependencies could not be installed: \`${command}\` ended with ${error.exitCode}.`, ...(said ? [said] : []), "", ...tail].join("\n"),
    `Nothing ran. Correct ${settings} in tollgate.yaml, or the files that they name.`,
  )
}
