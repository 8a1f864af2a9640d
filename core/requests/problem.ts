/** Why a request is refused before anything runs. */
export type RequestCode =
  | "request-unreadable"
  | "request-version"
  | "request-unsigned"
  | "request-unknown-key"
  | "request-key-revoked"
  | "request-bad-signature"
  | "request-who"
  | "request-not-allowed"
  | "request-other-service"
  | "request-other-environment"
  | "request-not-yet-valid"
  | "request-expired"
  | "request-too-long"
  | "request-replayed"
  | "request-other-ledger"
  | "request-stale"
  | "request-schedule"
  | "request-target"
  | "request-plan"
  | "request-unsupported"

export interface RequestProblem {
  readonly code: RequestCode
  readonly message: string
}
