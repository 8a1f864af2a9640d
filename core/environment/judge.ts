import type { EnvironmentSettings, VariableSettings } from "../config/environments.js"
import { type DotenvReading, lineWords } from "../secrets/parse.js"
import { nearest } from "../shared/nearest.js"
import { version } from "../shared/version.js"
import { mask } from "./mask.js"
import type { ConfigResult, FileProblem, Problem, UnusedName, VariableResult } from "./result.js"
import { judgeValue, ofEcpaysTests, type Surroundings } from "./rules.js"
import { mayBeShared, sharedWith } from "./sharing.js"

export interface ConfigQuestion {
  environment: string
  settings: EnvironmentSettings
  given: DotenvReading
  /** The other environment and its configuration; null without --against. */
  against: { environment: string; given: DotenvReading } | null
  /** Values of the app's .env.example; null when there is none. */
  example: ReadonlyMap<string, string> | null
}

/** Reports all problems of an environment's configuration at once. */
export function judgeConfig(question: ConfigQuestion): ConfigResult {
  const { settings, given } = question
  const known = new Map(settings.variables.map((variable) => [variable.name, variable]))
  const unknown = [...given.values.keys()].filter((name) => !known.has(name))
  const slips = new Map(unknown.map((name) => [name, slipOf(name, settings.variables, given)]))
  const variables = settings.variables.map((variable) => judgeVariable(variable, question, slips))
  const unused = unknown.map(
    (name): UnusedName => ({
      name,
      meant: slips.get(name) ?? null,
      problems: judgeUnused(name, question),
    }),
  )
  const file = [
    ...fileProblems(given, ""),
    ...(question.against === null ? [] : fileProblems(question.against.given, `${question.against.environment}'s: `)),
  ]
  const problems = [...variables, ...unused].reduce((sum, one) => sum + one.problems.length, 0) + file.length
  return {
    tollgateVersion: version,
    environment: question.environment,
    comparedWith: question.against?.environment ?? null,
    example: question.example !== null,
    variables,
    unused,
    file,
    verdict: problems === 0 ? { kind: "passed" } : { kind: "failed", problems },
  }
}

/** Suggests only names that are not set: `REDIS_URL2` beside `REDIS_URL` is no typo. */
function slipOf(name: string, variables: readonly VariableSettings[], given: DotenvReading): string | null {
  return nearest(
    name,
    variables.map((variable) => variable.name).filter((one) => isBlank(given.values.get(one))),
  )
}

function judgeVariable(
  variable: VariableSettings,
  question: ConfigQuestion,
  slips: ReadonlyMap<string, string | null>,
): VariableResult {
  const { name, need, rule } = variable
  const { values } = question.given
  const value = values.get(name)
  const surroundings = surroundingsOf(question)
  if (value === undefined || isBlank(value)) {
    const source = variable.default === null ? "none" : "default"
    const written = writingProblems(name, question)
    // a value cut at a # is reported as cut, and not as empty too
    const lacking =
      source === "none" && need === "required" && written.length === 0 ? [absent(name, value !== undefined, slips)] : []
    const wrong = variable.default === null ? [] : judgeValue(name, variable.default, rule, surroundings)
    return { name, need, source, shown: variable.default ?? "", problems: [...written, ...lacking, ...wrong] }
  }

  const problems = [...writingProblems(name, question), ...judgeValue(name, value, rule, surroundings)]
  if (rule.example !== true && question.example?.get(name) === value)
    problems.push({
      code: "example-value",
      message: "has the value of .env.example, which is public",
      next: "set the real value",
    })
  problems.push(...commonValue(name, value, variable, question))
  return { name, need, source: "given", shown: mask(value), problems }
}

function judgeUnused(name: string, question: ConfigQuestion): Problem[] {
  const value = question.given.values.get(name) ?? ""
  return [
    ...nameProblems(name),
    ...writingProblems(name, question),
    ...(question.settings.production ? ofEcpaysTests(name, value) : []),
    ...commonValue(name, value, undefined, question),
  ]
}

