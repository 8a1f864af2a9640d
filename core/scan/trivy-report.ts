import { z } from "zod"

/** The parts of Trivy's JSON report that are used here. Trivy omits empty lists. */

const text = z.string().default("")
const list = <Item extends z.ZodType>(item: Item) => z.array(item).default([])
const severity = z.enum(["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNKNOWN"]).default("UNKNOWN")

const vulnerability = z.object({
  VulnerabilityID: z.string(),
  VendorIDs: list(z.string()),
  PkgName: z.string(),
  /** For a library in an image: the file that lists it as installed. */
  PkgPath: text,
  InstalledVersion: text,
  FixedVersion: text,
  Status: text,
  Severity: severity,
  Title: text,
  PrimaryURL: text,
})

const secret = z.object({ RuleID: z.string(), Severity: severity, Title: text, StartLine: z.number().int().default(0) })

const misconfiguration = z.object({
  ID: z.string(),
  AVDID: text,
  Title: text,
  Message: text,
  Severity: severity,
  Status: text,
  PrimaryURL: text,
  CauseMetadata: z.object({ StartLine: z.number().int().default(0) }).default({ StartLine: 0 }),
})

const result = z.object({
  Target: z.string(),
  Class: text,
  Type: text,
  Packages: list(
    z.object({
      Name: z.string(),
      Version: text,
      Locations: list(z.object({ StartLine: z.number().int().default(0) })),
    }),
  ),
  Vulnerabilities: list(vulnerability),
  Secrets: list(secret),
  Misconfigurations: list(misconfiguration),
})

const trivyReport = z.object({
  SchemaVersion: z.literal(2),
  Trivy: z.object({ Version: text }).default({ Version: "" }),
  CreatedAt: text,
  Metadata: z
    .object({
      OS: z.object({ Family: z.string(), Name: text, EOSL: z.boolean().default(false) }).optional(),
      ImageID: text,
    })
    .default({ ImageID: "" }),
  Results: list(result),
})

export type TrivyReport = z.output<typeof trivyReport>
export type TrivyResult = TrivyReport["Results"][number]

export type ReportReading = { kind: "read"; report: TrivyReport } | { kind: "invalid"; why: string }

/** An invalid report must not count as one without findings. */
export function readTrivyReport(text: string): ReportReading {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { kind: "invalid", why: text.trim() === "" ? "the report is empty" : "the report is not JSON" }
  }
  const parsed = trivyReport.safeParse(data)
  if (parsed.success) return { kind: "read", report: parsed.data }
  const [issue] = parsed.error.issues
  return { kind: "invalid", why: `the report is not one of Trivy 0.69: ${issue?.path.join(".")}: ${issue?.message}` }
}
