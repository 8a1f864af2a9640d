import { describe, expect, test } from "vitest"
import { controlFiles, missedInControl } from "../../core/scan/control.js"
import { foldersAbove, pinsSomething } from "../../core/scan/lockfile-facts.js"
import { notPinned, requirementsIn } from "../../core/scan/requirements.js"
import { remarksOnImage, remarksOnLockfiles, scannedIn, systemInDatabase } from "../../core/scan/scanned.js"
import { debian, trivyReport, vulnerability } from "./scan-samples.js"

describe("a requirements file", () => {
  const names = (text: string) => requirementsIn(text).map(({ name }) => name)

  test("is read for packages, in every form that pip allows", () => {
    const text = [
      "\ufeff# what the service needs",
      "",
      "fastapi==0.110.0  # web",
      "requests[socks] >= 2.30 ; python_version > '3.8'",
      "PyJWT==2.8.0 \\",
      "    --hash=sha256:aaaa \\",
      "    --hash=sha256:bbbb",
      "-r other.txt",
      "--constraint constraints.txt",
      "--index-url https://example.com/simple",
      "uvicorn",
      "zope.interface~=6.0",
      "sqlalchemy @ https://example.com/sqlalchemy.whl",
      "-e git+https://example.com/shop.git@main#egg=shop_sdk",
      "git+https://example.com/nameless.git",
      "-e .",
      ".[test]",
      "./vendor/thing",
      "https://example.com/a.whl",
    ].join("\r\n")
    expect(names(text)).toEqual([
      "fastapi",
      "requests",
      "PyJWT",
      "uvicorn",
      "zope.interface",
      "sqlalchemy",
      "shop_sdk",
      null,
      null,
    ])
    expect(requirementsIn(text).map(({ line }) => line)).toEqual([3, 4, 5, 11, 12, 13, 14, 15, 19])
  })

  test("lists the packages of which Trivy found no exact version in any file", () => {
    const asked = requirementsIn("fastapi>=0.1\nPy_JWT==2.8.0\nstarlette>=0.1\ngit+https://example.com/x.git\n")
    expect(notPinned(asked, ["pyjwt", "py-jwt", "Starlette"]).map(({ name, line }) => [name, line])).toEqual([
      ["fastapi", 1],
      [null, 4],
    ])
  })

  test("that is empty has no packages", () => expect(names("# nothing yet\n\n")).toEqual([]))
})

const pip = (path: string, ...packages: string[]) => ({
  Target: path,
  Class: "lang-pkgs",
  Type: "pip",
  Packages: packages.map((Name) => ({ Name, Version: "1" })),
})

describe("dependencies that the lockfiles leave unchecked", () => {
  function remarks(
    text: string,
    results: object[],
    more: { image?: number; others?: string[]; lockfiles?: string[]; above?: string[] } = {},
  ) {
    const report = trivyReport(results)
    return remarksOnLockfiles(
      report,
      scannedIn("lockfiles", report, true),
      {
        requirements: new Map([["requirements.txt", requirementsIn(text)]]),
        others: more.others ?? [],
        lockfiles: more.lockfiles ?? [],
        above: more.above ?? [],
      },
      more.image ?? 0,
    )
  }

  test("are reported by number and name, with whether the image covers them", () => {
    const { warnings, reasons } = remarks("fastapi>=0.1\nuvicorn\npyjwt==2.8.0\n", [pip("requirements.txt", "pyjwt")], {
      image: 37,
    })
    expect(reasons).toEqual([])
    expect(warnings).toEqual([
      {
        code: "not-pinned",
        message:
          "2 of 3 requirements have no exact version and were not checked: fastapi, uvicorn; their installed versions were checked in the image",
      },
    ])
    expect(remarks("fastapi>=0.1\npyjwt==2.8.0\n", [pip("requirements.txt", "pyjwt")]).warnings[0]?.message).toContain(
      "; nothing else checked them",
    )
  })

  test("are none if all are pinned, by a constraints file too", () => {
    expect(remarks("fastapi\n", [pip("constraints.txt", "fastapi")])).toEqual({ reasons: [], warnings: [] })
  })

  test("are inconclusive if they are all dependencies and no image was scanned", () => {
    expect(remarks("fastapi>=0.1\n", []).reasons).toMatchObject([{ code: "nothing-pinned" }])
    expect(remarks("fastapi>=0.1\n", [], { image: 37 }).reasons).toEqual([])
  })

  test("are none if the service has no dependencies", () =>
    expect(remarks("", [])).toEqual({ reasons: [], warnings: [] }))

  test("include those of a file without a lockfile beside it", () => {
    expect(remarks("", [], { others: ["pyproject.toml"], image: 3 }).warnings).toMatchObject([
      { code: "lockfile-not-read" },
    ])
    expect(remarks("", [], { others: ["pyproject.toml"] }).reasons).toMatchObject([{ code: "nothing-pinned" }])
    expect(remarks("", [{ ...pip("uv.lock", "fastapi"), Type: "uv" }], { others: ["pyproject.toml"] })).toEqual({
      reasons: [],
      warnings: [],
    })
    expect(
      remarks("", [{ ...pip("web/uv.lock", "fastapi"), Type: "uv" }], { others: ["pyproject.toml"] }).warnings,
      "a lockfile in another folder does not count",
    ).toMatchObject([{ code: "lockfile-not-read" }])
  })
})

