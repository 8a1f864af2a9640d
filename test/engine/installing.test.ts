import { readFileSync } from "node:fs"
import { dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { pythonApp } from "../../core/app/python/app.js"
import { buildImage } from "../../core/image/build.js"
import { noStamp } from "../../core/image/stamp.js"
import { proveSource } from "../../core/qa/prove.js"
import { appFolder, readSettings } from "../../core/source.js"
import { proven, repository } from "./installing.js"
import { useEngine } from "./session.js"

useEngine()

const HATCH =
  '[build-system]\nrequires = ["hatchling==1.27.0"]\nbuild-backend = "hatchling.build"\n[tool.hatch.build.targets.wheel]\npackages = ["src/shop"]\n'
const FOLDERS: Record<string, string> = { "pyproject.toml": "poetry/pyproject.toml", Pipfile: "pipenv/Pipfile" }

const green = (dependencies: string) => ({ dependencies, suites: [{ verdict: { kind: "passed" } }] })

describe.concurrent("is installed as its own package manager would, with the project and its neighbours from source:", () => {
  test("a member of a uv workspace whose uv.lock is above the app", async () => {
    const asks = [
      "import money, pay, sys",
      "assert installed('acme-pay') == '1.4.0' and installed('money') == '0.3.0'",
      "assert installed('six') == '1.17.0' and installed('iniconfig') == '2.1.0' and installed('toolz') is None",
      "assert pay.__file__ == '/app/src/pay/__init__.py' and money.cents(1.5) == 150",
    ].join("\n")
    expect(await proven(repository("uv", { path: "services/pay", asks }))).toMatchObject(
      green(
        "uv.lock by uv 0.13.9, locked (package acme-pay; groups dev; extras test); from source: packages/money, services/pay",
      ),
    )
  })

  test("a poetry project with a path dependency", async () => {
    const asks =
      "import money, shop\nassert installed('shop') == '2.0.0' and installed('money') == '0.3.0'\nassert shop.__file__.startswith('/app/')"
    expect(await proven(repository("poetry", { asks }))).toMatchObject(
      green("poetry.lock by poetry 2.5.1, locked (groups test); from source: libs/money, ."),
    )
  })

  test("a pdm project", async () => {
    const asks =
      "import shop\nassert installed('shop') == '2.0.0' and installed('six') == '1.17.0' and installed('pdm') is None"
    expect(await proven(repository("pdm", { asks }))).toMatchObject(
      green("pdm.lock by pdm 2.29.4, locked (groups test); from source: ."),
    )
  })

  test("a Pipfile", async () => {
    const asks = "assert installed('six') == '1.17.0' and installed('pipenv') is None"
    expect(await proven(repository("pipenv", { asks }))).toMatchObject(
      green("Pipfile.lock by pipenv 2026.10.3, locked (groups dev-packages)"),
    )
  })

  test("a pyproject.toml without a lockfile, its dependency groups and extras", async () => {
    const pyproject = `[project]\nname = "shop"\nversion = "2.0.0"\ndependencies = ["six==1.17.0"]\n[project.optional-dependencies]\ntests = ["iniconfig==2.1.0"]\nslow = ["toolz==1.0.0"]\n[dependency-groups]\ndev = ["pytest==8.4.2"]\n${HATCH}`
    const asks =
      "import shop\nassert installed('shop') == '2.0.0' and installed('iniconfig') == '2.1.0' and installed('toolz') is None"
    expect(
      await proven(repository("", { asks }, { "pyproject.toml": pyproject, "src/shop/__init__.py": "" })),
    ).toMatchObject(green("pyproject.toml by uv 0.13.9, not locked (groups dev; extras tests); from source: ."))
  })

  test("a setup.py that reads its dependencies from a file: only its own build can tell them", async () => {
    const setup =
      "from setuptools import setup\nsetup(name='shop', version='2.0.0', py_modules=['shop'], install_requires=open('needs.list').read().split(), extras_require={'test': ['pytest==8.4.2']})\n"
    const asks = "import shop\nassert installed('shop') == '2.0.0' and installed('six') == '1.17.0'"
    const source = repository(
      "",
      { asks, app: "dependencies: { extras: [test] }" },
      { "setup.py": setup, "needs.list": "six==1.17.0\n", "shop.py": "" },
    )
    expect(await proven(source)).toMatchObject(green("setup.py by uv 0.13.9, not locked (extras test); from source: ."))
  })

  test("requirements files in UTF-16, with hashes, constraints, files that they refer to, and the project as -e .", async () => {
    const six = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"
    const files = {
      "requirements.txt": Buffer.from(`\uFEFF-r requirements/web.txt\r\n-c limits.txt\r\n-e .\r\n`, "utf16le"),
      "requirements-dev.txt": "pytest==8.4.2\n",
      "requirements/web.txt": "toolz\n",
      "limits.txt": "toolz==1.0.0\n",
      "pyproject.toml": `[project]\nname = "shop"\nversion = "2.0.0"\n${HATCH}`,
      "src/shop/__init__.py": "",
    }
    const asks = "import shop\nassert installed('shop') == '2.0.0' and installed('toolz') == '1.0.0'"
    expect(await proven(repository("", { asks }, files))).toMatchObject(
      green("requirements.txt by pip (requirements-dev.txt); from source: ."),
    )
    const wrong = { "requirements.txt": six.replace("4721", "0000") }
    await expect(proven(repository("", { asks: "pass" }, wrong))).rejects.toMatchObject({
      code: "installation-failed",
      message: expect.stringContaining("THESE PACKAGES DO NOT MATCH THE HASHES"),
    })
  })
})

describe.concurrent("a lockfile that does not match its project is refused, in its own tool's words:", () => {
  const added = (name: string, from: string, to: string) => ({
    [name]: readFileSync(
      new URL(`fixtures/installing/${name.includes("/") ? `uv/${name}` : `${FOLDERS[name] ?? ""}`}`, import.meta.url),
      "utf8",
    ).replace(from, to),
  })

  test.each([
    [
      "uv",
      "services/pay",
      added("services/pay/pyproject.toml", "six==1.17.0", "six==1.16.0"),
      "The lockfile at `uv.lock` needs to be updated",
    ],
    [
      "poetry",
      ".",
      added("pyproject.toml", 'six = "1.17.0"', 'six = "1.16.0"'),
      "pyproject.toml changed significantly since poetry.lock was last generated",
    ],
    ["pipenv", ".", added("Pipfile", "==1.17.0", "==1.16.0"), "Pipfile.lock is out-of-date"],
  ])("%s", async (fixture, path, files, said) => {
    await expect(proven(repository(fixture, { path, asks: "pass" }, files))).rejects.toMatchObject({
      code: "lockfile-refused",
      message: expect.stringContaining(said),
    })
  })
})

describe.concurrent("a project for another Python", () => {
  test("says which image has it, and not that the lockfile is wrong", async () => {
    const files = {
      "pyproject.toml": `[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.14"\n`,
      "uv.lock": 'version = 1\nrequires-python = ">=3.14"\n',
    }
    await expect(proven(repository("", { asks: "pass" }, files))).rejects.toMatchObject({
      code: "lockfile-refused",
      next: "Nothing was installed. The project needs Python >=3.14: set app.image to an image with it, such as python:3.14-slim.",
    })
  })
})

describe.concurrent("the app's surroundings:", () => {
  const pytest = { "requirements.txt": "pytest==8.4.2\n" }

  test("a working folder, the team's PYTHONPATH, and a secret for what installs alone", async () => {
    const app =
      "workdir: src/api, dependencies: { files: [requirements.txt], install: ['test \"$INDEX_TOKEN\" = tk-5512', 'pip install -r requirements.txt'], secrets: [INDEX_TOKEN] }"
    const asks =
      "import shared\nassert os.getcwd() == '/app/src/api' and 'INDEX_TOKEN' not in os.environ and os.environ['PYTHONPATH'].endswith(':/app/libs')"
    const source = repository("", { app, asks }, { ...pytest, "src/api/x": "", "libs/shared.py": "" })
    const settings = (await source.file("tollgate.yaml").contents()).replace(
      "qa:\n",
      "qa:\n  env: { PYTHONPATH: /app/libs }\n",
    )
    const { result } = await proveSource(source.withNewFile("tollgate.yaml", settings), {
      suites: [],
      run: "",
      secrets: dag.setSecret("installing", "INDEX_TOKEN=tk-5512\n"),
    })
    expect(result).toMatchObject(green("app.dependencies.install, with requirements.txt"))
  })

  test("an image that cannot be pulled is named by its setting", async () => {
    await expect(
      proven(repository("", { asks: "pass", app: "image: 'python:3.13-no-such'" }, pytest)),
    ).rejects.toMatchObject({
      code: "image-unavailable",
      message: expect.stringMatching(/^Could not pull python:3\.13-no-such \(app\.image\): /),
    })
  })

  test("an environment without pip", async () => {
    const source = repository(
      "",
      {
        asks: "import sys\nassert sys.prefix == '/opt/bare' and installed('pip') is None",
        app: "packages: [python3-venv]",
      },
      pytest,
    )
    const settings = await readSettings(source)
    const bare = dag
      .container()
      .from("python:3.11-slim")
      .withExec(["python", "-m", "venv", "--without-pip", "/opt/bare"])
    const python = await pythonApp({
      place: "app.dependencies",
      settings: settings.app.dependencies,
      purpose: "test",
      base: bare,
      program: "/opt/bare/bin/python",
      image: "bare",
      source,
      secrets: new Map(),
    })
    expect(
      await python
        .dependencies(bare.withWorkdir("/app"))
        .withExec(["/opt/bare/bin/python", "-m", "pytest", "--version"])
        .stdout(),
    ).toContain("8.4.2")
  })
})

test.concurrent("Tollgate's own image has the same project and neighbours, without what only tests need", async () => {
  const image = "image: { command: [python, -m, pay], buildPackages: [] }\n"
  const source = repository("uv", { path: "services/pay", asks: "pass" })
  const whole = source.withNewFile("tollgate.yaml", `${await source.file("tollgate.yaml").contents()}${image}`)
  const settings = await readSettings(whole)
  const built = await buildImage(settings, await appFolder(whole, settings), noStamp)
  const ask =
    "import money, pay, sys; from importlib import metadata as m; print(m.version('acme-pay'), m.version('six'), pay.__file__, money.__file__, sorted(d.name for d in m.distributions()))"
  expect(await built.withExec(["python", "-c", ask]).stdout()).toBe(
    "1.4.0 1.17.0 /app/src/pay/__init__.py /opt/venv/lib/python3.11/site-packages/money/__init__.py ['acme-pay', 'money', 'six']\n",
  )
})
