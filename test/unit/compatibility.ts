/** What repositories may look like, and the test that shows it. docs/compatibility.md is written from this. */
export interface Row {
  what: string
  how: string
  /** A test's file below test/, and its name or a part of it. */
  test: readonly [file: string, name: string]
}

export interface Section {
  title: string
  rows: readonly Row[]
}

const row = (what: string, how: string, file: string, name: string): Row => ({ what, how, test: [file, name] })
const INSTALLING = "engine/installing.test.ts"
const RUNNING = "engine/running.test.ts"
const GATE = "engine/gate.test.ts"
const CONTENT = "engine/image-content.test.ts"
const SERVICE = "engine/image-service.test.ts"
const WORLDS = "release/worlds.test.ts"
const TEXT = "unit/image-text.test.ts"
const LINEAGE = "unit/image-lineage.test.ts"

export const SECTIONS: readonly Section[] = [
  {
    title: "Package managers",
    rows: [
      row(
        "uv",
        "workspace, lockfile above the app",
        INSTALLING,
        "a member of a uv workspace whose uv.lock is above the app",
      ),
      row("poetry", "path dependencies", INSTALLING, "a poetry project with a path dependency"),
      row("pdm", "development groups", INSTALLING, "a pdm project"),
      row("pipenv", "packages and dev-packages", INSTALLING, "a Pipfile"),
      row(
        "pip, pyproject.toml alone",
        "dependency groups and extras",
        INSTALLING,
        "a pyproject.toml without a lockfile",
      ),
      row(
        "pip, setup.py",
        "built to tell its dependencies",
        INSTALLING,
        "a setup.py that reads its dependencies from a file",
      ),
      row("pip, requirements", "UTF-16, hashes, constraints, `-r`, `-e .`", INSTALLING, "requirements files in UTF-16"),
      row("an environment without pip", "pip comes from outside", INSTALLING, "an environment without pip"),
      row(
        "a lockfile that does not match",
        "refused in the tool's own words",
        INSTALLING,
        "a lockfile that does not match its project is refused",
      ),
      row(
        "several in one repository",
        "the nearest, the others named",
        "unit/python-detect.test.ts",
        "a lockfile before the requirements exported from it",
      ),
    ],
  },
  {
    title: "Layouts",
    rows: [
      row(
        "the app in a subfolder",
        "`app.path`, lockfile and neighbours above it",
        INSTALLING,
        "a member of a uv workspace whose uv.lock is above the app",
      ),
      row(
        "tests in another folder than the app's",
        "`app.workdir`, the team's `PYTHONPATH`",
        INSTALLING,
        "a working folder, the team's PYTHONPATH",
      ),
      row(
        "pytest's configuration in a folder of its own",
        "`-c ci/pytest.ini`",
        RUNNING,
        "pytest's configuration in a folder of its own",
      ),
      row(
        "node ids relative to the tests' folder",
        "as pytest prints them",
        GATE,
        "a runner that works in the tests' own folder",
      ),
      row(
        "a server started from another folder",
        "measured",
        RUNNING,
        "a server in another folder, and one with an environment of its own",
      ),
    ],
  },
  {
    title: "Whole services",
    rows: [
      row(
        "uv workspace, FastAPI, asynchronous SQLAlchemy, alembic",
        "tested, built without a Dockerfile, deployed, rolled back",
        WORLDS,
        "a uv workspace with asynchronous SQLAlchemy, without a Dockerfile",
      ),
      row(
        "poetry, Django, gunicorn",
        "the same, with a Dockerfile and manage.py",
        WORLDS,
        "poetry and Django, migrated by manage.py",
      ),
      row(
        "an API and a pnpm web app in one repository",
        "the same, with `app.path` and `image.context`",
        WORLDS,
        "an API and a pnpm web app in one repository, with the Dockerfile above the API",
      ),
    ],
  },
  {
    title: "Runners",
    rows: [
      row("a QA runner of the team's own", "`qa.runner`", GATE, "a service whose suites all ran and passed is proven"),
      row(
        "pytest, no runner",
        "files, folders, patterns",
        RUNNING,
        "without a runner pytest runs the files, folders and patterns",
      ),
      row("unittest", "run by pytest", RUNNING, "unittest's tests as well"),
      row("any command", "`command` of the suite", RUNNING, "a suite's own command replaces the runner"),
      row("pytest-xdist", "workers collect, the controller reports", GATE, "pytest-xdist, whose workers collect"),
      row("pytest-rerunfailures", "repetitions are counted", GATE, "a test that pytest-rerunfailures had to run twice"),
      row(
        "markers",
        "tests left out are named with the line that allows them",
        RUNNING,
        "tests that a marker leaves out are named whole",
      ),
    ],
  },
  {
    title: "Services",
    rows: [
      row(
        "Postgres and Redis",
        "one of each for every suite",
        "engine/example.test.ts",
        "each with its own Postgres and Redis",
      ),
      row(
        "any other image",
        "`qa.services.NAME`",
        "engine/services.test.ts",
        "a suite finds services of the team's own choice by name",
      ),
      row(
        "processes beside the tests",
        "started by `qa.before` in the background",
        "engine/services.test.ts",
        "what qa.before started in the background",
      ),
    ],
  },
  {
    title: "Dockerfiles",
    rows: [
      row("heredocs", "of RUN, COPY and ONBUILD", TEXT, "a heredoc of ONBUILD"),
      row("shifts, here-strings, quotes", "begin no heredoc", TEXT, "a here-string"),
      row("`# syntax`, `# escape`", "at the very top", TEXT, "with directives only at the very top"),
      row("ARG before FROM", "defaults, `${V:-x}`, given values", LINEAGE, "ARG V=3.11"),
      row("several stages", "`image.target`, stages by name", LINEAGE, "is the base of the built stage"),
      row("stages that are copied from", "by name, number or mount", LINEAGE, "are distinguished by the stage"),
      row("build arguments", "in the image only through ENV", CONTENT, "a build argument is available to RUN"),
      row(
        "build secrets",
        "`RUN --mount=type=secret`",
        CONTENT,
        "a secret of image.buildSecrets is there for the line that asks for it",
      ),
      row(
        "ignore files",
        "`.dockerignore`, `NAME.dockerignore` of one Dockerfile",
        CONTENT,
        "files excluded by .dockerignore are not in the image",
      ),
      row(
        "HEALTHCHECK in shell form",
        "by the image's SHELL",
        SERVICE,
        "a HEALTHCHECK in shell form runs with the image's SHELL",
      ),
      row(
        "HEALTHCHECK in exec form, no shell in the image",
        "as it is",
        SERVICE,
        "an image with nothing but its program is started like any other",
      ),
      row("USER by name or number", "as runtimes read it", CONTENT, "but not with a number that is a name of root"),
      row(
        "no Dockerfile",
        "Tollgate's own build, reproducible",
        "engine/image-own.test.ts",
        "Tollgate's own image of a Python service passes",
      ),
    ],
  },
]

export function page(sections: readonly Section[]): string {
  const tables = sections.map(({ title, rows }) =>
    [
      `## ${title}`,
      "",
      "| | | test |",
      "|---|---|---|",
      ...rows.map(({ what, how, test: [file, name] }) => `| ${what} | ${how} | [${name}](../test/${file}) |`),
    ].join("\n"),
  )
  return [
    "# What repositories may look like",
    "",
    "Each line is shown by a test, most of them on a real engine. `npm run schema` writes this page; a test fails when it is not current or",
    "when one of its tests is gone.",
    "",
    tables.join("\n\n"),
    "",
  ].join("\n")
}
