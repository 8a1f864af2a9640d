import { z } from "zod"
import { quoted } from "./problem.js"

/**
 * The kinds of value that tollgate.yaml is made of. Each says in its error what it expected, so that a reader never
 * meets the validator's own words; a second line of the message, where there is one, is a suggestion.
 */

type Hint = (input: unknown) => string | null

interface Refusal {
  readonly input?: unknown
  readonly path?: readonly PropertyKey[] | undefined
}

/** Rules that look at several keys run on whatever is there, so that their findings come with all the others. */
export const always = { when: () => true }

export function withHint(message: string, hint: string | null): string {
  return hint === null ? message : `${message}\n${hint}`
}

export function expected(what: string, hint: Hint = () => null): (issue: Refusal) => string {
  return ({ input, path }) =>
    input === undefined
      ? `is required: expected ${what}`
      : withHint(`expected ${what}, got ${show(path ?? [], input)}`, hint(input))
}

const SECRET_NAME = /pass|secret|token|key|credential|private|authorization|cookie|(^|_)iv$/i

/** Whether people keep a secret under such a name. */
export function soundsSecret(name: string): boolean {
  return SECRET_NAME.test(name)
}

/** A value as an error may repeat it. One under a name that sounds secret is never repeated: errors end in CI logs. */
function show(path: readonly PropertyKey[], input: unknown): string {
  if (input === null) return "nothing"
  if (Array.isArray(input)) return input.length === 0 ? "an empty list" : "a list"
  if (typeof input === "object") return "a mapping"
  if (path.some((part) => typeof part === "string" && soundsSecret(part))) return "a value that is not shown here"
  const shown = typeof input === "string" ? quoted(input) : String(input)
  return shown.length > 80 ? `${shown.slice(0, 76)}…"` : shown
}

const quoteIt: Hint = (input) =>
  typeof input === "number" || typeof input === "boolean" ? "put it in quotes to make it a text" : null

/**
 * A text that matches `pattern`; by default one that is not blank. It does not abort: that would keep the rules of
 * everything around it from running.
 */
export function text(what: string, pattern: RegExp = /\S/, hint: Hint = () => null) {
  const error = expected(what, (input) => hint(input) ?? quoteIt(input))
  return z.string({ error }).regex(pattern, { error })
}

export function mapping<Shape extends z.core.$ZodShape>(what: string, shape: Shape) {
  return z.strictObject(shape, {
    error: expected(what, (input) => (input === null ? "fill it in, or remove the key" : null)),
  })
}

function listError(what: string) {
  return expected(what, (input) => {
    if (input === null) return "fill it in, write [] for none, or remove the key"
    return typeof input === "object" ? null : "write a list: one line that begins with `- ` for each entry"
  })
}

/** A list in which the same entry may come again: commands, arguments. */
export function sequence<Item extends z.ZodType>(what: string, item: Item) {
  return z.array(item, { error: listError(what) })
}

/** A list whose entries are all different. */
export function distinct<Item extends z.ZodType>(what: string, item: Item) {
  return z
    .array(item, { error: listError(what) })
    .superRefine(noneTwice, always)
    .meta({ uniqueItems: true })
}

/** A list of different entries that must not be empty; `otherwise` says what would be lost. */
export function some<Item extends z.ZodType>(what: string, item: Item, otherwise: string) {
  return z
    .array(item, { error: listError(what) })
    .min(1, { error: otherwise })
    .superRefine(noneTwice, always)
    .meta({ uniqueItems: true })
}

function noneTwice(list: unknown, context: z.core.$RefinementCtx<unknown>): void {
  if (!Array.isArray(list)) return
  const first = new Map<unknown, number>()
  list.forEach((entry: unknown, index) => {
    const before = first.get(entry)
    if (before === undefined) first.set(entry, index)
    else context.addIssue({ code: "custom", path: [index], message: `is listed twice: it is the same as [${before}]` })
  })
}

