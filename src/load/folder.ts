import { dag, type Directory } from "@dagger.io/dagger"
import { loadHtml } from "./html.js"
import type { LoadProof } from "./prove.js"
import { loadScreen } from "./screen.js"

/** The report as a folder, of red runs too: load.html, load.json, summary.txt, and k6's own summary where k6 left one. */
export async function loadReport({ result, run }: LoadProof): Promise<Directory> {
  const folder = dag
    .directory()
    .withNewFile("load.html", loadHtml(result))
    .withNewFile("load.json", `${JSON.stringify(result, null, 2)}\n`)
    .withNewFile("summary.txt", loadScreen(result, { report: "load.html" }))
  return folder.withDirectory(".", run.files, { include: ["k6-summary.json"] })
}
