import { readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { kebab } from "../../cli/commands/command.js"
import { commands } from "../../cli/commands/index.js"
import { source } from "../../cli/options/common.js"
import { aboutOption, defaultOf } from "../../cli/options/option.js"
import { sentences } from "./option-sentences.js"

const ROOT = join(import.meta.dirname, "../..")

interface Part {
  command: string
  /** The option, or the choice of the positional argument, that does what the function does. */
  by: string
  why: string
}

const RETURNS_ONE = "a function returns one thing; the command prints the screen and writes the folder in one run"
const TWO_WORDS = "the command line groups its actions under one word"

/** Functions that are a part of another command, and why. All others have a command of their own name. */
const PARTS = new Map<string, Part>([
  ["ci-report", { command: "ci", by: "--report", why: RETURNS_ONE }],
  ["test-report", { command: "test", by: "--report", why: RETURNS_ONE }],
  ["build-report", { command: "check-image", by: "--report", why: RETURNS_ONE }],
  ["scan-report", { command: "scan", by: "--report", why: RETURNS_ONE }],
  ["load-report", { command: "load-test", by: "--report", why: RETURNS_ONE }],
  ["migration-plan-report", { command: "migration-plan", by: "--report", why: RETURNS_ONE }],
  ["policy-show", { command: "policy", by: "show", why: TWO_WORDS }],
  ["policy-diff", { command: "policy", by: "diff", why: TWO_WORDS }],
  ["policy-change", { command: "policy", by: "diff --out", why: "the same comparison, as a file" }],
  ["policy-adopt", { command: "policy", by: "adopt", why: TWO_WORDS }],
  ["policy-history", { command: "policy", by: "history", why: TWO_WORDS }],
  ["audit-export", { command: "audit", by: "export", why: TWO_WORDS }],
  ["audit-verify", { command: "audit", by: "verify", why: TWO_WORDS }],
  ["ledger-verify", { command: "ledger", by: "verify", why: TWO_WORDS }],
])

/** Parameters of a function that its command has no option for, and why. */
const OF_THE_MODULE = new Map([
  ["who", "the command line names the machine's user"],
  ["running-source", "plan, deploy: the command line finds the live version's commit in Git"],
  ["run", "a report's function reports an earlier run; the command writes the report of its own"],
])

/** Options of commands that a function has no parameter for, and why. */
const OF_THE_COMMAND_LINE = new Map([
  ["source", "the module's constructor has it"],
  ["report", "a function writes no file: NAME-report returns the folder"],
  ["json", "a function returns one screen"],
  ["out", "a function returns the file"],
  ["follow", "a function returns when it is done"],
  ["port", "a function returns the service: `up --ports`"],
  ["ledger", "monitor and logs share their options with rollback; neither uses a ledger"],
  ["fresh", "build: the function check-image has it"],
  ["twice", "build: the function check-image has it"],
  ["watch", "a function returns when it is done"],
])

interface Parameter {
  literal: string | null
  required: boolean
  words: string
}

/** Each function's parameters, as Dagger reads them; the constructor's under its own name. */
const functions = new Map<string, Map<string, Parameter>>()
const path = join(ROOT, "src/index.ts")
ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true).forEachChild((node) => {
  if (!ts.isClassDeclaration(node)) return
  for (const member of node.members)
    if (ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member))
      functions.set(
        ts.isMethodDeclaration(member) ? kebab(member.name.getText()) : "constructor",
        new Map(member.parameters.map((one) => [kebab(one.name.getText()), parameterOf(one)])),
      )
})

function parameterOf(node: ts.ParameterDeclaration): Parameter {
  const words = ts.getJSDocParameterTags(node).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
  return {
    literal: node.initializer?.getText() ?? null,
    required: node.questionToken === undefined && node.initializer === undefined,
    words: words.join(" ").replace(/\s+/g, " "),
  }
}

type Schema = Parameters<typeof aboutOption>[0]

function optionsOf(name: string): Map<string, Schema> {
  const shape = commands.find((one) => one.name === name)?.options.shape ?? {}
  return new Map(Object.entries(shape).map(([option, schema]) => [kebab(option), schema]))
}

/** Functions beside the command that they are, or are a part of. */
const pairs = [...functions]
  .filter(([name]) => name !== "constructor")
  .map(([name, parameters]) => ({ name, parameters, options: optionsOf(PARTS.get(name)?.command ?? name) }))

