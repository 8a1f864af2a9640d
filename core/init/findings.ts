import { describe } from "../app/python/describe.js"
import { detect } from "../app/python/detect.js"
import { isDjango } from "../database/alembic/migration-tool.js"
import { TollgateError } from "../shared/errors.js"
import { findBefore } from "./before.js"
import { type FoundParts, findDatabaseParts } from "./database-parts.js"
import type { Decision } from "./decision.js"
import { type FoundDockerfile, findDockerfile } from "./dockerfile.js"
import { isCode, isService, nameOfProject, pathOfSource } from "./project.js"
import { findPythonImage } from "./python-image.js"
import { folderOf, namesIn, type RepositoryFiles, textOf } from "./repository.js"
import { findHealth, findStart } from "./start.js"
import { findTests, TEST_FILE, type Tests } from "./tests.js"

export interface Findings {
  /** release.name; null: nothing names the service. */
  name: string | null
  app: Decision<string>
  /** null: the default of app.image. */
  python: Decision<string | null>
  /** null: nothing says what to install. */
  dependencies: Decision<"detected" | "none">
  tests: Tests | null
  /** Folders of code, for coverage. */
  code: readonly string[]
  postgres: Decision<boolean>
  redis: Decision<boolean>
  /** The database's address, for an app that reads it in parts. */
  databaseParts: FoundParts
  /** Commands of qa.before. */
  before: Decision<readonly string[]>
  /** PYTHONPATH of the suites; null: none is needed. */
  pythonPath: Decision<string | null>
  dockerfile: Decision<FoundDockerfile | null>
  /** image.command; null: the Dockerfile starts the service, or nothing says how it starts. */
  start: Decision<readonly string[] | null>
  /** Path by which the service says that it is healthy; null: none was found. */
  health: string | null
  migrations: Decision<"alembic" | "django" | null>
  /** What was seen and is not used, with where it is told how. */
  notes: readonly string[]
}

/** Decides what tollgate.yaml says of a repository. Whatever cannot be told gets Tollgate's default. */
export function findingsOf(files: RepositoryFiles): Findings {
  const app = findApp(files)
  const names = namesIn(files, app.value)
  const installed = [...files.texts].filter(
    ([path]) => path.startsWith(app.value === "." ? "" : `${app.value}/`) || folderOf(path) === ".",
  )
  const mentions = (pattern: RegExp) =>
    installed.find(
      ([path, text]) => /\.(toml|lock|txt|in|cfg|py)$|Pipfile/.test(path) && pattern.test(withoutComments(text)),
    )?.[0]
  const [postgres, redis] = [mentions(POSTGRES), mentions(REDIS)]
  const dockerfile = findDockerfile(files, app.value)
  const migrations = findMigrations(files, app.value, names)
  return {
    name: nameOfProject(files, app.value),
    app,
    python: findPythonImage(files, app.value, dockerfile?.path ?? null),
    dependencies: findDependencies(files, app.value),
    tests: findTests(files, app.value),
    code: codeIn(names),
    postgres: {
      value: postgres !== undefined,
      why: postgres === undefined ? "no driver for Postgres was found" : `${postgres} names a driver for Postgres`,
    },
    redis: {
      value: redis !== undefined,
      why: redis === undefined ? "nothing that uses Redis was found" : `${redis} names Redis, or what uses it`,
    },
    databaseParts: findDatabaseParts(files, app.value, postgres !== undefined),
    before: findBefore(files, migrations.value, postgres !== undefined),
    pythonPath: pathOfSource(files, app.value),
    dockerfile: {
      value: dockerfile,
      why:
        dockerfile === null
          ? "there is no Dockerfile, so Tollgate builds the image itself"
          : dockerfile.path === "Dockerfile"
            ? "the app's own Dockerfile"
            : `the app's own Dockerfile, ${dockerfile.path}`,
    },
    start:
      dockerfile === null
        ? findStart(files, app.value, (pattern) => mentions(pattern) !== undefined)
        : { value: null, why: "" },
    health: findHealth(files, app.value),
    migrations,
    notes: notesOf(files),
  }
}

