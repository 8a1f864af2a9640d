export type ProblemCode =
  | "missing"
  | "empty"
  | "repeated"
  | "cut-at-hash"
  | "quote-left-open"
  | "swallows-lines"
  | "blanks-around"
  | "quotes-inside"
  | "hidden-characters"
  | "placeholder"
  | "example-value"
  | "published"
  | "not-a-name"
  | "wrong-beginning"
  | "wrong-part"
  | "not-allowed"
  | "wrong-form"
  | "not-a-url"
  | "too-short"
  | "too-guessable"
  | "shared"

/** Neither text ever contains a value or a part of one. */
export interface Problem {
  code: ProblemCode
  message: string
  next: string
}

export interface VariableResult {
  name: string
  need: "required" | "optional"
  source: "given" | "default" | "none"
  /** A mask, or the default, which tollgate.yaml shows anyway. */
  shown: string
  problems: Problem[]
}

/** A problem of the dotenv text as a whole. */
export interface FileProblem {
  code: "malformed-line" | "unreadable" | "nothing-given"
  message: string
  next: string
}

export interface UnusedName {
  name: string
  /** The variable of this environment that the name most likely is a typo of. */
  meant: string | null
  problems: Problem[]
}

export interface ConfigResult {
  tollgateVersion: string
  environment: string
  /** The environment of --against; null without it. */
  comparedWith: string | null
  /** Whether the values were compared with a .env.example. */
  example: boolean
  variables: VariableResult[]
  unused: UnusedName[]
  file: FileProblem[]
  verdict: { kind: "passed" } | { kind: "failed"; problems: number }
}