/** A mapping whose keys the user names. `problemOf` says what is wrong with a name, or null. */
export function named<Value extends z.ZodType>(
  what: string,
  names: RegExp,
  value: Value,
  problemOf: (name: string) => string | null,
) {
  const error = expected(what, (input) => (input === null ? "fill it in, or remove the key" : null))
  return z
    .record(z.string(), value, { error })
    .superRefine((entries, context) => {
      for (const name of keysOf(entries)) {
        const message = problemOf(name)
        if (message !== null) context.addIssue({ code: "custom", path: [name], message, params: { at: "key" } })
      }
    }, always)
    .meta({ propertyNames: { type: "string", pattern: names.source } })
}

/** A name that the user gives to a suite or a scenario: it becomes part of file names, tags and command lines. */
export const plainName = /^[a-z][a-z0-9-]{0,62}$/

export function plainNameProblem(what: string): (name: string) => string | null {
  return (name) => {
    if (plainName.test(name)) return null
    if (name.length > 63)
      return `is too long for a name of a ${what}: it has ${name.length} characters, at most 63 are allowed`
    const better = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^[^a-z]+|-+$/g, "")
    const problem = `is not a name for a ${what}: expected lower-case letters, digits and -, beginning with a letter`
    return withHint(problem, better === "" ? null : `write ${better}`)
  }
}

const INSIDE = String.raw`(?![/~]|[A-Za-z]:|(?:.*/)?\.\.(?:/|$))`
const folderPattern = new RegExp(String.raw`^${INSIDE}[^\\*?\u0000-\u001f]+$`)
const filePattern = new RegExp(String.raw`^${INSIDE}(?!(?:.*/)?\.?$)[^\\*?\u0000-\u001f]+$`)
const testFilesPattern = new RegExp(
  String.raw`^${INSIDE}(?:[^\\:\u0000-\u001f]*[^\\:/\u0000-\u001f]\.py|(?:[^\\*?:\u0000-\u001f]*/)?[^\\*?:./\u0000-\u001f]+/?|\.)$`,
)
const globPattern = new RegExp(String.raw`^${INSIDE}[^\\\u0000-\u001f]+$`)

const pathHint: Hint = (input) => {
  if (typeof input !== "string") return null
  if (input.includes("\\")) return "separate folders by /"
  if (/^([/~]|[A-Za-z]:)/.test(input))
    return "give it relative to the source: an absolute path is not there in the container"
  if (input.split("/").includes("..")) return "only what is inside the source can be reached"
  return null
}

/** The evidence names files as pytest does: one spelling for each. */
function plainPath(path: string): string {
  return (
    path
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/") || "."
  )
}

export const folder = (what: string) => text(what, folderPattern, pathHint).transform(plainPath)
export const filePath = (what: string, above: string | null = null) =>
  text(what, filePattern, (input) =>
    above !== null && typeof input === "string" && /^(\.\.\/)+[^.]/.test(input) ? above : pathHint(input),
  ).transform(plainPath)
/** A test file, a folder of them, or a pattern of their names. */
export const testFiles = (what: string) =>
  text(what, testFilesPattern, (input) => {
    if (typeof input !== "string") return null
    if (input.includes("::")) return "list the file; single tests cannot be listed"
    if (/[*?]/.test(input) && !input.endsWith(".py")) return "end the pattern with .py"
    return pathHint(input)
  }).transform(plainPath)
export const pathGlob = (what: string) => text(what, globPattern, pathHint)

export const command = text("a shell command")

/** What DNS allows (RFC 1035, 2.3.4), and a port: a resolver refuses more without asking. */
export function hostProblem(written: string): string | null {
  const [host = "", port] = written.split(":")
  const labels = host.split(".")
  const long = labels.find((label) => label.length > 63)
  if (long !== undefined) return `has a part of ${long.length} characters: a host name's parts may have 63`
  if (host.length > 253) return `has ${host.length} characters: a host name may have 253`
  if (labels.some((label) => label === "" || label.startsWith("-") || label.endsWith("-")))
    return "is no host name: none of its parts is empty, or begins or ends with -"
  return port !== undefined && (Number(port) < 1 || Number(port) > 65_535) ? "has no port from 1 to 65535" : null
}

/** A rule for a text that is a host, perhaps with a port. */
export function isHost(written: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const message = typeof written === "string" ? hostProblem(written.replace(/^[^@]*@/, "")) : null
  if (message !== null) context.addIssue({ code: "custom", message })
}

