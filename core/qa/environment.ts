import { readFile } from "node:fs/promises"
import { type Container, type Directory, dag, type Secret } from "@dagger.io/dagger"
import { type InstalledApp, pythonApp } from "../app/python/app.js"
import { withoutPipCache, withPipCache } from "../app/python/caches.js"
import { APP, installing, pulled, shell, withPackages } from "../app/steps.js"
import type { AppSettings } from "../config/app.js"
import type { QaSettings } from "../config/qa.js"

export { APP }

/** Where Tollgate's own files are in a suite's container. */
export const TOOLS = "/opt/tollgate"

/** For an app whose tests are unittest's: pytest runs them as they are. */
const PYTEST = "pytest==8.4.2"

/** For an app that brings no coverage itself, or one from before it could be told of SIGTERM (6.4). */
const COVERAGE = [`'coverage==7.17.3; python_version >= "3.10"'`, `'coverage==7.10.7; python_version < "3.10"'`].join(
  " ",
)

const PYTHON_FILES = [
  "tollgate_suite.py",
  "tollgate_fold.py",
  "tollgate_evidence.py",
  "tollgate_canary.py",
  "tollgate_collected.py",
  "tollgate_collector.py",
  "tollgate_names.py",
  "tollgate_problem.py",
  "tollgate_process.py",
  "tollgate_ran.py",
  "tollgate_record.py",
  "tollgate_seal.py",
  "tollgate_watch.py",
  "tollgate_redact.py",
  "tollgate_startup.py",
  "tollgate_unhandled.py",
]

/**
 * The container that suites run in: image, Debian packages, dependencies, set-up commands; then the app's source, and its project
 * installed where it is one. All but the last depends on the files that the installation reads and on nothing else, so that a
 * change of source installs no dependency again.
 *
 * @param source the app's own folder
 */
export async function appEnvironment(app: AppSettings, qa: QaSettings, source: Directory): Promise<Container> {
  return (await installedApp(app, qa, source)).container
}

/** @param secrets values of app.dependencies.secrets */
export async function installedApp(
  app: AppSettings,
  qa: QaSettings,
  source: Directory,
  secrets: ReadonlyMap<string, Secret> = new Map(),
): Promise<InstalledApp> {
  let base = (await pulled(app.image, dag.container().from(app.image))).withWorkdir(APP)
  if (app.packages.length > 0) base = withPackages(base, app.packages)
  base = withPipCache(
    base.withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1").withEnvVariable("PIP_ROOT_USER_ACTION", "ignore"),
    "test",
  )
  const python = await pythonApp({
    place: "app.dependencies",
    settings: app.dependencies,
    purpose: "test",
    base,
    program: qa.interpreter,
    image: app.image,
    source,
    secrets,
  })
  let container = python.dependencies(base)
  if (qa.coverage !== null)
    container = python.ensure(
      container,
      `${qa.interpreter} -c 'import coverage, sys; sys.exit(coverage.version_info < (6, 4))' 2>/dev/null`,
      COVERAGE,
    )
  if (qa.runner === null && Object.values(qa.suites).some(({ command }) => command === null))
    container = python.ensure(container, `${qa.interpreter} -c 'import pytest' 2>/dev/null`, `'${PYTEST}'`)
  for (const command of app.setup) container = shell(container, command)
  const settings = { all: "app.packages, app.dependencies or app.setup", packages: "app.packages" }
  const ready = await installing(settings, await withTools(container, qa.interpreter))
  return {
    // code under test gets no cache, not even the tests' own
    container: withoutPipCache(await installing(settings, python.project(ready.withDirectory(APP, source)))),
    described: python.described,
  }
}

async function withTools(container: Container, interpreter: string): Promise<Container> {
  const contents = await Promise.all(
    PYTHON_FILES.map((name) => readFile(new URL(`python/${name}`, import.meta.url), "utf8")),
  )
  // a file of that name keeps Python from reading compiled files that the suite may have put there
  let tools = dag.directory().withNewFile("__pycache__", "")
  for (const [index, name] of PYTHON_FILES.entries()) tools = tools.withNewFile(name, contents[index] ?? "")
  // the name puts it behind the .pth files by which packages make themselves importable
  const startup = [
    "import pathlib, sysconfig",
    `pathlib.Path(sysconfig.get_path("purelib"), "zz_tollgate.pth").write_text("${TOOLS}\\nimport tollgate_startup\\n")`,
  ].join("; ")
  return container.withDirectory(TOOLS, tools).withExec([interpreter, "-c", startup])
}
