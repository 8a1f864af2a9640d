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

/** Each command's options, with the default where the help shows one of yargs'. */
async function commandLine(): Promise<Map<string, Map<string, string | null>>> {
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

describe("a command and the module's function of that name", () => {
  const ofTheModule = functions()
  let ofTheCli = new Map<string, Map<string, string | null>>()
  beforeAll(async () => void (ofTheCli = await commandLine()))
  const shared = () =>
    [...ofTheModule].flatMap(([name, parameters]) => {
      const options = ofTheCli.get(name)
      return options === undefined ? [] : [{ name, parameters, options }]
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
