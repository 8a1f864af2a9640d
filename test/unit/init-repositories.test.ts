import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { systemsOf } from "../../core/init/files.js"
import { findingsOf } from "../../core/init/findings.js"
import { isRead } from "../../core/init/repository.js"
import { settingsText } from "../../core/init/settings-text.js"

/** What `init` says of repositories that differ in one thing each, and of kinds that strangers met. */

const found = (files: Record<string, string>) =>
  findingsOf({
    paths: Object.keys(files),
    texts: new Map(Object.entries(files).filter(([path]) => isRead(path))),
  })
const written = (files: Record<string, string>) => {
  const text = settingsText(found(files))
  return { text, settings: parseSettings(text) }
}
const suitesOf = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(written(files).settings.qa.suites).map(([name, { files }]) => [name, files]))
const PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask"]\n'
const TESTS = { "tests/test_a.py": "" }

describe("init finds the package manager", () => {
  const poetry = '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.11"\n'
  it.each<[string, Record<string, string>, RegExp]>([
    ["uv", { "pyproject.toml": PROJECT, "uv.lock": "version = 1\n" }, /^uv\.lock by uv \d/],
    ["poetry", { "pyproject.toml": poetry, "poetry.lock": "" }, /^poetry\.lock by poetry \d/],
    ["pdm", { "pyproject.toml": PROJECT, "pdm.lock": "" }, /^pdm\.lock by pdm \d/],
    ["pipenv", { Pipfile: "", "Pipfile.lock": "{}" }, /^Pipfile\.lock by pipenv \d/],
    ["pip", { "requirements.txt": "flask\n" }, /^requirements\.txt by pip$/],
    ["a project without a lockfile", { "pyproject.toml": PROJECT }, /^pyproject\.toml by uv .*not locked/],
    ["setup.py", { "setup.py": "from setuptools import setup\nsetup(name='shop')\n" }, /^setup\.py by uv .*not locked/],
  ])("%s", (_, files, why) => {
    const { dependencies } = found({ ...files, ...TESTS })
    expect(dependencies).toMatchObject({ value: "detected", why: expect.stringMatching(why) })
    expect(written({ ...files, ...TESTS }).settings.app.dependencies.files).toBeNull()
  })

  it("and says of a Pipfile without its lockfile, and of no file at all, that nothing is installed", () => {
    expect(found({ Pipfile: "[packages]\n", ...TESTS }).dependencies).toEqual({
      value: "none",
      why: "Pipfile has no Pipfile.lock beside it",
    })
    expect(written({ "production.env": "A=1\n" }).settings.app.dependencies.files).toEqual([])
  })
})

describe("init finds the services that the suites need", () => {
  const services = (requirements: string) => {
    const { postgres, redis } = found({ "requirements.txt": requirements, ...TESTS })
    return [postgres.value, redis.value]
  }
  it.each(["psycopg[binary]==3.3.9", "psycopg2-binary", "Psycopg2", "asyncpg==0.30", "pg8000"])(
    "Postgres by the driver %s",
    (requirement) => expect(services(`flask\n${requirement}\n`)).toEqual([true, false]),
  )
  it.each(["redis==5", "Celery[redis]==5.4", "rq", "django-rq", "arq", "aioredis", "Flask-Redis", "django-redis"])(
    "Redis by %s",
    (requirement) => expect(services(`flask\n${requirement}\n`)).toEqual([false, true]),
  )

  it("but not by a comment, or by a name that only begins or ends alike", () => {
    expect(services("flask\n# redis is not needed yet\nfakeredis  # instead of redis\nmarq\nrquest\n")).toEqual([
      false,
      false,
    ])
  })

  it("in a lockfile and in a Pipfile too, and names the file", () => {
    const lock = '[[package]]\nname = "redis"\nversion = "5.0"\n\n[[package]]\nname = "asyncpg"\n'
    expect(found({ "pyproject.toml": PROJECT, "uv.lock": lock, ...TESTS })).toMatchObject({
      postgres: { value: true, why: "uv.lock names a driver for Postgres" },
      redis: { value: true, why: "uv.lock names Redis, or what uses it" },
    })
    const pipfile = { Pipfile: '[packages]\npsycopg = "*"\n', "Pipfile.lock": "{}" }
    expect(found({ ...pipfile, ...TESTS }).postgres.why).toBe("Pipfile names a driver for Postgres")
  })
})

