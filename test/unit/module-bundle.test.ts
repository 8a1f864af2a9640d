import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"

const ROOT = join(import.meta.dirname, "../..")
const rebuilt = mkdtempSync(join(tmpdir(), "tollgate-bundle-"))
afterAll(() => rmSync(rebuilt, { recursive: true, force: true }))

const filesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  )

describe("what the module's functions run", () => {
  it("is what `npm run build` makes of core/, byte for byte", () => {
    execFileSync("node", ["bin/build-module.mjs", join(rebuilt, "dist")], { cwd: ROOT })
    const [committed, built] = [filesOf(join(ROOT, "dist")), filesOf(join(rebuilt, "dist"))]
    expect(Object.keys(committed)).toEqual(Object.keys(built))
    const outdated = Object.keys(built).filter((name) => committed[name] !== built[name])
    expect(outdated, "run `npm run build` and commit dist/").toEqual([])
  }, 60_000)

  it("loads whole, with every library a function may need, beside nothing but Dagger's own library", () => {
    const place = join(rebuilt, "placed")
    cpSync(join(ROOT, "dist"), join(place, "dist"), { recursive: true })
    mkdirSync(join(place, "sdk"))
    writeFileSync(join(place, "package.json"), JSON.stringify({ type: "module" }))
    writeFileSync(
      join(place, "sdk/index.ts"),
      `export * from ${JSON.stringify(join(ROOT, "node_modules/dagger-client/dist/src/index.js"))}\n`,
    )
    writeFileSync(
      join(place, "sdk/telemetry.ts"),
      `export { getTracer } from ${JSON.stringify(join(ROOT, "node_modules/dagger-client/dist/src/telemetry/index.js"))}\n`,
    )
    const parts = readdirSync(join(place, "dist")).filter((name) => name.endsWith(".mjs"))
    writeFileSync(
      join(place, "all.mts"),
      `${parts.map((name) => `await import("./dist/${name}")`).join("\n")}\nconsole.log("loaded")\n`,
    )
    expect(
      execFileSync(join(ROOT, "node_modules/.bin/tsx"), [join(place, "all.mts")], { cwd: place, encoding: "utf8" }),
    ).toBe("loaded\n")
    for (const library of ["pg", "ssh2", "nodemailer", "fast-xml-parser"])
      expect(
        parts.some((name) => name.startsWith(`${library}.`)),
        library,
      ).toBe(true)
  }, 60_000)

  it("carries the terms of every library in it", () => {
    const licenses = readFileSync(join(ROOT, "dist/LICENSES.txt"), "utf8")
    for (const library of ["zod", "pg", "ssh2", "yaml", "nodemailer"])
      expect(licenses).toMatch(new RegExp(`^${library} \\d+\\.\\d+\\.\\d+: `, "m"))
  })

  it("needs no package: the compiler alone is a production dependency, in the version that Dagger's SDK brings along", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))
    expect(dependencies).toEqual({ typescript: "5.9.3" })
  })
})
