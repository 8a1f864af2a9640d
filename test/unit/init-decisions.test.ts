import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { findingsOf } from "../../core/init/findings.js"
import { minorsOf } from "../../core/init/python-image.js"
import { isRead } from "../../core/init/repository.js"
import { settingsText } from "../../core/init/settings-text.js"

/** What `init` decides for repositories that strangers start with: public templates, each made as small as it fails. */

const written = (files: Record<string, string>) => {
  const texts = new Map(Object.entries(files).filter(([path]) => isRead(path)))
  const text = settingsText(findingsOf({ paths: Object.keys(files), texts }))
  return { text, settings: parseSettings(text) }
}
const suitesOf = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(written(files).settings.qa.suites).map(([name, { files }]) => [name, files]))
const PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask", "psycopg"]\n'
const TESTS = { "tests/test_a.py": "" }

describe("init loses no test", () => {
  it("of two folders that are both called tests: each is a suite", () => {
    expect(
      suitesOf({ "pyproject.toml": PROJECT, "app/auth/tests/test_a.py": "", "app/probe/tests/test_b.py": "" }),
    ).toEqual({
      auth: ["app/auth"],
      probe: ["app/probe"],
    })
  })

  it("of folders whose names come to the same: the second one gets a number", () => {
    expect(suitesOf({ "pyproject.toml": PROJECT, "t/a_b/test_a.py": "", "t/a-b/test_b.py": "" })).toEqual({
      "a-b": ["t/a-b"],
      "a-b-2": ["t/a_b"],
    })
  })

  it("of more folders than suites should start databases for: they are one suite", () => {
    const apps = Array.from({ length: 7 }, (_, at) => `app${at}`)
    const files = Object.fromEntries(apps.map((name) => [`${name}/tests/test_it.py`, ""]))
    const { text } = written({ "pyproject.toml": PROJECT, ...files })
    expect(suitesOf({ "pyproject.toml": PROJECT, ...files })).toEqual({ tests: apps })
    expect(text).toContain("as one suite: each suite starts a database of its own")
  })

  it("below the folders of tests/, however deep they are", () => {
    const files = { "pyproject.toml": PROJECT, "tests/api/routes/v1/test_a.py": "", "tests/crud/test_b.py": "" }
    expect(suitesOf(files)).toEqual({ api: ["tests/api"], crud: ["tests/crud"] })
  })

  it("of a runner's suite whose name tollgate.yaml does not take: the runner still gets its own name", () => {
    const runner = 'SUITES = {"card_refunds": "tests/test_a.py", "e2e": "tests/test_b.py"}  # --suite NAME\n'
    const { settings } = written({
      "requirements.txt": "pytest\n",
      "tools/qa.py": runner,
      ...TESTS,
      "tests/test_b.py": "",
    })
    expect(settings.qa.suites["card-refunds"]?.command).toBe("python tools/qa.py --suite card_refunds --verbose")
    expect(settings.qa.suites["e2e"]?.command).toBeNull()
  })

  it("and a folder of a template, whose name would be a pattern, is no suite", () => {
    expect(suitesOf({ "pyproject.toml": PROJECT, ...TESTS, "{{shop.name}}/tests/test_b.py": "" })).toEqual({
      tests: ["tests"],
    })
  })
})

describe("init finds the service of a repository", () => {
  const workspace = {
    "pyproject.toml": '[tool.uv.workspace]\nmembers = ["backend"]\n',
    "uv.lock": "version = 1\n",
    "backend/pyproject.toml": PROJECT,
    "backend/alembic.ini": "[alembic]\n",
    "backend/app/main.py": "",
    "backend/tests/test_a.py": "",
    "frontend/package.json": "{}",
  }

  it("in the member of a workspace, and not at its root, which is no project", () => {
    const { settings, text } = written(workspace)
    expect(settings.app.path).toBe("backend")
    expect(settings.qa.coverage?.source).toEqual(["app"])
    expect(text).toContain("# Migrations: alembic, by alembic.ini.")
    expect(text).toContain("# backend/ has the service and its tests\napp:")
  })

  it("below a pyproject.toml that only configures tools", () => {
    const files = { ...workspace, "pyproject.toml": "[tool.ruff]\nline-length = 100\n" }
    expect(written(files).settings.app.path).toBe("backend")
  })

  it("at the root where that is a project itself", () => {
    const files = { ...workspace, "pyproject.toml": `${PROJECT}[tool.uv.workspace]\nmembers = ["backend"]\n` }
    expect(written(files).settings.app.path).toBe(".")
  })

  it.each([
    ["copies from above its folder", "COPY uv.lock backend/pyproject.toml /app/\nCOPY ./backend /app\n", "."],
    ["copies from its own folder", "COPY pyproject.toml ./app /app/\n", "backend"],
    ["copies what is not known before the build", "COPY $FILES dist-* /app/\nCOPY --from=web /dist /dist\n", "backend"],
  ])("with a Dockerfile that %s", (_, copies, context) => {
    const { settings } = written({ ...workspace, "backend/Dockerfile": `FROM python:3.11-slim\n${copies}` })
    const inFolder = context === "."
    expect(settings.image.context).toBe(inFolder ? "." : undefined)
    expect(settings.image.dockerfile).toBe(inFolder ? "backend/Dockerfile" : undefined)
  })
})

