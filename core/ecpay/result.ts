/** Failures before an answer arrives. */
export type FailureCode =
  | "dns"
  | "refused"
  | "unreachable"
  | "connect-timeout"
  | "no-answer"
  | "stalled"
  | "closed"
  | "tls-untrusted"
  | "tls-expired"
  | "tls-wrong-host"
  | "tls-other"
  | "too-large"
  | "failed"

export type EcpayCode =
  | FailureCode
  // before anything is sent
  | "credentials-missing"
  | "credentials-malformed"
  | "published-key"
  | "other-environment"
  | "computation-wrong"
  // the answer
  | "redirected"
  | "rate-limited"
  | "server-error"
  | "http-error"
  | "maintenance"
  | "html"
  | "empty"
  | "not-form-data"
  | "key-refused"
  | "merchant-unknown"
  | "clock"
  | "refused-query"
  | "unsigned"
  | "wrong-signature"
  | "other-merchant"
  | "other-order"

export interface EcpayProblem {
  code: EcpayCode
  message: string
  next: string
}

export type StepState = "passed" | "failed" | "skipped"

/** One line of the table, in order of execution. */
export interface EcpayStep {
  step: string
  state: StepState
  said: string
}

export interface EcpayResult {
  tollgateVersion: string
  environment: string
  endpoint: string
  steps: EcpayStep[]
  verdict: { kind: "passed" } | { kind: "failed"; problems: EcpayProblem[] }
}

/** Result of the request: any answer, or a failure. */
export type Outcome =
  | { kind: "answered"; status: number; contentType: string; body: string; seconds: number }
  | { kind: "failed"; code: FailureCode; detail: string; seconds: number }
