import { readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { beforeAll, describe, expect, it } from "vitest"
import yargs from "yargs"
import type { z } from "zod"
import { commands } from "../../cli/commands/index.js"

/** Parameters of a function that its command has no option for, and why. */
const OF_THE_MODULE = new Map([
  ["who", "the command line names the machine's user"],
  ["running-source", "the command line finds the live version's commit in Git"],
  ["state", "an argument by its place"],
])

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
  ["ledger-verify", { command: "ledger", by: "verify", why: TWO_WORDS }],
])

/** Options of commands that a function has no parameter for, and why. */
const OF_THE_COMMAND_LINE = new Map([
  ["source", "the module's constructor has it"],
  ["environment", "another name of --env"],
  ["report", "a function writes no file: NAME-report returns the folder"],
  ["no-report", "as report"],
  ["key", "ci: the function ci-report has it"],
  ["url", "ci: the function ci-report has it"],
  ["quiet", "ci: the function ci-report has it"],
  ["json", "a function returns one screen"],
  ["out", "a function returns the file"],
  ["follow", "a function returns when it is done"],
  ["port", "a function returns the service: `up --ports`"],
  ["ledger", "monitor and logs share their options with rollback; neither uses a ledger"],
  ["fresh", "build: the function check-image has it"],
  ["twice", "build: the function check-image has it"],
  ["help", "yargs"],
  ["version", "yargs"],
])

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Each function's parameters, with the literal default where there is one. */
function functions(): Map<string, Map<string, string | null>> {
  const path = join(import.meta.dirname, "../../src/index.ts")
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true)
  const found = new Map<string, Map<string, string | null>>()
  source.forEachChild((node) => {
    if (!ts.isClassDeclaration(node)) return
    for (const member of node.members)
      if (ts.isMethodDeclaration(member))
        found.set(
          kebab(member.name.getText()),
          new Map(member.parameters.map((one) => [kebab(one.name.getText()), one.initializer?.getText() ?? null])),
        )
  })
  return found
}

/**
 * Each command's options, with the default where the help shows one of yargs'.
 *
 * @param words filled with the choices of each command, such as the `show` of `policy show`
 */
async function commandLine(words: Map<string, string[]>): Promise<Map<string, Map<string, string | null>>> {
  const found = new Map<string, Map<string, string | null>>()
  for (const command of commands) {
    const name = String(command.command).split(" ")[0] ?? ""
    const help = await new Promise<string>((done) => {
      void yargs()
        .scriptName("tollgate")
        .command(command)
        .exitProcess(false)
        .wrap(400)
        .parse(`${name} --help`, (_error: unknown, _given: unknown, printed: string) => done(printed))
    })
    const lines = [...help.matchAll(/^ +(?:-\w, )?--([a-z-]+)(?:, --([a-z-]+))?(.*)$/gm)]
    words.set(
      name,
      [...help.matchAll(/\[choices: ([^\]]*)\]/g)].flatMap(([, list = ""]) => list.replaceAll('"', "").split(", ")),
    )
    found.set(
      name,
      new Map(
        lines.flatMap(([, one = "", other, rest = ""]) => {
          const value = /\[default: ([^\]]*)\]\s*$/.exec(rest)?.[1] ?? null
          return [one, other].filter((option) => option !== undefined).map((option) => [option, value] as const)
        }),
      ),
    )
  }
  return found
}

const unquoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inside = ""]) => inside)

