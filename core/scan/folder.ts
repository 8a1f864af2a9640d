import type { Directory } from "@dagger.io/dagger"
import { newReport } from "../report/new-folder.js"
import { convertReports } from "./convert.js"
import { containerScanning } from "./gitlab.js"
import { scanHtml } from "./html.js"
import { scanMarkdown } from "./markdown.js"
import type { ScanRun } from "./run.js"
import { mergeSarif } from "./sarif.js"
import { namedBom } from "./sbom.js"
import { scanFile } from "./scan-file.js"

/** The report as a folder, complete for failed scans too, with Trivy's report of each scan that completed. */
export async function scanReport({ result, reports, trivy, imageName, endedAt }: ScanRun): Promise<Directory> {
  const converted = await convertReports(trivy, reports)
  let folder = newReport()
    .withNewFile("report.html", scanHtml(result))
    .withNewFile("summary.md", scanMarkdown(result))
    .withNewFile("scan.json", scanFile(result))
    .withNewFile("results.sarif", mergeSarif(converted.sarif, result.findings, result.app))
    .withNewFile(
      "table.txt",
      converted.tables
        .map(([, text]) => text.trim())
        .filter((text) => text !== "")
        .join("\n\n") + "\n",
    )
  for (const [scan, text] of reports) folder = folder.withNewFile(`trivy-${scan}.json`, text)
  const ofContainer = containerScanning({ result, imageName, endedAt })
  if (ofContainer !== null) folder = folder.withNewFile("gl-container-scanning.json", ofContainer)
  if (converted.bom === null) return folder
  return folder.withNewFile(
    "sbom.cdx.json",
    namedBom(converted.bom, { name: imageName, app: result.app, image: result.image }),
  )
}
