import type { Container } from "@dagger.io/dagger"
import type { ScanName } from "./result.js"
import { convertOptions } from "./trivy.js"

const REPORTS = "/tollgate/reports"
const OUT = "/tollgate/converted"

export interface Converted {
  sarif: [ScanName, string][]
  tables: [ScanName, string][]
  /** CycloneDX of the image, or of the lockfiles if no image was scanned; null if neither was. */
  bom: string | null
}

/** Converts Trivy's reports to its other formats. The input has no quotes from scanned files, so the output has none either. */
export async function convertReports(trivy: Container, reports: ReadonlyMap<ScanName, string>): Promise<Converted> {
  if (reports.size === 0) return { sarif: [], tables: [], bom: null }
  const scans = [...reports.keys()]
  const subject = scans.find((scan) => scan === "image") ?? scans.find((scan) => scan === "lockfiles")
  let container = trivy
  for (const [scan, text] of reports) container = container.withNewFile(`${REPORTS}/${scan}.json`, text)
  const lines = scans.flatMap((scan) => [command("sarif", scan), command("table", scan)])
  if (subject !== undefined) lines.push(command("cyclonedx", subject))
  const converted = container.withExec(["sh", "-c", [`mkdir ${OUT}`, ...lines].join(" && ")]).directory(OUT)
  const read = (format: string) =>
    Promise.all(
      scans.map(
        async (scan): Promise<[ScanName, string]> => [scan, await converted.file(`${scan}.${format}`).contents()],
      ),
    )
  const [sarif, tables, bom] = await Promise.all([
    read("sarif"),
    read("table"),
    subject === undefined ? null : converted.file(`${subject}.cyclonedx`).contents(),
  ])
  return { sarif, tables, bom }
}

function command(format: string, scan: ScanName): string {
  return [
    "trivy",
    "convert",
    "--quiet",
    ...convertOptions(format, `${REPORTS}/${scan}.json`, `${OUT}/${scan}.${format}`),
  ].join(" ")
}