describe("a command and the module's function of that name", () => {
  const ofTheModule = functions()
  const words = new Map<string, string[]>()
  let ofTheCli = new Map<string, Map<string, string | null>>()
  beforeAll(async () => void (ofTheCli = await commandLine(words)))
  const shared = () =>
    [...ofTheModule].flatMap(([name, parameters]) => {
      const options = ofTheCli.get(name)
      return options === undefined ? [] : [{ name, parameters, options }]
    })

  it("are all there: each function is a command, or the part of one that is named here", () => {
    const missing = [...ofTheModule.keys()].filter((name) => !ofTheCli.has(name) && !PARTS.has(name))
    expect(missing).toEqual([])
    const wrong = [...PARTS].flatMap(([name, { command, by }]) => {
      if (!ofTheModule.has(name)) return [`there is no function ${name}`]
      if (ofTheCli.has(name)) return [`${name} is a command itself`]
      return by
        .split(" ")
        .filter((word) =>
          word.startsWith("--")
            ? ofTheCli.get(command)?.has(word.slice(2)) !== true
            : !words.get(command)?.includes(word),
        )
        .map((word) => `tollgate ${command} has no ${word}`)
    })
    expect(wrong).toEqual([])
  })

  it("are in the README, with exactly the functions that are a part of another command", () => {
    const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8")
    const rows = [...readme.matchAll(/^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \| (`tollgate [^|]*) \|$/gm)]
    const written = rows.flatMap(([, functions = "", commands = ""]) => {
      const [first = "", ...others] = unquoted(commands).map((words) => words.replace(/=[A-Z]+/, ""))
      const [tollgate = "", command = ""] = first.split(" ")
      const all = [first, ...others.map((action) => `${tollgate} ${command} ${action}`)]
      return unquoted(functions).map((name, index) => `${name}: ${all[index] ?? ""}`)
    })
    const said = [...PARTS].map(([name, { command, by }]) => `${name}: tollgate ${command} ${by}`)
    expect(written.sort()).toEqual(said.sort())
  })

  it("have the same arguments, except what one of them cannot have", () => {
    expect(shared().length).toBeGreaterThan(20)
    const differences = shared().flatMap(({ name, parameters, options }) => [
      ...[...parameters.keys()]
        .filter((one) => !options.has(one) && !OF_THE_MODULE.has(one))
        .map((one) => `tollgate ${name} has no --${one}`),
      ...[...options.keys()]
        .filter((one) => !parameters.has(one) && !OF_THE_COMMAND_LINE.has(one))
        .map((one) => `dagger call ${name} has no --${one}`),
    ])
    expect(differences).toEqual([])
  })

  it("have the same defaults", () => {
    const differences = shared().flatMap(({ name, parameters, options }) =>
      [...parameters].flatMap(([one, written]) => {
        const shown = options.get(one)
        // an empty text stands for what the description says
        if (written === null || written === '""' || shown === null || shown === undefined) return []
        return written.replace(/^"(.*)"$/, "$1") === shown.replace(/^"(.*)"$/, "$1")
          ? []
          : [`${name} --${one}: ${shown} for tollgate, ${written} for dagger call`]
      }),
    )
    expect(differences).toEqual([])
  })

  it("are parsed from the options that the command line has, no more and no fewer", async () => {
    const [deploy, rollback, logs, ledger] = await Promise.all([
      import("../../cli/release/run-deploy.js"),
      import("../../cli/release/run-rollback.js"),
      import("../../cli/release/run-logs.js"),
      import("../../cli/ledger/run-ledger.js"),
    ])
    const schemas = new Map<string, z.ZodObject>([
      ["plan", deploy.planOptions],
      ["deploy", deploy.deployOptions],
      ["rollback", rollback.rollbackOptions],
      ["monitor", rollback.monitorOptions],
      ["maintenance", rollback.maintenanceOptions],
      ["logs", logs.logsOptions],
      ["history", ledger.historyOptions],
      ["unlock", ledger.unlockOptions],
    ])
    const ignored = new Set(["help", "environment", "version"])
    for (const [name, schema] of schemas) {
      const parsed = Object.keys(schema.shape).map(kebab)
      const options = [...(ofTheCli.get(name)?.keys() ?? [])]
      const known = options.filter((option) => !ignored.has(option)).sort()
      expect(parsed.filter((option) => !["state", "version"].includes(option)).sort(), name).toEqual(
        known.filter((option) => option !== "debug"),
      )
    }
  })
})
