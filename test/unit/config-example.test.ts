import { readFileSync } from "node:fs"
import { Ajv } from "ajv"
import { describe, expect, it } from "vitest"
import { type Document, isMap, isScalar, parse, parseDocument } from "yaml"
import { parseSettings, settingsJsonSchema } from "../../core/config/parse.js"
import { settings as settingsSchema } from "../../core/config/schema.js"

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")
const example = read("docs/tollgate.example.yaml")
const lines = example.split("\n")
const schema = settingsJsonSchema()

interface Key {
  path: string[]
  /** The comment lines right above it. */
  comment: string
}

/** Every key of the example that has a comment above it. */
function commentedKeys(): Key[] {
  const found: Key[] = []
  const visit = (node: unknown, path: string[]): void => {
    if (!isMap(node)) return
    for (const pair of node.items) {
      if (!isScalar(pair.key)) continue
      const key = [...path, String(pair.key.value)]
      let line = example.slice(0, pair.key.range?.[0]).split("\n").length - 2
      const comment: string[] = []
      for (; lines[line]?.trim().startsWith("#"); line--) comment.unshift(lines[line] ?? "")
      if (comment.length > 0) found.push({ path: key, comment: comment.join("\n") })
      visit(pair.value, key)
    }
  }
  visit(parseDocument(example).contents, [])
  return found
}

type JsonSchema = typeof schema

/** Every key the schema knows; a name that the user chooses is `*`. */
function schemaKeys(
  of: JsonSchema | boolean | undefined,
  path: string[] = [],
): { path: string[]; schema: JsonSchema; required: boolean }[] {
  if (typeof of !== "object") return []
  const nested = (of.anyOf ?? []).flatMap((option) => schemaKeys(option, path))
  const chosen = typeof of.additionalProperties === "object" ? schemaKeys(of.additionalProperties, [...path, "*"]) : []
  const own = Object.entries(of.properties ?? {}).flatMap(([key, inner]) =>
    typeof inner === "object"
      ? [
          { path: [...path, key], schema: inner, required: of.required?.includes(key) ?? false },
          ...schemaKeys(inner, [...path, key]),
        ]
      : [],
  )
  return [...own, ...chosen, ...nested]
}

/** Where the user chooses the names. */
const CHOSEN = ["suites", "environments", "rules", "scenarios", "checks", "processes", "smoke"]
const BUILT_IN = ["postgres", "redis"]
const chosen = (part: string, section = "") =>
  CHOSEN.includes(section) || (section === "services" && !BUILT_IN.includes(part))
const pattern = (path: string[]): string =>
  path.map((part, index) => (chosen(part, path[index - 1]) ? "*" : part)).join(".")
const commented = commentedKeys()
const keys = schemaKeys(schema)

const whole: Document = parseDocument(example)

/** The example with another value at a path; undefined: without the key. */
function withKey(path: string[], value: unknown): Document {
  const document = whole.clone()
  if (value === undefined) document.deleteIn(path)
  else document.setIn(path, document.createNode(value))
  return document
}

/** Without the way through YAML's text, which costs most of the time. */
function settingsOf(document: Document) {
  return settingsSchema.parse(document.toJS())
}

