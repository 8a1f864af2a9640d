import { z } from "zod"
import { TollgateError } from "../shared/errors.js"
import { normalName } from "./findings.js"
import type { Change, Finding } from "./result.js"

const severity = z.enum(["critical", "high", "medium", "low", "unknown"])

/** A finding in scan.json. */
export const findingEntry = z.object({
  kind: z.enum(["vulnerability", "secret", "misconfiguration"]),
  id: z.string(),
  aliases: z.array(z.string()).describe("Other ids of the same vulnerability, such as GHSA-…."),
  severity,
  title: z.string(),
  package: z.string().nullable(),
  installed: z.string().nullable(),
  fixed: z
    .string()
    .nullable()
    .describe(
      "The versions that fix it, separated by commas; null: there is no fix yet, or the finding is not a vulnerability.",
    ),
  status: z
    .string()
    .nullable()
    .describe("The distribution's status of a vulnerability without a fix, such as affected or will_not_fix."),
  url: z.string().nullable(),
  places: z.array(
    z.object({
      scan: z.enum(["image", "lockfiles", "repository"]),
      path: z
        .string()
        .describe("Relative to the app's folder (lockfiles), to the source (repository) or to / (image)."),
      line: z.number().int().nullable(),
    }),
  ),
})

/** Format 1 has the same findings as format 2. */
const earlier = z.object({ format: z.literal([1, 2]), startedAt: z.string(), findings: z.array(findingEntry) })

export type Baseline = z.output<typeof earlier>

/** Reads the scan.json of an earlier report. */
export function readBaseline(text: string): Baseline {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    data = null
  }
  const parsed = earlier.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new TollgateError(
    "baseline-invalid",
    `--baseline is not a scan.json written by Tollgate: ${data === null ? "it is not JSON" : `${issue?.path.join(".")}: ${issue?.message}`}.`,
    "Nothing was scanned. Pass the scan.json of an earlier report: --baseline=tollgate-report/scan/scan.json.",
  )
}

/** New and fixed findings since the baseline. An update from one affected version to another is no change, nor is a finding whose line moved. */
export function changeSince(baseline: Baseline, findings: Finding[]): Change {
  return {
    since: baseline.startedAt,
    added: without(findings, baseline.findings),
    gone: without(baseline.findings, findings),
  }
}

/** Counted, because one file can hold two secrets of the same kind. */
function without(findings: Finding[], others: Finding[]): Finding[] {
  const left = new Map<string, number>()
  for (const other of others) left.set(findingKey(other), (left.get(findingKey(other)) ?? 0) + 1)
  return findings.filter((finding) => {
    const count = left.get(findingKey(finding)) ?? 0
    left.set(findingKey(finding), count - 1)
    return count <= 0
  })
}

function findingKey(finding: Finding): string {
  const place =
    finding.package === null
      ? finding.places.map(({ scan, path }) => `${scan} ${path}`).sort()
      : normalName(finding.package)
  return JSON.stringify([finding.kind, finding.id, place])
}
