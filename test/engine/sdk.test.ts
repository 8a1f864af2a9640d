import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { dagger } from "./dagger-call.js"

const modules = join(import.meta.dirname, "sdk-modules")
const repository = join(import.meta.dirname, "../..")
let work = ""
const folder = (name: string) => join(work, name)

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "tollgate-sdk-"))
  cpSync(modules, work, { recursive: true })
  for (const name of readdirSync(work)) execFileSync("git", ["init", "--quiet", folder(name)])
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe("a module in TypeScript", () => {
  test("is called with its defaults", async () => {
    expect(await dagger(folder("small"), "call", "hello")).toMatchObject({ code: 0, out: "hello you" })
  })

  test("is called with arguments, constructor and function", async () => {
    expect(await dagger(folder("small"), "call", "--greeting=hi", "hello", "--name=Ada")).toMatchObject({
      code: 0,
      out: "hi Ada",
    })
  })

  test("hands objects and enums of its own from one call to the next", async () => {
    expect(await dagger(folder("small"), "call", "report", "--suites=END", "--file=a.xml", "text")).toMatchObject({
      code: 0,
      out: "unit + end-to-end in a.xml",
    })
  })

  test("takes enum defaults and leaves optional arguments out", async () => {
    expect(await dagger(folder("small"), "call", "report", "text")).toMatchObject({ code: 0, out: "unit in no file" })
  })

  test("gets its own folder by defaultPath, without what is ignored", async () => {
    const { out } = await dagger(folder("small"), "call", "entries")
    expect(out).toContain("dagger.json")
    expect(out).not.toContain("sdk")
  })

  test("finds its files beside its sources", async () => {
    expect((await dagger(folder("small"), "call", "folder")).out).toMatch(/\/src$/)
  })

  test("fails with the message of its error and exit code 1", async () => {
    const { code, err } = await dagger(folder("small"), "call", "fails")
    expect(code).toBe(1)
    expect(err).toContain("as it should")
  })

  test("hands on the exit code of a command that failed", async () => {
    expect((await dagger(folder("small"), "call", "exits", "--code=3")).code).toBe(3)
  })

  test("fails with what its constructor refuses", async () => {
    const { code, err } = await dagger(folder("small"), "call", "--greeting=", "hello")
    expect(code).toBe(1)
    expect(err).toContain("expected string to have >=1 characters")
  })
})

test("a signature that names a type out of a package is refused, as it is by Dagger's own SDK", async () => {
  const { code, err } = await dagger(folder("leaning"), "functions")
  expect(code).not.toBe(0)
  expect(err).toMatch(/could not resolve type reference|z\.infer|infer/)
})

test("the compiler to the letter beside another package cannot be installed, as with Dagger's own SDK", async () => {
  const copy = folder("compiler-to-the-letter")
  cpSync(folder("small"), copy, { recursive: true })
  const settings = readFileSync(join(copy, "package.json"), "utf8")
  writeFileSync(join(copy, "package.json"), settings.replace('"~5.9.3"', '"5.9.3"'))
  const { code, err } = await dagger(copy, "call", "hello")
  expect(code).not.toBe(0)
  expect(err).toContain("EBUSY")
})

describe("dagger develop", () => {
  test("leaves the module's own files as they are, and adds sdk/ and git's settings for it", async () => {
    const before = snapshot(folder("small"))
    expect((await dagger(folder("small"), "develop")).code).toBe(0)
    expect(snapshot(folder("small"))).toEqual({
      ...before,
      ".gitattributes": "/sdk/** linguist-generated\n",
      ".gitignore": `${before[".gitignore"]}/**/node_modules/**\n/**/.pnpm-store/**\n`,
    })
    expect(existsSync(join(folder("small"), "sdk", "client.gen.ts"))).toBe(true)
  })

  test("takes Dagger's library out of the packages, of those for development too", async () => {
    const copy = folder("with-library")
    cpSync(folder("small"), copy, { recursive: true })
    const settings = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"))
    writeFileSync(
      join(copy, "package.json"),
      JSON.stringify({ ...settings, devDependencies: { "@dagger.io/dagger": "0.21.8" } }),
    )
    expect((await dagger(copy, "develop")).code).toBe(0)
    expect(readFileSync(join(copy, "package.json"), "utf8")).not.toContain("@dagger.io/dagger")
  })

  test("changes nothing in a clone of this repository, the first time and the second", async () => {
    const copy = folder("tollgate")
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: repository,
      encoding: "utf8",
    })
    for (const file of files
      .trim()
      .split("\n")
      .filter((name) => existsSync(join(repository, name))))
      cpSync(join(repository, file), join(copy, file))
    execFileSync("git", ["init", "--quiet", copy])
    const before = snapshot(copy)
    for (const time of ["first", "second"]) {
      const { code, err } = await dagger(copy, "develop")
      expect({ time, code, err: code === 0 ? "" : err }).toEqual({ time, code: 0, err: "" })
      expect(snapshot(copy)).toEqual(before)
    }
  })
})

function snapshot(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const named = files.map(
    (entry) => [join(entry.parentPath, entry.name).slice(root.length + 1), join(entry.parentPath, entry.name)] as const,
  )
  return Object.fromEntries(
    named.filter(([name]) => !/^(sdk|\.git)\//.test(name)).map(([name, path]) => [name, readFileSync(path, "utf8")]),
  )
}
