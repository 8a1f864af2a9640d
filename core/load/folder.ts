import type { Directory } from "@dagger.io/dagger"
import { newReport } from "../report/new-folder.js"
import { loadHtml } from "./html.js"
import { loadMarkdown } from "./markdown.js"
import type { LoadProof } from "./prove.js"

/** The report's folder, also of failed runs: report.html, load.json, summary.md, and k6's own summary if k6 wrote one. */
export async function loadReport({ result, run }: LoadProof): Promise<Directory> {
  const folder = newReport()
    .withNewFile("report.html", loadHtml(result))
    .withNewFile("load.json", `${JSON.stringify(result, null, 2)}\n`)
    .withNewFile("summary.md", loadMarkdown(result))
  return folder.withDirectory(".", run.files, { include: ["k6-summary.json"] })
}
