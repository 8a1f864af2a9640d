import { describe, expect, it } from "vitest"
import { describe as inOneLine } from "../../core/app/python/describe.js"
import { detect } from "../../core/app/python/detect.js"
import type { Plan, Wishes } from "../../core/app/python/plan.js"

const BUILD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
const project = (name: string, more = "") => `[project]\nname = "${name}"\nversion = "1"\n${more}\n${BUILD}`
const PDM_LOCK = '[metadata]\ngroups = ["default", "test"]\n'

function found(texts: Record<string, string>, app = ".", wishes: Partial<Wishes> = {}): Plan {
  return detect({ app, texts: new Map(Object.entries(texts)) }, { purpose: "test", ...wishes }, "app.dependencies")
}

const line = (texts: Record<string, string>, app = ".", wishes: Partial<Wishes> = {}) =>
  inOneLine(found(texts, app, wishes), []).replace(/(uv|poetry|pdm|pipenv) [\d.]+/, "$1")

function command(plan: Plan): string {
  return plan.how.kind === "locked" ? plan.how.remote.join(" ") : ""
}

describe("what says what to install", () => {
  it.each<[string, Record<string, string>, string, string]>([
    ["a uv.lock", { "uv.lock": "", "pyproject.toml": project("shop") }, ".", "uv.lock by uv, locked"],
    [
      "a lockfile before the requirements exported from it",
      { "poetry.lock": "", "requirements.txt": "", "pyproject.toml": project("shop") },
      ".",
      "poetry.lock by poetry, locked (requirements.txt not read)",
    ],
    [
      "requirements in the app's folder before a lockfile above it",
      { "uv.lock": "", "pay/requirements.txt": "" },
      "pay",
      "pay/requirements.txt by pip",
    ],
    [
      "a lockfile above a project that has none",
      { "uv.lock": "", "pyproject.toml": "", "pay/pyproject.toml": project("pay") },
      "pay",
      "uv.lock by uv, locked (package pay)",
    ],
    [
      "requirements for tests beside those of the service",
      { "requirements.txt": "", "requirements-test.txt": "", "docs-requirements.txt": "" },
      ".",
      "requirements.txt by pip (requirements-test.txt)",
    ],
    [
      "a folder of requirements",
      { "requirements/base.txt": "", "requirements/dev.txt": "", "requirements/docs.txt": "" },
      ".",
      "requirements/base.txt by pip (requirements/dev.txt)",
    ],
    [
      "a compiled requirements file, not its source",
      { "requirements.in": "", "requirements.txt": "" },
      ".",
      "requirements.txt by pip",
    ],
    [
      "a project alone",
      { "pyproject.toml": project("shop", "[dependency-groups]\ntest = []\n") },
      ".",
      "pyproject.toml by uv, not locked (groups test)",
    ],
    [
      "a setup.py, beside a pyproject.toml that only configures tools",
      { "setup.py": "setup(name='shop')", "pyproject.toml": "[tool.ruff]\n" },
      ".",
      "setup.py by uv, not locked",
    ],
    [
      "a Pipfile.lock",
      { Pipfile: "", "Pipfile.lock": "{}" },
      ".",
      "Pipfile.lock by pipenv, locked (groups dev-packages)",
    ],
    [
      "a pdm.lock",
      { "pdm.lock": PDM_LOCK, "pyproject.toml": project("shop", "[dependency-groups]\ntest = []\nlint = []\n") },
      ".",
      "pdm.lock by pdm, locked (groups test)",
    ],
  ])("is %s", (_, texts, app, said) => {
    expect(line(texts, app)).toBe(said)
  })

  it("can be chosen: of several package managers' files those of one are read", () => {
    const texts = { "uv.lock": "", "requirements.txt": "", "pyproject.toml": project("shop") }
    expect(found(texts, ".", { manager: "pip" }).found).toBe("requirements.txt")
    expect(() => found(texts, ".", { manager: "poetry" })).toThrow(
      /no file of a package manager \(what app\.dependencies\.manager asks for \(poetry\)\)/,
    )
  })

  it("is missing: the files searched for are named, and a Pipfile without its lockfile", () => {
    expect(() => found({ "pyproject.toml": "[tool.ruff]\n" })).toThrow(
      /uv\.lock, poetry\.lock, .*requirements\.txt[^]*files: \[\]/,
    )
    expect(() => found({ Pipfile: "" })).toThrow(/Pipfile has no Pipfile\.lock[^]*pipenv lock/)
  })

  it("cannot be read: the place is named", () => {
    expect(() => found({ "uv.lock": "", "pyproject.toml": "[project\n" })).toThrow(/^pyproject\.toml:1:9 is not TOML/)
  })
})