describe("init names the service", () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ["by its project", { "pyproject.toml": PROJECT.replace('"shop"', '"Shop_API.v2"') }, "shop-api-v2"],
    ["by poetry's", { "pyproject.toml": '[tool.poetry]\nname = "pay"\n' }, "pay"],
    [
      "not at all where no host could have the name",
      { "pyproject.toml": PROJECT.replace('"shop"', '"2shop"') },
      undefined,
    ],
    ["not at all without a project", { "requirements.txt": "flask\n" }, undefined],
  ])("%s", (_, files, name) => expect(written({ ...TESTS, ...files }).settings.release.name).toBe(name))
})

describe("init takes the Python that the repository asks for", () => {
  const imageOf = (files: Record<string, string>) => written({ ...TESTS, ...files }).settings.app.image
  it.each<[string, Record<string, string>, string]>([
    ["of its image first", { Dockerfile: "FROM python:3.9.10-slim\n", ".python-version": "3.12\n" }, "python:3.9-slim"],
    [
      "of its image's last stage",
      { Dockerfile: "FROM node:24 AS web\nFROM python:3.14-slim-trixie AS base\nFROM base\n" },
      "python:3.14-slim",
    ],
    ["of .python-version", { ".python-version": "3.12.4\n", "requirements.txt": "flask" }, "python:3.12-slim"],
    ["of runtime.txt", { "runtime.txt": "python-3.10.2\n", "requirements.txt": "flask" }, "python:3.10-slim"],
    ["of a Pipfile", { Pipfile: '[requires]\npython_version = "3.12"\n', "Pipfile.lock": "{}" }, "python:3.12-slim"],
    ["of requires-python", { "pyproject.toml": `${PROJECT}requires-python = ">=3.13,<4.0"\n` }, "python:3.13-slim"],
    [
      "but the default where that fits",
      { "pyproject.toml": `${PROJECT}requires-python = ">=3.9"\n` },
      "python:3.11-slim",
    ],
    ["and the default of an image without Python", { Dockerfile: "FROM debian:13\n" }, "python:3.11-slim"],
    [
      "and the default of a pyproject.toml that is not TOML",
      { "pyproject.toml": "requires-python = >3" },
      "python:3.11-slim",
    ],
  ])("%s", (_, files, image) => expect(imageOf(files)).toBe(image))

  it.each<[string, number[]]>([
    [">=3.12", [12, 13, 14]],
    [">=3.9,<3.12", [9, 10, 11]],
    [">=3.10, <3.12.4", [10, 11, 12]],
    [">3.9", [10, 11, 12, 13, 14]],
    ["==3.10.*", [10]],
    ["3.9", [9]],
    ["~=3.12", [12, 13, 14]],
    ["~=3.12.1", [12]],
    ["^3.13", [13, 14]],
    ["~3.9", [9]],
    [">=3.8,!=3.9.*,!=3.10.0,<=3.11", [8, 10, 11]],
    ["<3.9 || >=3.14", [8, 14]],
    [">=3", [8, 9, 10, 11, 12, 13, 14]],
    [">=4", []],
  ])("the range %s has %j", (range, minors) => expect(minorsOf(range)).toEqual(minors))
})