// PyPI's names have no case
const POSTGRES = /\b(psycopg2?|asyncpg|pg8000)/i
const REDIS = /(^|["'\s])(redis|aioredis|(django|flask)-redis|celery|(django-)?rq|arq)\b/im

/** Of TOML, requirements and Python: a note on a package that is not used installs nothing. */
function withoutComments(text: string): string {
  return text.replace(/(^|\s)#.*$/gm, "$1")
}

/** The folder that has tests and says what to install: the outermost that is a service itself. */
function findApp(files: RepositoryFiles): Decision<string> {
  const manifests = /(^|\/)(pyproject\.toml|Pipfile|setup\.py|manage\.py|Dockerfile|[\w.-]*requirements[\w.-]*\.txt)$/
  const folders = [...new Set(files.paths.filter((path) => manifests.test(path)).map(folderOf))].sort(
    (one, other) => depth(one) - depth(other) || one.localeCompare(other),
  )
  const withTests = folders.filter((folder) => namesIn(files, folder).some((name) => TEST_FILE.test(name)))
  const tested = withTests.find((folder) => isService(files, folder)) ?? withTests[0]
  const found = tested ?? folders[0]
  if (found === undefined) return { value: ".", why: "no file of a package manager was found" }
  return {
    value: found,
    why: found === "." ? "the repository itself is the service" : `${found}/ has the service and its tests`,
  }
}

function depth(folder: string): number {
  return folder === "." ? 0 : folder.split("/").length
}

function findDependencies({ texts }: RepositoryFiles, app: string): Decision<"detected" | "none"> {
  try {
    return { value: "detected", why: describe(detect({ app, texts }, { purpose: "test" }, "app.dependencies"), []) }
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return { value: "none", why: (error.message.split("\n")[0] ?? error.code).replace(/\.$/, "") }
  }
}

/** Packages beside the tests. */
function codeIn(names: readonly string[]): string[] {
  const packages = names.flatMap((name) => {
    const [first = "", second, third] = name.split("/")
    if (first === "src" && !names.includes("src/__init__.py"))
      return third === undefined || !name.endsWith(".py") ? [] : [`src/${second}`]
    return second === undefined || !isCode(name) ? [] : [first]
  })
  return [...new Set(packages)].sort()
}

function findMigrations(files: RepositoryFiles, app: string, names: readonly string[]): Findings["migrations"] {
  if (names.includes("alembic.ini")) return { value: "alembic", why: "alembic.ini" }
  const at = (name: string) => textOf(files, app, name)
  if (/^\s*\[tool\.alembic[\].]/m.test(at("pyproject.toml") ?? ""))
    return { value: "alembic", why: "[tool.alembic] of pyproject.toml" }
  const manage = names.find((name) => /^([^/]+\/)?manage\.py$/.test(name) && isDjango(at(name) ?? ""))
  return manage === undefined
    ? { value: null, why: "neither alembic nor Django was found" }
    : { value: "django", why: manage }
}

function notesOf({ paths }: RepositoryFiles): string[] {
  const first = (pattern: RegExp) => paths.find((path) => pattern.test(path))
  const [compose, render, kubernetes] = [
    first(/(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/),
    first(/(^|\/)render\.ya?ml$/),
    first(/(^|\/)(k8s|kubernetes|manifests|helm|charts?)\/.+\.ya?ml$/),
  ]
  return [
    ...(compose === undefined ? [] : [`${compose} is not read: the suites' services are under qa.services`]),
    ...(render === undefined ? [] : [`${render} is not read: Tollgate deploys to hosts over SSH (docs/targets.md)`]),
    ...(kubernetes === undefined
      ? []
      : [`${kubernetes} is not read: Tollgate deploys to hosts over SSH (docs/targets.md)`]),
  ]
}