describe("what only tests need", () => {
  const texts = {
    "uv.lock": "",
    "pyproject.toml": project(
      "shop",
      "[project.optional-dependencies]\ntest = []\npostgres = []\n[dependency-groups]\ndev = []\nqa = []\ndocs = []\n",
    ),
  }

  it("is installed for tests, by what the manager installs by default and by usual names", () => {
    expect(command(found(texts))).toContain("--no-default-groups --group dev --group qa --extra test")
  })

  it("is not in the image", () => {
    expect(command(found(texts, ".", { purpose: "image" }))).not.toMatch(/--group|--extra/)
  })

  it("is what tollgate.yaml names", () => {
    expect(command(found(texts, ".", { groups: ["docs"], extras: ["postgres"], purpose: "image" }))).toContain(
      "--group docs --extra postgres",
    )
  })

  it("is every group that is not optional, with poetry; and an optional one for tests", () => {
    const poetry =
      '[tool.poetry]\nname = "shop"\n[tool.poetry.group.lint.dependencies]\n[tool.poetry.group.docs]\noptional = true\n[tool.poetry.group.test]\noptional = true\n'
    expect(command(found({ "poetry.lock": "", "pyproject.toml": poetry }))).toContain("--only main,lint,test")
    expect(command(found({ "poetry.lock": "", "pyproject.toml": poetry }, ".", { purpose: "image" }))).toMatch(
      /--only main$/,
    )
  })

  it("is refused of requirements files, which have no groups", () => {
    expect(() => found({ "requirements.txt": "" }, ".", { groups: ["dev"] })).toThrow(
      /Requirements files \(requirements\.txt\) have no groups and no extras/,
    )
  })
})

describe("a workspace", () => {
  const texts = {
    "uv.lock": "",
    "pyproject.toml": '[tool.uv.workspace]\nmembers = ["*"]\n',
    "pay/pyproject.toml": project("pay", "[dependency-groups]\ntest = []\n"),
    "money/pyproject.toml": project("money"),
    ".venv/pyproject.toml": "",
  }

  it("gives its lockfile every member's pyproject.toml", () => {
    expect(found(texts, "pay").files).toEqual(
      expect.arrayContaining(["uv.lock", "pyproject.toml", "pay/pyproject.toml", "money/pyproject.toml"]),
    )
  })

  it("is installed for one member where the app is one, and as a whole where the app is all of it", () => {
    expect(command(found(texts, "pay"))).toContain("--package pay --no-default-groups --group test")
    expect(command(found(texts))).toContain("--all-packages --no-default-groups --group test")
  })

  it("is trusted to be up to date where only a build could tell", () => {
    expect(command(found(texts, "pay"))).toContain("--locked")
    expect(
      command(
        found({ ...texts, "pay/pyproject.toml": '[project]\nname = "pay"\ndynamic = ["dependencies"]\n' }, "pay"),
      ),
    ).toContain("--frozen")
  })
})

describe("the project itself", () => {
  const isInstalled = (texts: Record<string, string>, wishes: Partial<Wishes> = {}) => found(texts, ".", wishes).project

  it("is installed where it says how it is built, and not where it says that it is no package", () => {
    expect(isInstalled({ "requirements.txt": "", "pyproject.toml": project("shop") })).toBe(true)
    expect(isInstalled({ "requirements.txt": "", "setup.py": "from setuptools import setup\nsetup()" })).toBe(true)
    expect(isInstalled({ "requirements.txt": "", "pyproject.toml": "[tool.pytest.ini_options]\n" })).toBe(false)
    expect(isInstalled({ "poetry.lock": "", "pyproject.toml": `[tool.poetry]\npackage-mode = false\n${BUILD}` })).toBe(
      false,
    )
    expect(
      isInstalled({ "pdm.lock": PDM_LOCK, "pyproject.toml": project("shop", "[tool.pdm]\ndistribution = false\n") }),
    ).toBe(false)
    expect(isInstalled({ "uv.lock": "", "pyproject.toml": project("shop", "[tool.uv]\npackage = false\n") })).toBe(
      false,
    )
  })

  it("is left out when tollgate.yaml says so", () => {
    expect(isInstalled({ "requirements.txt": "", "pyproject.toml": project("shop") }, { project: false })).toBe(false)
  })

  it("has to be built where its dependencies cannot be read", () => {
    const kind = (text: string) => found({ "pyproject.toml": text }).how.kind
    expect(kind(project("shop"))).toBe("declared")
    expect(kind(`[project]\nname = "shop"\ndynamic = ["dependencies"]\n${BUILD}`)).toBe("built")
    expect(kind(`[tool.poetry]\nname = "shop"\n${BUILD}`)).toBe("built")
  })
})