describe("the annotated example", () => {
  it("is a settings file that works", () => {
    const settings = parseSettings(example, "docs/tollgate.example.yaml")
    expect(settings.qa.suites["e2e"]?.timeout).toBe(300)
    expect(settings.qa.suites["webhook"]?.timeout).toBe(900)
  })

  it("explains every key of the schema, and no other", () => {
    expect(commented.map(({ path }) => pattern(path)).sort()).toEqual(keys.map(({ path }) => pattern(path)).sort())
  })

  it.each(keys.map((key) => [pattern(key.path), key] as const))(
    "says of %s whether it is required, or what its default is",
    (name, key) => {
      const comment = commented.find(({ path }) => pattern(path) === name)?.comment ?? ""
      expect(/Required\./.test(comment)).toBe(key.required)
      const section =
        key.schema.properties !== undefined ||
        key.schema.anyOf?.some((option) => typeof option === "object" && option.properties !== undefined)
      if (!key.required && section !== true) expect(comment).toMatch(/# (Default|Left out): ./)
      expect(key.schema.description).toMatch(/\.$/)
    },
  )

  const defaults = commented.flatMap(({ path, comment }) => {
    const said = /# Default: (.*)$/m.exec(comment)?.[1]
    return said === undefined ? [] : [{ path, name: path.join("."), said }]
  })

  const asWritten = settingsOf(whole)

  it.each(defaults)("tells the truth about the default of $name: $said", ({ path, said }) => {
    const leftOut = settingsOf(withKey(path, undefined))
    expect(settingsOf(withKey(path, parse(said)))).toEqual(leftOut)
    // there is one version only, another path of alembic's cannot stand beside commands, nor an untested backup beside a rehearsal
    if (!["version", "database.alembic", "database.backup.test"].includes(path.join(".")))
      expect(asWritten).not.toEqual(leftOut)
  })

  it("tells the truth about keys whose default depends on other keys", () => {
    const noCommands = settingsOf(withKey(["app", "dependencies", "install"], undefined))
    expect(noCommands.app.dependencies).toMatchObject({ files: ["requirements.txt", "constraints.txt"], install: null })
    expect(settingsOf(withKey(["qa", "suites", "e2e", "timeout"], undefined)).qa.suites["e2e"]?.timeout).toBe(900)
    expect(settingsOf(withKey(["qa", "coverage"], undefined)).qa.coverage).toBeNull()
  })
})

describe("tollgate.schema.json", () => {
  const accepts = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false }).compile(
    schema,
  )
  const data = (text: string): unknown => parse(text)

  it("is what `npm run schema` writes today", () => {
    expect(read("tollgate.schema.json")).toBe(`${JSON.stringify(schema, null, 2)}\n`)
  })

  it("accepts the example", () => {
    expect(accepts(data(example)), JSON.stringify(accepts.errors)).toBe(true)
  })

  it("accepts a file that leaves out whatever can be left out", () => {
    expect(accepts(data("qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_a.py] } } }"))).toBe(true)
    expect(
      accepts(
        data("qa: { runner: tests/qa.py, services: { redis: false }, suites: { e2e: { files: [tests/test_a.py] } } }"),
      ),
    ).toBe(true)
  })

  it.each([
    ["a typo", ["qa", "runer"], "x.py"],
    ["a typo inside a suite", ["qa", "suites", "e2e", "file"], ["a.py"]],
    ["a typo inside a service", ["qa", "services", "postgres", "imagee"], "postgres:15"],
    ["a duration without a unit", ["qa", "timeout"], 10],
    ["a threshold that is a fraction", ["qa", "coverage", "threshold"], 0.9],
    ["no suite at all", ["qa", "suites"], {}],
    ["a suite without a file", ["qa", "suites", "e2e", "files"], []],
    ["a file twice", ["qa", "suites", "e2e", "files"], ["a.py", "a.py"]],
    ["a path out of the source", ["app", "path"], "../other"],
    ["a suite with capital letters", ["qa", "suites", "E2E"], { files: ["a.py"] }],
    ["a variable that Tollgate sets", ["qa", "env", "PYTEST_ADDOPTS"], "-x"],
    ["a secret with a value", ["qa", "secrets"], ["HASH_KEY=abc"]],
    ["a typo in an environment", ["environments", "production", "confg"], {}],
    ["a typo in a rule", ["environments", "production", "config", "rules", "ADMIN_WEBHOOK_TOKEN", "startWith"], ["x"]],
    ["an environment with capital letters", ["environments", "Production"], {}],
    ["a variable that no shell knows", ["environments", "production", "config", "required"], ["A-B"]],
  ])("refuses %s, as the parser does", (_, path, value) => {
    const changed = withKey(path, value).toString()
    expect(accepts(data(changed))).toBe(false)
    expect(() => parseSettings(changed)).toThrow("tollgate.yaml has")
  })
})
