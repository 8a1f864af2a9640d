import { readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { afterAll, describe, expect, it } from "vitest"
import type * as Commands from "../../cli/commands/index.js"
import type * as Change from "../../core/ci/change.js"
import type * as Plan from "../../core/ci/plan.js"
import type * as Works from "../../core/ci/works.js"
import type * as Gates from "../../core/config/gates.js"
import { ciGates, deployGates, gates } from "../../core/config/gates.js"
import type * as Parse from "../../core/config/parse.js"
import type * as Schema from "../../core/config/schema.js"
import type * as DeployGates from "../../core/release/deploy/gates.js"
import type * as Steps from "../../core/release/deploy/steps.js"
import { copyAsPageSays } from "./added-by-page.js"
import { pagesWithTables } from "./gate-tables.js"

const ROOT = join(import.meta.dirname, "../..")
const copy = copyAsPageSays("docs/add-a-gate.md", [
  "core",
  "cli",
  "dagger/engine",
  "bin",
  "src",
  "test/unit/rooms.test.ts",
])
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const { parseSettings }: typeof Parse = await import(join(copy, "core/config/parse.ts"))
const added: typeof Gates = await import(join(copy, "core/config/gates.ts"))

const settingsFile = (more: string) => `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\n${more}\n`
const named = (name: string) => (gate: { name: string }) => gate.name === name
const stamp = { revision: "", created: "", source: "" }

describe("a gate that was added by docs/add-a-gate.md alone", () => {
  it("has its keys in tollgate.yaml, with their errors, and in the schema for editors", async () => {
    const { settingsJsonSchema }: typeof Schema = await import(join(copy, "core/config/schema.ts"))
    const settings = parseSettings(settingsFile("paths: { size: [tollgate.yaml] }"))
    expect(settings.paths).toEqual({ size: ["tollgate.yaml"] })
    expect(settings.environments["staging"]?.gates).toEqual(["qa", "scan", "ecpay", "size"])
    expect(() => parseSettings(settingsFile("environments: { staging: { gates: [sizes] } }"))).toThrow(
      "expected one of qa, scan, ecpay, size",
    )
    expect(JSON.stringify(settingsJsonSchema())).toContain("for size to run in `ci`")
  })

  it("is planned, run and shown by ci", async () => {
    const { planGates }: typeof Plan = await import(join(copy, "core/ci/plan.ts"))
    const { works }: typeof Works = await import(join(copy, "core/ci/works.ts"))
    const { shownValue, titleOf }: typeof Change = await import(join(copy, "core/ci/change.ts"))
    const settings = parseSettings(settingsFile("image: { maxSize: 2GB }\npaths: { size: [Dockerfile] }"))
    const planned = planGates({
      paths: settings.paths,
      absent: new Map(),
      change: { kind: "known", files: ["a.py"] },
      saved: null,
    })
    expect(planned.find(named("size"))?.leftOut).toBe("none of the 1 changed file matches paths.size (Dockerfile)")
    const work = Object.entries(works).find(([name]) => name === "size")?.[1]
    const given = { base: null, baseline: null, secrets: undefined, run: "1", product: () => null }
    const outcome = await work?.run({ ...given, source: dag.directory(), settings, stamp })
    expect(outcome).toMatchObject({ verdict: "failed", words: "image.maxSize is 2 GB, and 500 MB are allowed" })
    expect(outcome?.figures.map(({ name, value }) => [titleOf({ name }), shownValue(name, value)])).toEqual([
      ["largest image allowed", "2 GB"],
    ])
  })

  it("is a step of deploy, which skips it where the environment does not list it, and fails by it elsewhere", async () => {
    const { DEPLOY }: typeof Steps = await import(join(copy, "core/release/deploy/steps.ts"))
    const { runGate }: typeof DeployGates = await import(join(copy, "core/release/deploy/gates.ts"))
    expect(DEPLOY.map(({ name }) => name).slice(0, 6)).toEqual([
      "policy",
      "config",
      "ecpay",
      "size",
      "evidence",
      "scan",
    ])
    const gate = added.deployGates.find(named("size"))?.name ?? "config"
    const request = { source: dag.directory(), secrets: null, gateSecrets: undefined, stamp }
    const settings = parseSettings(settingsFile("image: { maxSize: 2GB }\nenvironments: { staging: { gates: [] } }"))
    expect(await runGate(gate, { ...request, environment: "staging" }, settings)).toEqual({
      kind: "skipped",
      note: "environments.staging.gates does not list it",
    })
    await expect(runGate(gate, { ...request, environment: "sandbox" }, settings)).rejects.toThrow(
      "FAILED: image.maxSize is 2 GB, and 500 MB are allowed",
    )
  })

  it("is a command", async () => {
    const { commands }: typeof Commands = await import(join(copy, "cli/commands/index.ts"))
    expect(commands.find(named("check-size"))?.describe).toBe("Check that tollgate.yaml allows no image above 500 MB")
    expect(readFileSync(join(copy, "src/index.ts"), "utf8")).toContain("async checkSize(): Promise<string>")
  })
})

describe("the registry of gates", () => {
  it("has gates that need only those before them", () => {
    const names = ciGates.map(({ name }): string => name)
    for (const { name, ci } of ciGates) {
      const { paths, needs } = ci
      const before = names.slice(0, names.indexOf(name))
      expect(before).toEqual(expect.arrayContaining(needs.map(({ gate }) => gate)))
      if (typeof paths === "object") expect(before).toContain(paths.of)
    }
  })

  it("gives each step, setting and figure to one gate", () => {
    for (const all of [
      deployGates.map(({ deploy }) => deploy.step),
      deployGates.flatMap(({ deploy }) => deploy.setting ?? []),
      ciGates.flatMap(({ ci }) => Object.keys(ci.figures)),
    ])
      expect(all.filter((one, index) => all.indexOf(one) !== index)).toEqual([])
    expect(Object.entries(gates).filter(([key, { name }]) => key !== name)).toEqual([])
  })

  it("has the tables of ci.md and deploy.md", () => {
    const read = (path: string) => readFileSync(join(ROOT, path), "utf8")
    for (const { page, text } of pagesWithTables(read)) expect(read(page), "run `npm run schema`").toBe(text)
  })
})

it("no file of ci, of the release or of the command line asks for a gate by its name", () => {
  const names = Object.values(gates).flatMap(({ name, deploy }) => [
    name,
    deploy?.step ?? name,
    deploy?.setting ?? name,
  ])
  const one = `"(?:${[...new Set(names)].join("|")})"`
  const asks = new RegExp(
    `\\b(?:gate|name|step)\\s*[!=]==\\s*${one}|\\b(?:gates|states|products?)\\w*\\.(?:get|has|includes)\\(${one}`,
  )
  const files = ["core/ci", "core/release", "cli"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  const sources = files.filter((path) => path.endsWith(".ts"))
  expect(sources.length).toBeGreaterThan(150)
  expect(sources.filter((path) => asks.test(readFileSync(join(ROOT, path), "utf8")))).toEqual([])
})
