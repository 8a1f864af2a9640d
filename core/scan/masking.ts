/**
 * Fields in which Trivy quotes the scanned files. It masks the secret that it recognised, but not the lines around it, nor the
 * lines of a misconfiguration (`ENV API_TOKEN=…`), nor the image's environment and history.
 */
const QUOTES = new Set(["Code", "Match", "RenderedCause", "Traces", "CreatedBy", "ImageConfig"])

/** Paths inside Trivy's container, which mean nothing to a reader. */
const ROOM = /^\/tollgate\/(image|lockfiles|repository)/

/** Trivy's report without contents of the scanned files. Each finding keeps its rule, file and line. */
export function withoutQuotes(report: string): string {
  const kept: unknown = JSON.parse(report, (key, value: unknown) => {
    if (QUOTES.has(key)) return undefined
    return (key === "ArtifactName" || key === "Target") && typeof value === "string" ? value.replace(ROOM, "$1") : value
  })
  return `${JSON.stringify(kept, null, 1)}\n`
}
