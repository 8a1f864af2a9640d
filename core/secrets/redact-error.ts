import type { Redact } from "./redact.js"

/** The same error, with its class and code, without secrets in its message. */
export function redactedError(error: unknown, redact: Redact): unknown {
  if (!(error instanceof Error)) return error
  const message = redact(error.message)
  if (message === error.message) return error
  const stack = redact(error.stack ?? "")
  error.message = message
  // it begins with the message
  error.stack = stack
  return error
}