describe("init finds the runner, its suites, and the folders of tests", () => {
  it("of a runner that names one suite by its file and one by its folder, with pytest's settings in ci/", () => {
    const runner = `SUITES = {"refunds": "tests/test_refunds.py", "split": "tests/split"}
name = sys.argv[sys.argv.index("--suite") + 1]
sys.exit(subprocess.call([sys.executable, "-m", "pytest", "-c", "ci/pytest.ini", SUITES[name]]))
`
    const files = {
      "requirements.txt": "pytest\n",
      "ci/pytest.ini": "[pytest]\n",
      "tools/qa.py": runner,
      "tests/test_refunds.py": "",
      "tests/split/test_split.py": "",
      "shop/__init__.py": "",
    }
    expect(written(files).settings.qa.runner).toBe("tools/qa.py")
    expect(suitesOf(files)).toEqual({ refunds: ["tests/test_refunds.py"], split: ["tests/split"] })
    expect(found(files).code).toEqual(["shop"])
  })

  it("of a runner without a table of suites takes pytest, and says so", () => {
    const files = {
      "requirements.txt": "pytest\n",
      "pytest.ini": "",
      "conftest.py": 'pytest_plugins = ["pytester"]\n',
      "qa_report/__init__.py": "",
      "tests/test_report_plugin.py": "",
      "tools/qa.py":
        '"""qa.py --suite NAME."""\nsys.exit(subprocess.call(["pytest", "tests/test_report_plugin.py"]))\n',
    }
    const { text, settings } = written(files)
    expect(settings.qa.runner).toBeNull()
    expect(suitesOf(files)).toEqual({ tests: ["tests"] })
    expect(text).toContain("no runner with a table of suites was found, so pytest runs them")
    expect(found(files).code).toEqual(["qa_report"])
  })

  it("of tests beside the code, in several folders, and of a service whose own folder has no tests", () => {
    const manifest = { "requirements.txt": "flask\n" }
    expect(suitesOf({ ...manifest, "test_shop.py": "", "shop.py": "" })).toEqual({ tests: ["."] })
    expect(suitesOf({ ...manifest, "checks/test_a.py": "", "qa/money_test.py": "" })).toEqual({
      checks: ["checks"],
      qa: ["qa"],
    })
    const none = written({ ...manifest, "alembic.ini": "[alembic]\n", "models.py": "" })
    expect(none.text).toContain("# no test file was found: list the suites' files here")
  })

  it("of the service in a monorepo that has tests, and not of one that has none", () => {
    const files = {
      "services/mail/requirements.txt": "flask\n",
      "services/pay/pyproject.toml": PROJECT,
      "services/pay/tests/e2e/test_pay.py": "",
      "services/pay/tests/unit/test_money.py": "",
      "services/pay/pay/money.py": "",
      "services/pay/Dockerfile": "FROM python:3.12-slim\n",
    }
    const { settings } = written(files)
    expect(settings.app.path).toBe("services/pay")
    expect(suitesOf(files)).toEqual({ e2e: ["tests/e2e"], unit: ["tests/unit"] })
    expect(found(files)).toMatchObject({ code: ["pay"] })
    expect(found(files).dockerfile.value).toEqual({ path: "services/pay/Dockerfile", context: "services/pay" })
    expect(settings.app.image).toBe("python:3.12-slim")
  })
})

describe("init finds the image, the migrations and what it does not read", () => {
  it("of a Dockerfile alone builds the app's own image and installs nothing", () => {
    const { text, settings } = written({ Dockerfile: "FROM python:3.12-slim\n", "shop/serve.py": "", "README.md": "" })
    expect(text).toContain("# Image: the app's own Dockerfile.")
    expect(settings.app.dependencies.files).toEqual([])
    expect(settings.qa.coverage?.source).toEqual(["shop"])
  })

  it("of alembic without models, and of its settings in pyproject.toml, takes the revisions for no code", () => {
    const revisions = { "migrations/env.py": "", "migrations/versions/0001_payments.py": "" }
    const byFile = found({ "requirements.txt": "alembic\n", "alembic.ini": "[alembic]\n", ...revisions })
    expect(byFile.migrations).toEqual({ value: "alembic", why: "alembic.ini" })
    expect(byFile.code).toEqual([])
    expect(found({ "pyproject.toml": `${PROJECT}[tool.alembic]\nscript_location = "m"\n` }).migrations.why).toBe(
      "[tool.alembic] of pyproject.toml",
    )
  })

  it("of Django by its manage.py, and not by any file of that name", () => {
    const manage = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pay.settings")\n'
    const of = (text: string, path = "manage.py") => found({ "requirements.txt": "Django\n", [path]: text }).migrations
    expect(of(manage)).toEqual({ value: "django", why: "manage.py" })
    expect(of(manage, "src/manage.py")).toEqual({ value: "django", why: "src/manage.py" })
    expect(of("import flask_script\n").value).toBeNull()
  })

  it.each(["docker-compose.yml", "compose.prod.yaml", "deploy/render.yaml", "k8s/shop.yml", "charts/shop/values.yaml"])(
    "and names %s as not read, without a setting made from it",
    (path) => {
      const files = { "requirements.txt": "flask\n", ...TESTS }
      expect(found({ ...files, [path]: "" }).notes).toEqual([expect.stringContaining(`${path} is not read: `)])
      const withoutComments = (all: Record<string, string>) => JSON.stringify(written(all).settings)
      expect(withoutComments({ ...files, [path]: "" })).toBe(withoutComments(files))
    },
  )

  it("and the CI by its files before the origin, several of them too", () => {
    expect(systemsOf([".gitlab-ci.yml"], "https://github.com/acme/shop")).toEqual(["github", "gitlab"])
    expect(systemsOf(["ci/tollgate.sh", "ci/tollgate.gitlab-ci.yml"], "")).toEqual(["gitlab", "shell"])
    expect(systemsOf([], "https://gitlab.acme.example/shop")).toEqual(["gitlab"])
  })
})
