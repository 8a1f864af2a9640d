import { TollgateError } from "../shared/errors.js"

/** One thing that is wrong with tollgate.yaml, and where. */
export interface Problem {
  /** Such as `qa.suites.e2e.files[0]`; empty when it is about the file as a whole. */
  path: string
  /** Both count from 1. */
  line: number
  column: number
  /** What is wrong and what was expected. */
  message: string
  suggestion: string | null
}

/** tollgate.yaml cannot be used: every reason at once, in the order of the file. */
export class SettingsError extends TollgateError {
  readonly problems: Problem[]

  constructor(file: string, problems: Problem[]) {
    const sorted = [...problems].sort((one, other) => one.line - other.line || one.column - other.column)
    const count = sorted.length === 1 ? "1 problem" : `${sorted.length} problems`
    super(
      "settings",
      [`${file} has ${count}:`, ...sorted.map((problem) => printProblem(file, problem))].join("\n"),
      "Nothing was run. docs/tollgate.example.yaml of Tollgate explains every key.",
    )
    this.name = "SettingsError"
    this.problems = sorted
  }
}

function printProblem(file: string, { path, line, column, message, suggestion }: Problem): string {
  const parts = [`${file}:${line}:${column}`, path, message].filter((part) => part !== "")
  return parts.join("  ") + (suggestion === null ? "" : `\n    ${suggestion}`)
}

/** In quotes, and without a character that a terminal would act upon. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}

export function printPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((printed, part) => {
    if (typeof part === "number") return `${printed}[${part}]`
    const key = String(part)
    if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${printed}[${quoted(key)}]`
    return printed === "" ? key : `${printed}.${key}`
  }, "")
}
