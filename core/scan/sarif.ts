import { z } from "zod"
import type { JudgedFinding, ScanName } from "./result.js"

/** The parts of SARIF 2.1.0 that are changed here; the rest stays as Trivy wrote it. */
const location = z.looseObject({
  physicalLocation: z
    .looseObject({
      artifactLocation: z.looseObject({ uri: z.string().optional(), uriBaseId: z.string().optional() }).optional(),
      region: z.looseObject({ startLine: z.number().optional() }).optional(),
    })
    .optional(),
})
const result = z.looseObject({
  ruleId: z.string().optional(),
  message: z.looseObject({ text: z.string().optional() }),
  locations: z.array(location).optional(),
})
const run = z.looseObject({ results: z.array(result).default([]), originalUriBaseIds: z.unknown().optional() })
const log = z.looseObject({ runs: z.array(run) })

type Run = z.output<typeof run>
type Result = z.output<typeof result>

/**
 * Merges Trivy's SARIF files into one. Each scan is a run with its own id, so that GitHub keeps them apart. Paths are relative
 * to the repository. Ignored and unfixed findings are suppressed, with the reason.
 *
 * @param app the app's folder inside the source; lockfile paths are relative to it
 */
export function mergeSarif(files: [scan: ScanName, text: string][], findings: JudgedFinding[], app: string): string {
  const runs = files.flatMap(([scan, text]) =>
    log.parse(JSON.parse(text)).runs.map((one) => adapted(scan, one, findings, app)),
  )
  const merged = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs }
  return `${JSON.stringify(merged, null, 1)}\n`
}

function adapted(
  scan: ScanName,
  { originalUriBaseIds: _, properties: __, ...one }: Run,
  findings: JudgedFinding[],
  app: string,
): object {
  const ours = findings.filter((finding) => finding.places.some((place) => place.scan === scan))
  return {
    ...one,
    automationDetails: { id: `tollgate/${scan}/` },
    results: one.results.map((each) => {
      const suppression = suppressionOf(each, scan, ours)
      return {
        ...each,
        locations: (each.locations ?? []).map((where) => located(where, scan, app)),
        ...(suppression === null ? {} : { suppressions: [suppression] }),
      }
    }),
  }
}

/** Trivy's placeholder path for system packages of an image without a name. */
const NO_FILE = "library/image"

function located(where: z.output<typeof location>, scan: ScanName, app: string): object {
  const physical = where.physicalLocation
  const uri = pathIn(physical?.artifactLocation?.uri ?? "")
  if (physical === undefined || uri === "") return where
  const folder = scan === "image" ? "image/" : scan === "lockfiles" && app !== "." ? `${app}/` : ""
  return {
    ...where,
    physicalLocation: { ...physical, artifactLocation: { uri: uri === NO_FILE ? "image" : folder + uri } },
  }
}

/** Trivy percent-encodes paths. */
function pathIn(uri: string): string {
  return uri.replace(/^\/+/, "")
}

function suppressionOf(
  each: Result,
  scan: ScanName,
  findings: JudgedFinding[],
): { kind: "external"; justification: string } | null {
  const finding = findings.find((candidate) => isSame(each, scan, candidate))
  if (finding?.disposition.kind === "ignored")
    return { kind: "external", justification: `${finding.disposition.reason} (until ${finding.disposition.until})` }
  if (finding?.disposition.kind === "unfixed")
    return { kind: "external", justification: "no fix yet (scan.ignoreUnfixed)" }
  return null
}

function isSame(each: Result, scan: ScanName, finding: JudgedFinding): boolean {
  if (each.ruleId !== finding.id) return false
  const description = each.message.text ?? ""
  if (finding.kind === "vulnerability")
    return (
      description.includes(`Package: ${finding.package}\n`) &&
      description.includes(`Installed Version: ${finding.installed}\n`)
    )
  const physical = each.locations?.[0]?.physicalLocation
  const path = decodeURIComponent(pathIn(physical?.artifactLocation?.uri ?? ""))
  return finding.places.some(
    (place) =>
      place.scan === scan && place.path === path && (place.line === null || place.line === physical?.region?.startLine),
  )
}