/** What both have. */
const shared = pairs.flatMap(({ name, parameters, options }) =>
  [...parameters].flatMap(([one, parameter]) => {
    const schema = options.get(one)
    return schema === undefined ? [] : [{ place: `${name} --${one}`, parameter, schema }]
  }),
)

/** The word of `policy show` that says which function is meant. */
const isAction = (schema: Schema): boolean =>
  [...PARTS.values()].some(({ by }) => aboutOption(schema).choices?.includes(by) === true)

const unquoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inside = ""]) => inside)

describe("a command and the module's function of that name", () => {
  it("are all there: each function is a command, or the part of one that is named here", () => {
    const names = commands.map(({ name }) => name)
    expect(pairs.map(({ name }) => name).filter((name) => !names.includes(name) && !PARTS.has(name))).toEqual([])
    const wrong = [...PARTS].flatMap(([name, { command, by }]) => {
      if (!functions.has(name)) return [`there is no function ${name}`]
      if (names.includes(name)) return [`${name} is a command itself`]
      const options = optionsOf(command)
      const words = [...options.values()].flatMap((schema) => aboutOption(schema).choices ?? [])
      const has = (word: string) => (word.startsWith("--") ? options.has(word.slice(2)) : words.includes(word))
      return by
        .split(" ")
        .filter((word) => !has(word))
        .map((word) => `tollgate ${command} has no ${word}`)
    })
    expect(wrong).toEqual([])
  })

  it("are in the README, with exactly the functions that are a part of another command", () => {
    const rows = readFileSync(join(ROOT, "README.md"), "utf8").matchAll(
      /^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \| (`tollgate [^|]*) \|$/gm,
    )
    const written = [...rows].flatMap(([, named = "", commands = ""]) => {
      const [first = "", ...others] = unquoted(commands).map((words) => words.replace(/=[A-Z]+/, ""))
      const all = [first, ...others.map((action) => first.replace(/\S+$/, action))]
      return unquoted(named).map((name, index) => `${name}: ${all[index] ?? ""}`)
    })
    const said = [...PARTS].map(([name, { command, by }]) => `${name}: tollgate ${command} ${by}`)
    expect(written.sort()).toEqual(said.sort())
  })

  it("have the same arguments, except what one of them cannot have", () => {
    const ofTheModule = pairs.flatMap(({ name, parameters, options }) =>
      [...parameters.keys()]
        .filter((one) => !options.has(one) && !OF_THE_MODULE.has(one))
        .map((one) => `tollgate ${name} has no --${one}`),
    )
    const ofTheCommandLine = commands.flatMap(({ name }) => {
      const doing = pairs.filter((pair) => (PARTS.get(pair.name)?.command ?? pair.name) === name)
      const known = new Set(doing.flatMap(({ parameters }) => [...parameters.keys()]))
      return [...optionsOf(name)]
        .filter(
          ([one, schema]) => doing.length > 0 && !known.has(one) && !OF_THE_COMMAND_LINE.has(one) && !isAction(schema),
        )
        .map(([one]) => `dagger call ${name} has no --${one}`)
    })
    const differences = [...ofTheModule, ...ofTheCommandLine]
    expect(differences).toEqual([])
  })

  it("have the same defaults", () => {
    const differences = shared.flatMap(({ place, parameter, schema }) => {
      const { usual, module } = aboutOption(schema)
      // words say what holds without it: both look for that themselves
      if (parameter.literal === null || usual !== undefined || module?.usual !== undefined) return []
      const literal = defaultOf(schema) ?? ""
      return JSON.stringify(literal) === parameter.literal
        ? []
        : [`${place}: ${JSON.stringify(literal)}, ${parameter.literal}`]
    })
    expect(differences).toEqual([])
  })

  it("say the same of each argument: the docstring has the words of the option's definition", () => {
    const ofSource = functions.get("constructor")?.get("source")
    const all = [
      ...shared,
      ...(ofSource === undefined
        ? []
        : [{ place: "source", parameter: { ...ofSource, required: false }, schema: source }]),
    ]
    expect(all.length).toBeGreaterThan(150)
    const differences = all.flatMap(({ place, parameter, schema }) => {
      const { full, short } = sentences(schema, parameter.required)
      return [full, short].includes(parameter.words) ? [] : [`${place}: ${full}\n  docstring: ${parameter.words}`]
    })
    expect(differences).toEqual([])
  })
})