describe("init makes the first run of the suites work", () => {
  const alembic = { "pyproject.toml": PROJECT, "alembic.ini": "[alembic]\n", ...TESTS }
  it.each([".github/workflows/tests.yml", "Makefile", "scripts/test.sh", ".gitlab-ci.yml"])(
    "by running alembic before them, where %s does",
    (path) => {
      const { settings, text } = written({ ...alembic, [path]: "uv run alembic upgrade head && pytest\n" })
      expect(settings.qa.before).toEqual(["alembic upgrade head"])
      expect(text).toContain(`# ${path} runs it`)
    },
  )

  it("but not where nothing does, or there is no database", () => {
    expect(written(alembic).settings.qa.before).toEqual([])
    const none = {
      ...alembic,
      "pyproject.toml": PROJECT.replace(', "psycopg"', ""),
      Makefile: "alembic upgrade head\n",
    }
    expect(written(none).settings.qa.before).toEqual([])
  })

  describe("by giving the database's address in the parts that the app reads", () => {
    const parts = (text: string, path = "shop/config.py") => {
      const { settings } = written({ "requirements.txt": "flask\npsycopg\n", ...TESTS, [path]: text })
      return { qa: settings.qa.env, image: settings.image.env, database: settings.database.env }
    }
    it.each<[string, string, string, Record<string, string>]>([
      [
        "of a function",
        "shop/config.py",
        'host = os.environ.get("DB_HOST", "localhost")\npassword = os.environ.get("DB_PASSWORD", "abc123")\n',
        { DB_HOST: "{host}", DB_PASSWORD: "{password}" },
      ],
      [
        "of pydantic's settings",
        "app/core/config.py",
        "POSTGRES_SERVER: str\nPOSTGRES_PORT: int = 5432\nPOSTGRES_USER: str\nPOSTGRES_PASSWORD: str\nPOSTGRES_DB: str\nSMTP_HOST: str\n",
        {
          POSTGRES_SERVER: "{host}",
          POSTGRES_PORT: "{port}",
          POSTGRES_USER: "{user}",
          POSTGRES_PASSWORD: "{password}",
          POSTGRES_DB: "{database}",
        },
      ],
      [
        "of an example of a .env",
        ".env.example",
        "DATABASE__HOSTNAME=localhost\nDATABASE__USERNAME=rdb\nREDIS_HOST=localhost\nACCESS_DATABASE_LOG=1\n",
        { DATABASE__HOSTNAME: "{host}", DATABASE__USERNAME: "{user}" },
      ],
      [
        "of Django",
        "pay/settings/base.py",
        '"HOST": env("DJSTRIPE_TEST_DB_HOST"), "NAME": env("DJSTRIPE_TEST_DB_NAME"), "X": env("OTHER_DB_NAME")',
        { DJSTRIPE_TEST_DB_HOST: "{host}", DJSTRIPE_TEST_DB_NAME: "{database}" },
      ],
    ])("%s", (_, path, text, env) => {
      const { qa, image, database } = parts(text, path)
      expect(qa).toEqual(env)
      expect(image).toEqual(env)
      // nothing is migrated
      expect(database).toEqual({})
    })

    it("to the migrations as well, where there are some", () => {
      const files = { ...alembic, "app/config.py": 'os.environ["DB_HOST"]\n' }
      expect(written(files).settings.database.env).toEqual({ DB_HOST: "{host}" })
    })

    it("written out at each place", () => {
      const files = { ...alembic, "app/config.py": 'os.environ["DB_HOST"]\n' }
      expect(written(files).text).not.toMatch(/[&*]a1/)
    })

    it("to the suites alone, where only tests read it", () => {
      const { qa, image } = parts('os.environ["DB_HOST"]\n', "tests/settings.py")
      expect(qa).toEqual({ DB_HOST: "{host}" })
      expect(image).toEqual({})
    })

    it("but not without a host, without Postgres, or by a test", () => {
      expect(parts('os.environ["DB_NAME"], os.environ["REDIS_HOST"]').qa).toEqual({})
      expect(parts("os.environ['DATABASE_URL']").qa).toEqual({})
      const files = { "requirements.txt": "flask\n", ...TESTS, "shop/config.py": 'os.environ["DB_HOST"]' }
      expect(written(files).settings.qa.env).toEqual({})
    })
  })

  it("by saying where the packages in src/ are, where nothing installs them", () => {
    const files = { "requirements.txt": "flask\n", "src/shop/pay.py": "", ...TESTS }
    expect(written(files).settings.qa.env).toEqual({ PYTHONPATH: "src" })
    expect(written({ ...files, "pyproject.toml": PROJECT }).settings.qa.env).toEqual({})
    expect(written({ ...files, "setup.py": "" }).settings.qa.env).toEqual({})
    expect(written({ ...files, "pytest.ini": "[pytest]\npythonpath = src\n" }).settings.qa.env).toEqual({})
    expect(written({ "requirements.txt": "flask\n", "shop/pay.py": "", ...TESTS }).settings.qa.env).toEqual({})
  })

  it("and src as a package of its own is the code that coverage measures", () => {
    const files = { "pyproject.toml": PROJECT, "src/__init__.py": "", "src/main.py": "", ...TESTS }
    expect(written(files).settings.qa.coverage?.source).toEqual(["src"])
  })
})

