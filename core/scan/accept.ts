import { blocking, type ScanResult } from "./result.js"

/** Days that a finding without a fix may be accepted for by what is suggested here: a quarter. */
const DAYS = 90
/** Entries that one line suggests. */
const MOST = 3

/**
 * What to add to tollgate.yaml for vulnerabilities without a fix; null when there are none.
 */
export function acceptance(result: ScanResult): string | null {
  const unfixed = blocking(result).filter(({ kind, fixed }) => kind === "vulnerability" && fixed === null)
  if (unfixed.length === 0) return null
  const until = new Date(Date.parse(result.startedAt) + DAYS * 86_400_000).toISOString().slice(0, 10)
  const entries = unfixed
    .slice(0, MOST)
    .map(
      ({ id, package: name }) =>
        `{ id: ${word(id)}${name === null ? "" : `, package: ${word(name)}`}, reason: "…", until: ${until} }`,
    )
  const others = unfixed.length > MOST ? `, and the same for ${unfixed.length - MOST} more` : ""
  return `No fix exists for ${unfixed.length === 1 ? "it" : "these"}. To accept ${unfixed.length === 1 ? "it" : "them"} for now: scan: { ignore: [${entries.join(", ")}] }${others}`
}

/** In YAML, where only plain text can stand without quotes. */
function word(text: string): string {
  return /^[A-Za-z][\w.+-]*$/.test(text) ? text : JSON.stringify(text)
}
