import type { Directory } from "@dagger.io/dagger"
import { coverageReports } from "../qa/combine.js"
import type { QaRun } from "../qa/run.js"
import { ctrf } from "./ctrf.js"
import { EVIDENCE, evidenceFile } from "./evidence-file.js"
import { html } from "./html.js"
import { junitFiles } from "./junit.js"
import { markdown } from "./markdown.js"
import { newReport } from "./new-folder.js"

/** The report's folder, also of failed runs, with the output and artifacts of each suite. */
export async function qaReport({ result, runs, coverage, settings }: QaRun): Promise<Directory> {
  let folder = newReport()
    .withNewFile("summary.md", markdown(result))
    .withNewFile("report.html", html(result))
    .withNewFile(EVIDENCE, evidenceFile(result))
    .withNewFile("ctrf.json", ctrf(result))
  for (const { name, text } of await junitFiles(result)) folder = folder.withNewFile(`junit/${name}`, text)
  // without evidence there are no files to copy
  for (const run of runs)
    if (run.evidence !== null)
      folder = folder.withDirectory(`suites/${run.suite}`, run.files, { include: ["output.log", "artifacts/**"] })
  return coverage === null ? folder : folder.withDirectory(".", coverageReports(coverage, settings.qa.interpreter))
}
