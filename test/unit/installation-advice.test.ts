import { describe, expect, it } from "vitest"
import { adviceOn } from "../../core/app/installation-advice.js"

/** Lines as pip, uv, setuptools and a shell print them. */
describe("an installation that failed says which setting of tollgate.yaml helps:", () => {
  it.each<[string, string, string]>([
    ["psycopg2 without libpq", "    Error: pg_config executable not found.", "[libpq-dev, gcc, libc6-dev]"],
    [
      "psycopg2 without a compiler",
      "      error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
      "[gcc, libc6-dev]",
    ],
    ["a Makefile without a compiler", "sh: 1: gcc: not found", "[gcc, libc6-dev]"],
    ["a package in C++", "error: [Errno 2] No such file or directory: 'g++'", "[g++, libc6-dev]"],
    [
      "mysqlclient",
      "      Exception: Can not find valid pkg-config name.",
      "[default-libmysqlclient-dev, pkgconf, gcc, libc6-dev]",
    ],
    [
      "lxml",
      "      Error: Please make sure the libxml2 and libxslt development packages are installed.",
      "[libxml2-dev, libxslt1-dev]",
    ],
    ["Debian's Python", "cffi.c:2:10: fatal error: Python.h: No such file or directory", "[python3-dev]"],
    ["cffi", "c/_cffi_backend.c:15:10: fatal error: ffi.h: No such file or directory", "[libffi-dev]"],
    [
      "a requirement from Git",
      "ERROR: Cannot find command 'git' - do you have 'git' installed and in your PATH?",
      "[git]",
    ],
  ])("%s", (_, said, packages) => {
    expect(adviceOn(`Collecting it\n${said}\nerror: see above`, "app.packages")).toBe(
      `Add Debian packages: \`app.packages: ${packages}\`.`,
    )
  })

  it("all of them, with the key of the installation", () => {
    const said = "Error: pg_config executable not found.\nfatal error: ffi.h: No such file or directory"
    expect(adviceOn(said, "image.buildPackages")).toBe(
      "Add Debian packages: `image.buildPackages: [libpq-dev, gcc, libc6-dev, libffi-dev]`.",
    )
  })

  it.each<[string, string, string, string]>([
    [
      "uv's lockfile",
      "error: The requested interpreter resolved to Python 3.11.2, which is incompatible with the project's Python requirement: `==3.14.*` (from `project.requires-python`)",
      "==3.14.*",
      "14",
    ],
    ["pip", "ERROR: Package 'shop' requires a different Python: 3.11.2 not in '>=3.12,<4'", ">=3.12,<4", "12"],
    [
      "uv",
      "  Because the current Python version (3.11.2) does not satisfy Python>=3.13 and shop==1.0.0 depends on Python>=3.13,",
      ">=3.13",
      "13",
    ],
  ])("a project for another Python, by %s", (_, said, range, minor) => {
    expect(adviceOn(said, "app.packages")).toBe(
      `The project needs Python ${range}: set app.image to an image with it, such as python:3.${minor}-slim.`,
    )
  })

  it("a package that had to be built, by its name", () => {
    for (const said of ["  × Failed to build `asyncpg==0.26.0`", "  ERROR: Failed building wheel for asyncpg"])
      expect(adviceOn(said, "app.packages")).toMatch(
        /^asyncpg(==0\.26\.0)? had to be built: it has no wheel for this Python\./,
      )
  })

  it.each([
    "error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1",
    "error: command 'gcc' failed with exit status 1",
    "ERROR: No matching distribution found for requests==99",
    "",
  ])("but nothing that it does not know: %s", (said) => expect(adviceOn(said, "app.packages")).toBeNull())
})
