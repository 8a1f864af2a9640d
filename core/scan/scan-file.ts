import { z } from "zod"
import { findingEntry } from "./baseline.js"
import { isClean, type ReasonCode, type ScanResult, type WarningCode } from "./result.js"
import { verdictLine } from "./verdict.js"

/**
 * scan.json: what was looked at, what was found and what was made of it, for whoever wants to check the verdict, keep it, or
 * compare with it later. Within format 1 fields may be added; none changes its meaning or goes away.
 */

// the compiler refuses these lists when a code is added to the gate and not here
const reasonCodes = {
  "database-unreachable": true, "database-missing": true, "database-denied": true, "database-unreadable": true, "database-schema": true,
  "database-stale": true, "database-ahead": true, "database-empty": true, "scan-failed": true, "report-invalid": true,
  "control-missed": true, "image-empty": true, "os-packages-missing": true, "os-not-in-database": true, "nothing-pinned": true, "lockfile-not-read": true,
  "ignore-expired": true,
} satisfies Record<ReasonCode, true>

const warningCodes = {
  "ignore-unused": true, "ignore-ends-soon": true, "not-pinned": true, "lockfile-not-read": true, "os-end-of-life": true,
  "os-not-supported": true, "os-unknown": true, "small-database": true, "not-scanned": true, "comment-not-honoured": true,
  "file-not-honoured": true, "secret-in-ignored-file": true,
} satisfies Record<WarningCode, true>

const codes = (known: Record<string, true>) => `Stable, for scripts. Now one of: ${Object.keys(known).join(", ")}.`

const disposition = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("refused") }),
  z.object({ kind: z.literal("below") }),
  z.object({ kind: z.literal("unfixed") }),
  z.object({ kind: z.literal("ignored"), reason: z.string(), until: z.string() }),
])

const lookedAt = z.object({
  scan: z.enum(["image", "lockfiles", "repository"]),
  vulnerabilities: z.boolean().describe("Whether vulnerabilities were looked for; without them no package was listed."),
  osPackages: z.number().int(),
  libraries: z.array(z.object({ path: z.string(), type: z.string(), packages: z.number().int() })),
  configurationFiles: z.number().int(),
  os: z.object({ family: z.string(), version: z.string() }).nullable(),
})

const scanDocument = z.object({
  format: z.literal(1),
  tollgate: z.string().describe("Version of Tollgate that judged."),
  trivy: z.string().describe("Version of Trivy that scanned; empty when no scan left a report."),
  app: z.string().describe("The app's folder inside the source."),
  source: z.string().describe("Digest of the source that was looked at."),
  image: z.string().nullable().describe("Digest of the manifest of the image that was scanned."),
  startedAt: z.string().describe("ISO 8601."),
  verdict: z.enum(["proven", "red"]),
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
    .describe("null: vulnerabilities were not looked for."),
  lookedAt: z.array(lookedAt).describe("What each scan that left a report really had before it."),
  reasons: z.array(z.object({ code: z.string().describe(codes(reasonCodes)), message: z.string(), next: z.string() })).describe("Why the gate is red, besides refused findings."),
  warnings: z.array(z.object({ code: z.string().describe(codes(warningCodes)), message: z.string() })),
  findings: z
    .array(findingEntry.extend({ disposition: disposition.describe("refused makes the gate red; below: under failOn; unfixed: let through by ignoreUnfixed; ignored: by an entry of scan.ignore.") }))
    .describe("The worst first."),
  change: z
    .object({ since: z.string(), added: z.array(findingEntry), gone: z.array(findingEntry) })
    .nullable()
    .describe("Against the baseline, when one was given."),
})

export type ScanDocument = z.infer<typeof scanDocument>

export function scanFile(result: ScanResult): string {
  return `${JSON.stringify(document(result), null, 2)}\n`
}

function document(result: ScanResult): ScanDocument {
  const { change } = result
  return {
    format: 1,
    tollgate: result.tollgateVersion,
    trivy: result.trivyVersion,
    app: result.app,
    source: result.source,
    image: result.image,
    startedAt: result.startedAt,
    verdict: isClean(result) ? "proven" : "red",
    verdictInWords: verdictLine(result),
    settings: result.settings,
    database: result.database,
    lookedAt: result.lookedAt,
    reasons: result.reasons,
    warnings: result.warnings,
    findings: result.findings,
    change: change === null ? null : { since: change.since, added: change.added.map(plain), gone: change.gone.map(plain) },
  }
}

function plain(finding: z.infer<typeof findingEntry>): z.infer<typeof findingEntry> {
  return findingEntry.parse(finding)
}

/** Other programs read scan.json: the schema lets them meet fields of a later version. */
export function scanSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(scanDocument, { target: "draft-7", io: "input" })
  const described = { $schema, title: "Tollgate scan", description: "scan.json of `scan-report`: what was looked at, what was found, and the verdict on it.", ...rest }
  return `${JSON.stringify(described, null, 2)}\n`
}
