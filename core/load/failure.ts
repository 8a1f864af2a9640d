import type { Failure } from "./measurement.js"

/** k6's error codes (its package lib/netext/httpext). */
const CONNECTION: Record<string, string> = {
  "1020": "invalid URL",
  "1101": "no such host",
  "1201": "broken pipe",
  "1211": "connection timed out",
  "1212": "connection refused",
  "1220": "connection reset",
  "1310": "certificate signed by unknown authority",
  "1311": "certificate not valid for this host",
}

/** One kind of failure in a few words; `example` is k6's message of the first. */
export function failureInWords({
  kind,
  detail,
  example,
}: Pick<Failure, "kind" | "detail"> & { example: string | null }): string {
  switch (kind) {
    case "timeout":
      return "timed out"
    case "status":
      return `status ${detail}`
    case "check":
      return `check ${detail} failed`
    case "connection":
      return (
        CONNECTION[detail] ?? `connection error (${example === null ? `k6 error ${detail}` : withoutAddress(example)})`
      )
  }
}

/** Go puts the request first: `Get "http://…": EOF`. */
function withoutAddress(said: string): string {
  return said.replace(/^\w+ "[^"]*": /, "").slice(0, 80)
}
