import { TollgateError } from "../../shared/errors.js"

/** A sign-in that did not succeed, for the page that says so. */
export class SignInProblem extends Error {
  readonly what: string
  readonly next: string
  /** 403: the answer was refused; 503: there was no answer, and a later attempt may succeed. */
  readonly status: 403 | 503
  /** The provider or this machine has a fault that its operators should know of. */
  readonly fault: boolean

  constructor(
    what: string,
    next: string,
    { status = 403, fault = false }: { status?: 403 | 503; fault?: boolean } = {},
  ) {
    super(what)
    this.name = "SignInProblem"
    this.what = what
    this.next = next
    this.status = status
    this.fault = fault
  }
}

/** What openid-client and fetch throw, as far as it is looked at. */
interface Failure {
  readonly code: string
  readonly message: string
  /** The innermost cause, in its own words. */
  readonly cause: string
  /** `error` of OAuth: the provider's own answer. */
  readonly error: string | null
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: "", message: String(error), cause: String(error), error: null }
  return {
    code: "code" in error && typeof error.code === "string" ? error.code : "",
    message: error.message,
    cause: innermost(error),
    error: "error" in error && typeof error.error === "string" ? error.error : null,
  }
}

function innermost(error: Error): string {
  const { cause } = error
  if (cause instanceof Error) return innermost(cause)
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return innermost(error.errors[0])
  return error.message
}

/** Codes of openid-client that say that no usable answer came. */
const NO_ANSWER = ["OAUTH_TIMEOUT", "OAUTH_RESPONSE_IS_NOT_CONFORM", "OAUTH_RESPONSE_IS_NOT_JSON", "OAUTH_PARSE_ERROR"]

export function isUnreachable(error: unknown): boolean {
  // fetch itself throws this when there is no connection
  return (error instanceof TypeError && error.cause instanceof Error) || NO_ANSWER.includes(failureOf(error).code)
}

/** @param seconds that were waited for an answer */
function whyUnreachable(error: unknown, seconds: number): string {
  const { code, cause, message } = failureOf(error)
  if (code === "OAUTH_TIMEOUT") return `no answer within ${seconds} s`
  if (error instanceof Error && error.cause instanceof Response) return `it answered HTTP ${error.cause.status}`
  return code === "" ? cause : message
}

/** @param address of the provider's configuration */
export function discoveryError(error: unknown, issuer: string, address: string, seconds: number): TollgateError {
  if (isUnreachable(error))
    return new TollgateError(
      "oidc-unreachable",
      `Could not read the configuration of the OIDC provider at ${address}: ${whyUnreachable(error, seconds)}.`,
      "Check that --oidc-issuer is the provider's issuer, and that this machine reaches it. For a certificate of your own CA, set NODE_EXTRA_CA_CERTS to its file.",
    )
  const { message, cause } = failureOf(error)
  return new TollgateError(
    "oidc-configuration",
    `The OIDC provider ${issuer} has a configuration that cannot be used: ${message === cause ? message : `${message}: ${cause}`}.`,
    "Check that --oidc-issuer is the provider's issuer, as it writes it itself.",
  )
}

const AGAIN = "Sign in again. If that fails too, ask the people who run this dashboard."

export function signInProblem(error: unknown, provider: string, seconds: number, skew: number): SignInProblem {
  if (error instanceof SignInProblem) return error
  const { code, message, cause, error: refusal } = failureOf(error)
  if (isUnreachable(error))
    return new SignInProblem(
      `The provider ${provider} did not answer as expected: ${whyUnreachable(error, seconds)}.`,
      "Sign in again in a minute.",
      { status: 503, fault: true },
    )
  if (refusal !== null)
    return new SignInProblem(`The provider ${provider} refused the sign-in: ${refusal}.`, AGAIN, {
      // these two are of the configuration, and not of a person
      fault: refusal === "invalid_client" || refusal === "unauthorized_client",
    })
  if (code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED")
    return new SignInProblem(
      `The token of ${provider} is not valid at this time: the clocks of the provider and of this dashboard differ by more than ${skew} s.`,
      "Ask the people who run this dashboard to set its clock.",
      { fault: true },
    )
  return new SignInProblem(
    `The answer of ${provider} was not accepted: ${message === cause ? message : `${message}: ${cause}`}.`,
    AGAIN,
    { fault: true },
  )
}
