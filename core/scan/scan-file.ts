import { z } from "zod"
import { findingEntry } from "./baseline.js"
import { type ReasonCode, type ScanResult, scanVerdict, type WarningCode } from "./result.js"
import { verdictLine } from "./verdict.js"

/**
 * scan.json: what was scanned, the findings and the verdict, as data and as a baseline for later scans. Within a format, fields
 * may be added; none is removed or changes its meaning.
 */

// the compiler rejects these lists if a code is missing
const reasonCodes = {
  "database-unreachable": true,
  "database-missing": true,
  "database-denied": true,
  "database-unreadable": true,
  "database-schema": true,
  "database-stale": true,
  "database-ahead": true,
  "database-empty": true,
  "trivy-failed": true,
  "report-invalid": true,
  "control-missed": true,
  "image-empty": true,
  "os-packages-missing": true,
  "os-not-in-database": true,
  "nothing-pinned": true,
  "lockfile-not-read": true,
  "ignore-expired": true,
} satisfies Record<ReasonCode, true>

const warningCodes = {
  "ignore-unused": true,
  "ignore-ends-soon": true,
  "not-pinned": true,
  "lockfile-not-read": true,
  "os-end-of-life": true,
  "os-not-supported": true,
  "os-unknown": true,
  "small-database": true,
  "not-scanned": true,
  "comment-not-honoured": true,
  "file-not-honoured": true,
  "secret-in-ignored-file": true,
} satisfies Record<WarningCode, true>

const codes = (known: Record<string, true>) =>
  `Stable, for scripts. Currently one of: ${Object.keys(known).join(", ")}.`

const disposition = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("blocking") }),
  z.object({ kind: z.literal("below-threshold") }),
  z.object({ kind: z.literal("unfixed") }),
  z.object({ kind: z.literal("ignored"), reason: z.string(), until: z.string() }),
])

const scannedEntry = z.object({
  scan: z.enum(["image", "lockfiles", "repository"]),
  vulnerabilities: z
    .boolean()
    .describe("Whether the scan checked for vulnerabilities; if not, no packages are listed."),
  osPackages: z.number().int(),
  libraries: z.array(z.object({ path: z.string(), type: z.string(), packages: z.number().int() })),
  configurationFiles: z.number().int(),
  os: z.object({ family: z.string(), version: z.string() }).nullable(),
})

const scanDocument = z.object({
  format: z.literal(2),
  tollgate: z.string().describe("Version of Tollgate."),
  trivy: z.string().describe("Version of Trivy; empty if no scan completed."),
  app: z.string().describe("The app's folder inside the source."),
  source: z.string().describe("Digest of the scanned source."),
  image: z.string().nullable().describe("Digest of the scanned image's manifest; null if no image was scanned."),
  startedAt: z.string().describe("ISO 8601."),
  verdict: z
    .enum(["passed", "failed", "inconclusive"])
    .describe("inconclusive: no blocking finding, but not everything could be checked."),
  verdictInWords: z.string(),
  settings: z.object({
    failOn: z.enum(["critical", "high", "medium", "low", "unknown"]),
    ignoreUnfixed: z.boolean(),
    scanners: z.array(z.enum(["vulnerabilities", "secrets", "misconfiguration"])),
    skip: z.array(z.string()),
    maxDatabaseAge: z.number().describe("Hours."),
  }),
  database: z
    .object({ repository: z.string(), updatedAt: z.string().nullable(), ageHours: z.number().nullable() })
    .nullable()
    .describe("null if the scan did not check for vulnerabilities."),
  scanned: z.array(scannedEntry).describe("What each completed scan covered."),
  reasons: z
    .array(z.object({ code: z.string().describe(codes(reasonCodes)), message: z.string(), next: z.string() }))
    .describe("Why the gate did not pass, besides blocking findings."),
  warnings: z.array(z.object({ code: z.string().describe(codes(warningCodes)), message: z.string() })),
  findings: z
    .array(
      findingEntry.extend({
        disposition: disposition.describe(
          "blocking: fails the gate; below-threshold: below scan.failOn; unfixed: no fix yet (scan.ignoreUnfixed); ignored: by an entry of scan.ignore.",
        ),
      }),
    )
    .describe("Worst first."),
  change: z
    .object({ since: z.string(), added: z.array(findingEntry), gone: z.array(findingEntry) })
    .nullable()
    .describe("Changes since the baseline; null without --baseline."),
})

export type ScanDocument = z.infer<typeof scanDocument>

export function scanFile(result: ScanResult): string {
  return `${JSON.stringify(document(result), null, 2)}\n`
}

function document(result: ScanResult): ScanDocument {
  const { change } = result
  return {
    format: 2,
    tollgate: result.tollgateVersion,
    trivy: result.trivyVersion,
    app: result.app,
    source: result.source,
    image: result.image,
    startedAt: result.startedAt,
    verdict: scanVerdict(result),
    verdictInWords: verdictLine(result),
    settings: result.settings,
    database: result.database,
    scanned: result.scanned,
    reasons: result.reasons,
    warnings: result.warnings,
    findings: result.findings,
    change:
      change === null ? null : { since: change.since, added: change.added.map(plain), gone: change.gone.map(plain) },
  }
}

function plain(finding: z.infer<typeof findingEntry>): z.infer<typeof findingEntry> {
  return findingEntry.parse(finding)
}

/** The published schema allows unknown fields, so that readers accept a later version. */
export function scanSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(scanDocument, { target: "draft-7", io: "input" })
  const described = {
    $schema,
    title: "Tollgate scan",
    description: "scan.json of `scan-report`: what was scanned, the findings and the verdict.",
    ...rest,
  }
  return `${JSON.stringify(described, null, 2)}\n`
}
