import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { systemsOf } from "../../core/init/files.js"
import { findingsOf } from "../../core/init/findings.js"
import { isRead, type RepositoryFiles } from "../../core/init/repository.js"
import { settingsText } from "../../core/init/settings-text.js"
import { tollgateHere } from "./command-here.js"

function repository(files: Record<string, string>): RepositoryFiles {
  const paths = Object.keys(files)
  return { paths, texts: new Map(Object.entries(files).filter(([path]) => isRead(path))) }
}

const settingsOf = (files: Record<string, string>) => {
  const text = settingsText(findingsOf(repository(files)))
  return { text, settings: parseSettings(text) }
}

const RUNNER = `SUITES = {"refunds": "tests/test_refunds.py", "split": ["tests/split"], "gone": "tests/nowhere.py"}
name = sys.argv[sys.argv.index("--suite") + 1]`

describe("tollgate.yaml for a service", () => {
  it("with a runner names its suites, as its own table has them, and only files that are there", () => {
    const { text, settings } = settingsOf({
      "requirements.txt": "fastapi\nredis==5\npsycopg[binary]\n",
      "tools/qa.py": RUNNER,
      "tests/test_refunds.py": "",
      "tests/split/test_split.py": "",
      "shop/money.py": "",
      "ci/pytest.ini": "",
    })
    expect(settings.qa.runner).toBe("tools/qa.py")
    expect(Object.entries(settings.qa.suites).map(([name, { files }]) => [name, files])).toEqual([
      ["refunds", ["tests/test_refunds.py"]],
      ["split", ["tests/split"]],
    ])
    expect(settings.qa.coverage).toMatchObject({ source: ["shop"], threshold: 0 })
    expect(settings.qa.services).toMatchObject({ postgres: { env: "DATABASE_URL" }, redis: { env: "REDIS_URL" } })
    expect(text).toContain("# tools/qa.py takes --suite, and names these suites\n  runner: tools/qa.py")
  })

  it("with plain pytest makes a suite of each folder of tests, and leaves out services that nothing uses", () => {
    const { text, settings } = settingsOf({
      "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask"]\n',
      "uv.lock": "version = 1\n",
      "src/shop/__init__.py": "",
      "tests/unit/test_a.py": "",
      "tests/e2e/test_b.py": "",
      "tests/conftest.py": "",
      Dockerfile: "FROM python:3.12-slim\n",
    })
    expect(settings.qa.runner).toBeNull()
    expect(Object.keys(settings.qa.suites)).toEqual(["e2e", "unit"])
    expect(settings.qa.services).toEqual({ postgres: false, redis: false, others: {} })
    expect(settings.qa.coverage?.source).toEqual(["src/shop"])
    expect(text).toContain("# Dependencies: uv.lock by uv")
    expect(text).toContain("# Image: the app's own Dockerfile.")
  })

  it("in a folder of a monorepo finds the folder, Django and the files that it does not read", () => {
    const { text, settings } = settingsOf({
      "README.md": "",
      "render.yaml": "services: []\n",
      "compose.yaml": "services: {}\n",
      "k8s/shop.yaml": "",
      "services/pay/requirements.txt": "Django\npsycopg2-binary\n",
      "services/pay/manage.py": 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pay.settings")',
      "services/pay/pay/settings.py": "",
      "services/pay/tests/test_pay.py": "",
    })
    expect(settings.app.path).toBe("services/pay")
    expect(settings.qa.suites).toMatchObject({ tests: { files: ["tests"] } })
    expect(settings.qa.services).toMatchObject({ postgres: { env: "DATABASE_URL" }, redis: false })
    expect(text).toContain("# Migrations: django, by manage.py.")
    for (const file of ["render.yaml", "compose.yaml", "k8s/shop.yaml"])
      expect(text).toContain(`# ${file} is not read: `)
  })

  it("without dependencies or tests is valid, and says what to fill in", () => {
    const { text, settings } = settingsOf({ Dockerfile: "FROM python:3.11-slim\n", "shop/serve.py": "" })
    expect(settings.app.dependencies.files).toEqual([])
    expect(text).toContain("# no test file was found: list the suites' files here")
  })

  it("knows alembic by its own file and by pyproject.toml", () => {
    const of = (files: Record<string, string>) => findingsOf(repository(files)).migrations.value
    expect(of({ "requirements.txt": "alembic", "alembic.ini": "" })).toBe("alembic")
    expect(of({ "pyproject.toml": "[tool.alembic]\nscript_location = 'm'\n" })).toBe("alembic")
    expect(of({ "requirements.txt": "flask" })).toBeNull()
  })

  it("writes for the CIs that a repository uses, and a script for any other", () => {
    expect(systemsOf([".github/workflows/x.yml", ".gitlab-ci.yml"], "")).toEqual(["github", "gitlab"])
    expect(systemsOf([], "https://github.com/acme/shop")).toEqual(["github"])
    expect(systemsOf([], "https://git.acme.example/shop")).toEqual(["shell"])
  })
})