function surroundingsOf({ settings, given }: ConfigQuestion): Surroundings {
  return {
    production: settings.production,
    serverElsewhere: ["PGHOST", "PGHOSTADDR", "PGSERVICE"].some((name) => !isBlank(given.values.get(name))),
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
/** bash, which is /bin/sh in many images, sets these itself and exits when they are assigned. */
const OF_THE_SHELL = new Set(["UID", "EUID", "PPID", "BASHOPTS", "BASH_VERSINFO", "SHELLOPTS", "OPTIND"])

/** dotenv allows names that the shell that starts the service does not. */
function nameProblems(name: string): Problem[] {
  if (!NAME.test(name))
    return [
      {
        code: "not-a-name",
        message: "is not a valid shell variable name",
        next: "use letters, digits and _, and do not begin with a digit",
      },
    ]
  if (OF_THE_SHELL.has(name))
    return [{ code: "not-a-name", message: "is reserved by the shell", next: "use another name" }]
  return []
}

/** Problems of a variable's notation in the dotenv text. */
function writingProblems(name: string, { given, settings }: ConfigQuestion): Problem[] {
  const problems: Problem[] = []
  const twice = given.repeated.find((one) => one.name === name)
  if (twice !== undefined)
    problems.push({
      code: "repeated",
      message: `is set ${twice.lines.length} times, on ${lineWords(twice.lines)}: the last one wins`,
      next: "remove the others",
    })
  const entry = given.entries.get(name)
  if (entry?.cutAtHash === true)
    problems.push({
      code: "cut-at-hash",
      message: isBlank(given.values.get(name))
        ? `is empty: its value on line ${entry.line} begins with #, which starts a comment in dotenv`
        : `ends at a # on line ${entry.line}: dotenv treats the rest as a comment`,
      next: "put the value in single quotes, or write a space before and after the # of a comment",
    })
  if (entry?.quoteLeftOpen === true)
    problems.push({
      code: "quote-left-open",
      message: `begins with a quote that is not closed, on line ${entry.line}`,
      next: "close the quote; only a comment may follow it",
    })
  const swallowed = namesWithin(given.values.get(name) ?? "", settings.variables)
  if (swallowed.length > 0)
    problems.push({
      code: "swallows-lines",
      message: `continues to line ${entry?.lastLine ?? 0} and contains the assignment of ${swallowed.join(", ")}`,
      next: "close the quote",
    })
  return problems
}

/** Assignments that an unclosed quote made part of a value. */
function namesWithin(value: string, variables: readonly VariableSettings[]): string[] {
  const further = value.split("\n").slice(1)
  return variables
    .map(({ name }) => name)
    .filter((name) =>
      further.some((line) =>
        line
          .replace(/^\s*(export\s+)?/, "")
          .replace(/\s+/g, "")
          .startsWith(`${name}=`),
      ),
    )
}

function absent(name: string, empty: boolean, slips: ReadonlyMap<string, string | null>): Problem {
  const slip = [...slips].find(([, meant]) => meant === name)?.[0]
  const next = slip === undefined ? "set it" : `${slip} is set but not used: is it a typo of this name?`
  return empty ? { code: "empty", message: "is empty", next } : { code: "missing", message: "is missing", next }
}

function commonValue(
  name: string,
  value: string,
  variable: VariableSettings | undefined,
  { against }: ConfigQuestion,
): Problem[] {
  if (against === null || mayBeShared(name, variable)) return []
  return sharedWith(name, value, against.given.values, against.environment)
}

function fileProblems({ malformed, values, unreadable }: DotenvReading, whose: string): FileProblem[] {
  const problems: FileProblem[] = []
  if (values.size === 0)
    problems.push({
      code: "nothing-given",
      message: `${whose}the secret contains no assignment`,
      next: "expected dotenv lines such as NAME=value",
    })
  if (malformed.length > 0) {
    const [are, them] = malformed.length === 1 ? ["is not an assignment", "it"] : ["are not assignments", "them"]
    problems.push({
      code: "malformed-line",
      message: `${whose}${lineWords(malformed)} ${are}; dotenv silently skips ${them}`,
      next: "write NAME=value, or start the comment with #",
    })
  }
  if (unreadable)
    problems.push({
      code: "unreadable",
      message: `${whose}the text has line endings that dotenv does not recognise`,
      next: "save it with LF line endings",
    })
  return problems
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === ""
}
