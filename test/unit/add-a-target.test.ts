import { readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import type * as Parse from "../../core/config/parse.js"
import type * as Schema from "../../core/config/schema.js"
import type * as Registry from "../../core/targets/registry.js"
import { copyAsPageSays } from "./added-by-page.js"

const ROOT = join(import.meta.dirname, "../..")
const copy = copyAsPageSays("docs/add-a-target.md", ["core"])
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const settingsFile = (target: string) =>
  `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: { staging: { target: { ${target} } } }\n`

describe("a target that was added by docs/add-a-target.md alone", () => {
  it("is a type in tollgate.yaml with its own keys and errors, and in the schema for editors", async () => {
    const { parseSettings }: typeof Parse = await import(join(copy, "core/config/parse.ts"))
    const { settingsJsonSchema }: typeof Schema = await import(join(copy, "core/config/schema.ts"))
    expect(parseSettings(settingsFile("type: paper, drawer: left")).environments["staging"]?.target).toMatchObject({
      kind: "paper",
      drawer: "left",
      network: "tollgate",
    })
    expect(() => parseSettings(settingsFile("type: paper"))).toThrow(/target\.drawer {2}is required/)
    expect(() => parseSettings(settingsFile("type: paper, drawer: left, hosts: [a]"))).toThrow(
      "hosts  is not for paper",
    )
    expect(() => parseSettings(settingsFile("hosts: [a], drawer: left"))).toThrow("drawer  is not for compose")
    expect(() => parseSettings(settingsFile("type: scroll"))).toThrow("expected compose or sandbox or paper")
    expect(JSON.stringify(settingsJsonSchema())).toContain("Drawer that the releases are kept in.")
  })

  it("is opened by a release with what it says of itself", async () => {
    const { parseSettings }: typeof Parse = await import(join(copy, "core/config/parse.ts"))
    const { openPlace, traitsOf }: typeof Registry = await import(join(copy, "core/targets/registry.ts"))
    const settings = parseSettings(settingsFile("type: paper, drawer: left"))
    const target = settings.environments["staging"]?.target
    expect(target === undefined ? null : traitsOf(target)).toMatchObject({ inEngine: false, migrates: "commands" })
    const unused = () => Promise.reject(new Error("nothing of the sandbox is asked for"))
    const access = { ssh: null, registry: null }
    const place = await openPlace(settings, "staging", { running: unused, reach: unused }, access)
    expect(place.target.name).toBe("paper in left")
    expect(place.variables.get("PAPER")).toBe("yes")
    expect((await place.target.running()).live.kind).toBe("none")
  })
})

it("no file outside core/targets asks which kind of target an environment has", () => {
  const asks = /\.kind\s*[!=]==\s*"(?:compose|sandbox)"|case "(?:compose|sandbox)"|\bplace\??\.sandbox\b/
  const files = ["core", "cli"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  const sources = files.filter((path) => path.endsWith(".ts") && !/^core\/(?:targets\/|config\/target)/.test(path))
  expect(sources.length).toBeGreaterThan(300)
  expect(sources.filter((path) => asks.test(readFileSync(join(ROOT, path), "utf8")))).toEqual([])
})