describe("init finds how a service without a Dockerfile starts", () => {
  const imageOf = (files: Record<string, string>) => {
    const { settings, text } = written({ ...TESTS, ...files })
    return { command: settings.image.command, health: settings.image.health, text }
  }
  const deps = (...names: string[]) => ({ "requirements.txt": `${names.join("\n")}\n` })
  it.each<[string, Record<string, string>, string[]]>([
    [
      "FastAPI by uvicorn",
      { ...deps("fastapi", "uvicorn"), "app/main.py": "app = FastAPI()\n" },
      ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"],
    ],
    [
      "a package in src/ by its installed name",
      { "pyproject.toml": PROJECT.replace("flask", "uvicorn"), "src/shop/__init__.py": "api: FastAPI = FastAPI(\n" },
      ["uvicorn", "shop:api", "--host", "0.0.0.0", "--port", "8000"],
    ],
    [
      "Flask by gunicorn",
      { ...deps("flask", "gunicorn"), "app.py": "app = Flask(__name__)\n" },
      ["gunicorn", "app:app", "--bind", "0.0.0.0:8000"],
    ],
    [
      "Django by gunicorn",
      { ...deps("django", "gunicorn"), "pay/wsgi.py": "application = get_wsgi_application()\n" },
      ["gunicorn", "pay.wsgi:application", "--bind", "0.0.0.0:8000"],
    ],
    [
      "a Procfile before all others",
      {
        ...deps("fastapi", "uvicorn"),
        "app/main.py": "app = FastAPI()\n",
        Procfile: "worker: w\nweb: serve --port=${PORT:-5000} -b :$PORT\n",
      },
      ["sh", "-c", "exec serve --port=8000 -b :8000"],
    ],
  ])("%s", (_, files, command) => expect(imageOf(files).command).toEqual(command))

  it("by the service's own code, and not by a sample or a script beside it", () => {
    const beside = { "docs/src/main.py": "app = FastAPI()\n", "scripts/app.py": "app = FastAPI()\n" }
    expect(imageOf({ ...deps("fastapi", "uvicorn"), ...beside }).command).toBeUndefined()
    const { command } = imageOf({ ...deps("fastapi", "uvicorn"), ...beside, "shop/main.py": "web = FastAPI()\n" })
    expect(command?.[1]).toBe("shop.main:web")
  })

  it("and says what to set where nothing tells, or what would start it is not installed", () => {
    for (const files of [deps("fastapi"), { ...deps("flask"), "app.py": "app = Flask(__name__)\n" }]) {
      const { command, text } = imageOf(files)
      expect(command).toBeUndefined()
      expect(text).toContain(
        "# Set image.command to the program that starts the service, such as [python, -m, app.serve].",
      )
    }
    const own = imageOf({
      Dockerfile: "FROM python:3.11-slim\n",
      ...deps("fastapi", "uvicorn"),
      "main.py": "app = FastAPI()\n",
    })
    expect(own.command).toBeUndefined()
    expect(own.text).not.toContain("Set image.command")
  })

  it("and the path by which it says that it is healthy", () => {
    const of = (route: string, path = "app/main.py") =>
      imageOf({ ...deps("fastapi"), [path]: `@app.get("${route}")\n` })
    expect(of("/api/v1/healthz").health).toBe("/api/v1/healthz")
    expect(of("/ping/").health).toBe("/ping")
    expect(of("/health").text).not.toContain("image.health")
    const none = of("/orders")
    expect(none.health).toBe("/health")
    expect(none.text).toContain(
      "# Set image.health to the path by which it says that it is healthy; /health is requested.",
    )
    expect(of("/livez", "tests/main.py").health).toBe("/health")
  })
})
