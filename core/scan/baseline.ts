import { z } from "zod"
import { TollgateError } from "../errors.js"
import { normalName } from "./findings.js"
import type { Change, Finding } from "./result.js"

const severity = z.enum(["critical", "high", "medium", "low", "unknown"])

/** A finding as scan.json has it. */
export const findingEntry = z.object({
  kind: z.enum(["vulnerability", "secret", "misconfiguration"]),
  id: z.string(),
  aliases: z.array(z.string()).describe("Other ids of the same, such as GHSA-…."),
  severity,
  title: z.string(),
  package: z.string().nullable(),
  installed: z.string().nullable(),
  fixed: z.string().nullable().describe("The versions that fix it, separated by commas; null: there is none, or it is no vulnerability."),
  status: z.string().nullable().describe("What a distribution means to do, where it has not fixed it."),
  url: z.string().nullable(),
  places: z.array(
    z.object({
      scan: z.enum(["image", "lockfiles", "repository"]),
      path: z.string().describe("Relative to the app's folder for lockfiles, to the source for the repository, to / for the image."),
      line: z.number().int().nullable(),
    }),
  ),
})

const earlier = z.object({ format: z.literal(1), startedAt: z.string(), findings: z.array(findingEntry) })

export type Baseline = z.output<typeof earlier>

/** The scan.json of an earlier report. */
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
    `The baseline is not a scan.json of Tollgate's: ${data === null ? "it is not JSON" : `${issue?.path.join(".")}: ${issue?.message}`}.`,
    "Nothing was run. Give the scan.json of an earlier report: --baseline=tollgate-report/scan/scan.json.",
  )
}

/** What came and what went since. A package that went from one affected version to another has not changed, nor has a file whose lines moved. */
export function changeSince(baseline: Baseline, findings: Finding[]): Change {
  return { since: baseline.startedAt, added: without(findings, baseline.findings), gone: without(baseline.findings, findings) }
}

/** Two secrets of one kind in one file are two. */
function without(findings: Finding[], others: Finding[]): Finding[] {
  const left = new Map<string, number>()
  for (const other of others) left.set(identity(other), (left.get(identity(other)) ?? 0) + 1)
  return findings.filter((finding) => {
    const count = left.get(identity(finding)) ?? 0
    left.set(identity(finding), count - 1)
    return count <= 0
  })
}

function identity(finding: Finding): string {
  const where = finding.package === null ? finding.places.map((place) => `${place.scan} ${place.path}`).sort() : normalName(finding.package)
  return JSON.stringify([finding.kind, finding.id, where])
}
