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

/** One thing that is wrong. Neither text ever has a value in it, or a part of one. */
export interface Problem {
  code: ProblemCode
  message: string
  next: string
}

export interface VariableResult {
  name: string
  need: "required" | "optional"
  source: "given" | "default" | "none"
  /** The value as it may be shown: a mask, or a default that stands in tollgate.yaml anyway. */
  shown: string
  problems: Problem[]
}

/** What is wrong with the dotenv text itself. */
export interface FileProblem {
  code: "malformed-line" | "unreadable" | "nothing-given"
  message: string
  next: string
}

export interface UnusedName {
  name: string
  /** The name of this environment that it most likely is a slip of. */
  meant: string | null
  problems: Problem[]
}

export interface ConfigResult {
  tollgateVersion: string
  environment: string
  /** The environment whose values were compared with; null: none was given. */
  comparedWith: string | null
  /** Whether there was a .env.example whose values were compared with. */
  example: boolean
  variables: VariableResult[]
  unused: UnusedName[]
  file: FileProblem[]
  verdict: { kind: "sound" } | { kind: "red"; problems: number }
}
