import type { Failure } from "./measurement.js"

/** What k6's codes of errors stand for (its package lib/netext/httpext). */
const CONNECTION: Record<string, string> = {
  "1020": "the address is not valid", "1101": "no such host", "1201": "broken pipe", "1211": "no connection in time", "1212": "connection refused",
  "1220": "connection reset", "1310": "certificate of an unknown authority", "1311": "certificate of another host",
}

/** One kind of failure in a few words; `example` is what k6 said of the first. */
export function failureInWords({ kind, detail, example }: Pick<Failure, "kind" | "detail"> & { example: string | null }): string {
  switch (kind) {
    case "timeout":
      return "no answer in time"
    case "status":
      return `status ${detail}`
    case "check":
      return `broken check ${detail}`
    case "connection":
      return CONNECTION[detail] ?? `broken connection (${example === null ? `k6 error ${detail}` : withoutAddress(example)})`
  }
}

/** Go names the request that went wrong: `Get "http://…": EOF`. */
function withoutAddress(said: string): string {
  return said.replace(/^\w+ "[^"]*": /, "").slice(0, 80)
}