describe("a lockfile that was not read", () => {
  const remarksFor = (more: object, image = 0) => {
    const report = trivyReport([pip("requirements.txt", "fastapi")])
    return remarksOnLockfiles(
      report,
      scannedIn("lockfiles", report, true),
      { requirements: new Map(), others: [], lockfiles: [], above: [], ...more },
      image,
    )
  }

  test("is inconclusive if no image was scanned, even if another lockfile was read", () => {
    expect(remarksFor({ lockfiles: ["api/uv.lock"] }).reasons).toMatchObject([
      { code: "lockfile-not-read", message: expect.stringContaining("api/uv.lock") },
    ])
    expect(remarksFor({ above: ["uv.lock"] }).reasons).toMatchObject([
      { code: "lockfile-not-read", message: expect.stringContaining("uv.lock") },
    ])
    expect(remarksFor({ lockfiles: ["api/uv.lock"], above: ["uv.lock"] }, 12)).toMatchObject({
      reasons: [],
      warnings: [{ code: "lockfile-not-read" }, { code: "lockfile-not-read" }],
    })
  })

  test("is searched in each folder above the app's", () => {
    expect(foldersAbove(".")).toEqual([])
    expect(foldersAbove("services/pay")).toEqual(["services", "."])
  })

  test("counts only if it pins something", () => {
    expect(pinsSomething("uv.lock", 'version = 1\n\n[[package]]\nname = "shop"\nsource = { virtual = "." }\n')).toBe(
      false,
    )
    expect(
      pinsSomething("uv.lock", '[[package]]\nname = "anyio"\nsource = { registry = "https://pypi.example/simple" }\n'),
    ).toBe(true)
    expect(pinsSomething("package-lock.json", '{ "packages": { "": {} } }')).toBe(false)
    expect(pinsSomething("poetry.lock", "[[package]]\n")).toBe(true)
    // a file that cannot be parsed may pin anything
    for (const name of ["package-lock.json", "uv.lock", "poetry.lock", "Pipfile.lock", "go.mod"])
      expect(pinsSomething(name, "{ not [[ this"), name).toBe(true)
  })
})

describe("a lockfile that Trivy could not parse", () => {
  const report = trivyReport([])
  const remarks = (imageLibraries: number) =>
    remarksOnLockfiles(
      report,
      scannedIn("lockfiles", report, true),
      { requirements: new Map(), others: [], lockfiles: ["web/package-lock.json"], above: [] },
      imageLibraries,
    )

  test("is a warning, and inconclusive if nothing else was checked", () => {
    expect(remarks(37)).toEqual({
      reasons: [],
      warnings: [
        {
          code: "lockfile-not-read",
          message:
            "Trivy read no packages from web/package-lock.json: it is empty or cannot be parsed; their installed versions were checked in the image",
        },
      ],
    })
    expect(remarks(0).reasons).toMatchObject([{ code: "nothing-pinned" }])
  })
})

test("a requirements file in UTF-16, as PowerShell writes it, is read", () => {
  const text = Buffer.from("\ufefffastapi>=0.1\r\nuvicorn\r\n", "utf16le").toString("utf8")
  expect(requirementsIn(text)).toEqual([
    { name: "fastapi", line: 1 },
    { name: "uvicorn", line: 2 },
  ])
})

