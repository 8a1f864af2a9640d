/** Why an image fails. The codes are stable: reports and scripts may rely on them. */
export type ProblemCode =
  | "runs-as-root"
  | "user-unknown"
  | "no-health-check"
  | "wrong-platform"
  | "too-large"
  | "secret-file"
  | "secret-in-environment"
  | "secret-in-history"
  | "not-started"
  | "before-failed"
  | "crashed"
  | "not-listening"
  | "wrong-port"
  | "loopback-only"
  | "not-answering"
  | "unhealthy"
  | "health-check-failing"
  | "crashed-later"
  | "unhealthy-later"

export interface Problem {
  code: ProblemCode
  /** What is wrong, in one line. */
  message: string
  /** What to do about it, in one line. */
  next: string
  /** The evidence: files, layers, the end of the service's output. */
  details: string[]
  /** The details are the output of a program. */
  output: boolean
}
