/**
 * What Trivy quotes from the scanned files. It blots out the secret that it recognised and quotes the lines around it as they
 * are, and of a misconfiguration the very lines that hold it: `ENV API_TOKEN=…`, or the image's whole environment and history.
 */
const QUOTES = new Set(["Code", "Match", "RenderedCause", "Traces", "CreatedBy", "ImageConfig"])

/** Where in Trivy's container what it scanned was, which means nothing to a reader. */
const ROOM = /^\/tollgate\/(image|lockfiles|repository)/

/** Trivy's report without a word of what was in the files; what was found and where stays. */
export function withoutQuotes(report: string): string {
  const kept: unknown = JSON.parse(report, (key, value: unknown) => {
    if (QUOTES.has(key)) return undefined
    return (key === "ArtifactName" || key === "Target") && typeof value === "string" ? value.replace(ROOM, "$1") : value
  })
  return `${JSON.stringify(kept, null, 1)}\n`
}
