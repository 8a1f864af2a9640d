import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"

const ROOT = join(import.meta.dirname, "../..")
const rebuilt = mkdtempSync(join(tmpdir(), "tollgate-bundle-"))
afterAll(() => rmSync(rebuilt, { recursive: true, force: true }))

const filesOf = (folder: string) => Object.fromEntries(readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]))

describe("what the module's functions run", () => {
  it("is what `npm run build` makes of core/, byte for byte", () => {
    execFileSync("node", ["bin/build-module.mjs", join(rebuilt, "dist")], { cwd: ROOT })
    const [committed, built] = [filesOf(join(ROOT, "dist")), filesOf(join(rebuilt, "dist"))]
    expect(Object.keys(committed)).toEqual(Object.keys(built))
    const outdated = Object.keys(built).filter((name) => committed[name] !== built[name])
    expect(outdated, "run `npm run build` and commit dist/").toEqual([])
  }, 60_000)

  it("carries the terms of every library in it", () => {
    const licenses = readFileSync(join(ROOT, "dist/LICENSES.txt"), "utf8")
    for (const library of ["zod", "pg", "ssh2", "yaml", "nodemailer"]) expect(licenses).toMatch(new RegExp(`^${library} \\d+\\.\\d+\\.\\d+: `, "m"))
  })

  it("needs no package: the compiler alone is a production dependency, in the version that Dagger's SDK brings along", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))
    expect(dependencies).toEqual({ typescript: "5.9.3" })
  })
})