describe("an image", () => {
  const os = (packages: number, family = "debian") => ({
    Target: "image",
    Class: "os-pkgs",
    Type: family,
    Packages: Array.from({ length: packages }, (_, index) => ({ Name: `p${index}` })),
  })
  const remarks = (results: object[], metadata: object = debian) => {
    const report = trivyReport(results, metadata)
    return remarksOnImage(report, scannedIn("image", report, true))
  }

  test("with system packages and libraries has no remarks", () =>
    expect(remarks([os(119), pip("Python", "fastapi")])).toEqual({ reasons: [], warnings: [] }))

  test("without packages is inconclusive, because nothing was checked", () => {
    expect(remarks([], {}).reasons).toMatchObject([{ code: "image-empty" }])
    expect(remarks([os(0)]).reasons).toMatchObject([{ code: "image-empty" }])
  })

  test("without its list of system packages is inconclusive, whatever libraries it has", () => {
    expect(remarks([os(0), pip("Python", "fastapi")]).reasons).toMatchObject([
      { code: "os-packages-missing", message: expect.stringContaining("debian 12.15") },
    ])
  })

  test("without an operating system has only its libraries checked, with a warning", () => {
    expect(remarks([pip("Python", "fastapi")], { OS: { Family: "none", Name: "" } })).toEqual({
      reasons: [],
      warnings: [
        {
          code: "os-unknown",
          message: "Trivy does not know the image's operating system: only its libraries were checked (1)",
        },
      ],
    })
  })

  test("of an operating system past its end of life, or not supported by Trivy, is a warning", () => {
    expect(remarks([os(9)], { OS: { Family: "debian", Name: "9.13", EOSL: true } }).warnings).toMatchObject([
      { code: "os-end-of-life", message: expect.stringContaining("debian 9.13") },
    ])
    expect(remarks([os(9, "fedora")], { OS: { Family: "fedora", Name: "41" } }).warnings).toMatchObject([
      { code: "os-not-supported" },
    ])
  })

  test.each([
    ["debian", "12.15", "debian 12"],
    ["debian", "13.1", "debian 13"],
    ["alpine", "3.20.3", "alpine 3.20"],
    ["ubuntu", "24.04", "ubuntu 24.04"],
    ["redhat", "9.4", null],
  ])("of %s %s must be in the database as %s", (family, version, words) =>
    expect(systemInDatabase({ family, version })).toBe(words),
  )
})

describe("the control", () => {
  const found = trivyReport([
    {
      Target: "control (debian 12.1)",
      Class: "os-pkgs",
      Vulnerabilities: [vulnerability("CVE-2023-5363", "openssl", "3.0.9-1")],
    },
    { Target: "Python", Class: "lang-pkgs", Vulnerabilities: [vulnerability("CVE-2020-14343", "PyYAML", "5.3")] },
    { Target: "srv/settings.txt", Class: "secret", Secrets: [{ RuleID: "aws-access-key-id" }] },
    { Target: "srv/Dockerfile", Class: "config", Misconfigurations: [{ ID: "DS-0002", Status: "FAIL" }] },
  ])
  const all = ["vulnerabilities", "secrets", "misconfiguration"] as const
  const without = (index: number) => ({ ...found, Results: found.Results.filter((_, position) => position !== index) })
  const codes = (index: number, debian = true) =>
    missedInControl(without(index), all, debian).map((reason) => reason.code)

  test("passes with one finding of each kind", () => expect(missedInControl(found, all, true)).toEqual([]))

  test("detects a database that is empty, or lacks Debian for a Debian image", () => {
    expect(codes(1)).toEqual(["database-empty"])
    expect(codes(0)).toEqual(["database-empty"])
    expect(codes(0, false)).toEqual([])
  })

  test("detects a scanner that finds nothing", () => {
    expect(codes(2)).toEqual(["control-missed"])
    expect(codes(3)).toEqual(["control-missed"])
  })

  test("expects findings only of enabled scanners", () =>
    expect(missedInControl(trivyReport([]), [], true)).toEqual([]))

  test("has an AWS key that its own source does not spell out", () => {
    const files = controlFiles()
      .map(([, text]) => text)
      .join("")
    expect(files).toMatch(/AKIA[A-Z0-9]{16}/)
  })
})