describe("tollgate init", () => {
  const root = mkdtempSync(join(tmpdir(), "tollgate-init-"))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const workflow = ".github/workflows/payment-system-ci.yml"

  function folder(name: string, files: Record<string, string>): string {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name, path)), { recursive: true })
      writeFileSync(join(root, name, path), text)
    }
    return join(root, name)
  }
  const init = (source: string, ...options: string[]) => tollgateHere(root, ["init", `--source=${source}`, ...options])
  const MODULE = "--module=github.com/acme/tollgate@0123456"

  it("writes tollgate.yaml where it does not know its own address, and says how the CI's files get it", async () => {
    const source = folder("zip", { "requirements.txt": "flask\n", "tests/test_a.py": "" })
    const written = await init(source)
    // a clone of Tollgate from a forge knows it
    const knows = written.out.includes("ci/tollgate.sh  written")
    expect(existsSync(join(source, "tollgate.yaml"))).toBe(true)
    expect(existsSync(join(source, "ci/tollgate.sh"))).toBe(knows)
    expect(written.err.includes("--module=github.com/acme/tollgate@COMMIT. The CI's files were not written.")).toBe(
      !knows,
    )
  })

  it("writes what is missing, keeps it current, and touches nothing that it did not make", async () => {
    const source = folder("shop", {
      "requirements.txt": "flask\n",
      "tests/test_a.py": "",
      ".github/workflows/payment-system-comment.yml": "name: ours\n",
    })
    const dry = await init(source, MODULE, "--dry-run")
    expect(dry).toMatchObject({ code: 0 })
    expect(dry.out).toContain(`--- ${workflow}`)
    expect(existsSync(join(source, "tollgate.yaml"))).toBe(false)
    expect(await init(source, MODULE, "--check")).toMatchObject({ code: 1 })

    expect((await init(source, MODULE)).code).toBe(0)
    expect(readFileSync(join(source, ".github/workflows/payment-system-comment.yml"), "utf8")).toBe("name: ours\n")
    // the module's address is the one that is there
    const current = await init(source, "--check")
    expect(current).toMatchObject({ code: 0 })
    expect(current.out).toContain(`${workflow}  is current`)

    const settings = join(source, "tollgate.yaml")
    writeFileSync(settings, `${readFileSync(settings, "utf8")}# by hand\n`)
    writeFileSync(join(source, workflow), `${readFileSync(join(source, workflow), "utf8")}# by hand\n`)
    expect(await init(source, "--check")).toMatchObject({ code: 1 })
    const again = await init(source)
    expect(again).toMatchObject({ code: 1 })
    expect(again.out).toContain("differs, and was not touched")
    expect(readFileSync(join(source, workflow), "utf8")).toContain("# by hand")
    expect((await init(source, "--yes")).code).toBe(0)
    expect(readFileSync(join(source, workflow), "utf8")).not.toContain("# by hand")
    expect(readFileSync(settings, "utf8")).toContain("# by hand")
  })

  it("names what tollgate.yaml lists and is not there, and is silent when all of it is", async () => {
    const settings =
      "qa: { runner: tools/qa.py, suites: { e2e: { files: [tests, 'more/test_*.py', tests/test_b.py] } } }\n"
    const source = folder("listed", { "tollgate.yaml": settings, "tests/conftest.py": "", ".github/x": "" })
    const before = await init(source, MODULE)
    expect(before).toMatchObject({ code: 0 })
    for (const missing of [
      "qa.runner: tools/qa.py",
      "qa.suites.e2e.files[0]: tests",
      "qa.suites.e2e.files[1]: more/test_*.py",
      "qa.suites.e2e.files[2]: tests/test_b.py",
    ])
      expect(before.out).toContain(`tollgate.yaml  ${missing} is not there`)
    expect(before.out).toContain("then run `tollgate validate`")
    folder("listed", { "tools/qa.py": "", "more/test_c.py": "", "tests/test_b.py": "" })
    expect((await init(source)).out).not.toContain("is not there")
  })

  it("refuses a tollgate.yaml that is wrong before it writes anything", async () => {
    const source = folder("wrong", { "tollgate.yaml": "qa: { suits: {} }\n", ".github/x": "" })
    const run = await init(source, MODULE)
    expect(run.code).toBe(1)
    expect(run.err).toContain("did you mean `suites`?")
    expect(existsSync(join(source, workflow))).toBe(false)
  })
})
