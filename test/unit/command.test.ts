import { describe, expect, it } from "vitest"
import yargs from "yargs"
import { z } from "zod"
import { type Command, command } from "../../cli/commands/command.js"
import {
  flag,
  list,
  names,
  place,
  reportFolder,
  requiredSecret,
  text,
  textOr,
  wholeNumber,
} from "../../cli/options/option.js"

const given: unknown[] = []
const toy = command({
  name: "toy",
  describe: "Try a definition",
  options: z.object({
    state: place(["on", "off"], "new state"),
    key: requiredSecret("its key"),
    baseDir: text("a folder", { usual: "here" }),
    expires: textOr("4h", "validity"),
    failFast: flag("end with the first"),
    lines: wholeNumber(200, "the latest lines", { min: 1 }),
    approval: list("approvals"),
    suites: names("names of suites", { usual: "all" }),
    report: reportFolder("tollgate-report"),
  }),
  check: ({ failFast, baseDir }) => (failFast && baseDir !== undefined ? "Leave out --base-dir." : undefined),
  run: (options) => Promise.resolve(void given.push(options)),
})

async function typed(one: Command, ...args: string[]): Promise<string> {
  let printed = ""
  const parser = yargs().scriptName("tollgate").command(one).exitProcess(false).strict().wrap(200)
  parser.fail((message, error) => {
    throw error instanceof Error ? error : new Error(message)
  })
  await parser.parseAsync(args, {}, (_error, _given, output) => {
    printed = output
  })
  return printed
}

describe("a command made from one definition", () => {
  it("parses options into the types of its definition, with its defaults", async () => {
    await typed(toy, "toy", "on", "--key=env:KEY")
    expect(given.pop()).toEqual({
      state: "on",
      key: "env:KEY",
      expires: "4h",
      failFast: false,
      lines: 200,
      approval: [],
      suites: [],
      report: "tollgate-report",
    })
    const typing =
      "toy off --key=env:KEY --base-dir= --lines=3 --approval=a --approval=b,c --suites=e2e,webhook --no-report"
    await typed(toy, ...typing.split(" "))
    expect(given.pop()).toMatchObject({
      baseDir: "",
      lines: 3,
      approval: ["a", "b,c"],
      suites: ["e2e", "webhook"],
      report: false,
    })
  })

  it("prints in its help what the definition says: form, default, and what must be given", async () => {
    const help = await typed(toy, "toy", "--help")
    expect(help).toMatch(/toy <state>/)
    expect(help).toMatch(/--key +its key: env:NAME, file:PATH, op:\/\/… or vault:\/\/… +\[string\] \[required\]/)
    expect(help).toMatch(/--base-dir +a folder +\[string\] \[default: here\]/)
    expect(help).toMatch(/--lines +the latest lines +\[number\] \[default: 200\]/)
    expect(help).toMatch(/--suites +names of suites +\[array\] \[default: all\]/)
  })

  it("refuses a value out of its range with the option's name, and options that do not go together", async () => {
    await expect(typed(toy, "toy", "on", "--key=env:KEY", "--lines=0")).rejects.toThrow(
      /--lines is below 1\.[^]*--help/,
    )
    await expect(typed(toy, "toy", "on", "--key=env:KEY", "--lines=many")).rejects.toThrow("--lines is not a number.")
    await expect(typed(toy, "toy", "on", "--key=env:KEY", "--fail-fast", "--base-dir=x")).rejects.toThrow(
      "Leave out --base-dir.",
    )
    expect(given).toEqual([])
  })
})