export const containerImage = text(
  "a container image such as python:3.11-slim",
  /^[a-z0-9][A-Za-z0-9._:/-]*(@sha256:[0-9a-f]{64})?$/,
)

const LONGEST = 24 * 60 * 60
const durationPattern = /^(?=.*[1-9])(?:\d+h)?(?:\d+m)?(?:\d+s)?$/

function toSeconds(duration: string): number {
  const count = (unit: string): number => Number(new RegExp(`(\\d+)${unit}`).exec(duration)?.[1] ?? 0)
  return count("h") * 3600 + count("m") * 60 + count("s")
}

const durationHint: Hint = (input) => {
  const parts = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(input))
  const [, amount = "", unit = ""] = parts ?? []
  if (amount === "") return null
  if (Number(amount) === 0) return "the least is 1s"
  if (amount.includes(".")) return "use whole numbers: 1h30m, not 1.5h"
  if (unit === "") return `add a unit: ${amount}s or ${amount}m`
  if (unit.toLowerCase() === "ms") return "whole seconds are the smallest step"
  const short = unit.charAt(0).toLowerCase()
  return "hms".includes(short) ? `write ${amount}${short}` : null
}

/** Written as 90s, 10m or 1h30m; whole seconds from here on. */
export const duration = text("a duration such as 90s or 10m", durationPattern, durationHint)
  .refine((written) => !durationPattern.test(written) || toSeconds(written) <= LONGEST, {
    error: expected("a duration of at most 24h"),
  })
  .transform(toSeconds)

const environmentNamePattern =
  /^(?!(?:PYTEST_ADDOPTS|COVERAGE_PROCESS_START|COVERAGE_FILE)$|TOLLGATE_)[A-Za-z_][A-Za-z0-9_]*$/

/** What Tollgate sets itself: another value would take the evidence away. */
function environmentNameProblem(name: string): string | null {
  if (environmentNamePattern.test(name)) return null
  switch (name) {
    case "PYTEST_ADDOPTS":
      return withHint(
        "is set by Tollgate: it loads the plugin that gathers the evidence",
        "put options for pytest into the app's own pytest.ini or pyproject.toml",
      )
    case "COVERAGE_PROCESS_START":
    case "COVERAGE_FILE":
      return withHint("is set by Tollgate, which measures coverage itself", "say what to measure under qa.coverage")
    default:
      return name.startsWith("TOLLGATE_")
        ? withHint("is reserved: names that begin with TOLLGATE_ are Tollgate's own", "choose another name")
        : "is not a name of an environment variable: expected letters, digits and _, not beginning with a digit"
  }
}

export const environmentName = text("a name of an environment variable")
  .superRefine((name, context) => {
    const message = environmentNameProblem(name)
    if (message !== null && name.trim() !== "") context.addIssue({ code: "custom", message })
  })
  .meta({ pattern: environmentNamePattern.source })

export const environmentValue = z
  .union([z.string(), z.number(), z.boolean()], {
    error: expected("a text, a number or true/false", (input) => (input === null ? 'write "" for an empty one' : null)),
  })
  .transform(String)

export const environment = named(
  "a mapping of environment variables",
  environmentNamePattern,
  environmentValue,
  environmentNameProblem,
)

const variablePattern = /^(?!TOLLGATE_)[A-Za-z_][A-Za-z0-9_]*$/

/** Environment variables of a program that is not a suite: Tollgate's plugin is not in it, so only its own names are taken. */
export const variables = named("a mapping of environment variables", variablePattern, environmentValue, (name) =>
  variablePattern.test(name) ? null : environmentNameProblem(name),
)

/** The keys of what should be a mapping, for rules that also run on what is not yet known to be right. */
export function keysOf(value: unknown): string[] {
  return isMapping(value) ? Object.keys(value) : []
}

export function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function entryOf(value: unknown, key: string): unknown {
  return isMapping(value) ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined
}

/** The texts in what should be a list, each with its place. */
export function textsIn(value: unknown): [index: number, entry: string][] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry: unknown, index): [number, string][] =>
    typeof entry === "string" ? [[index, entry]] : [],
  )
}
