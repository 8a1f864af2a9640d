import type { Directory } from "@dagger.io/dagger"
import { pre } from "../../presentation/markdown-markup.js"
import { newReport } from "../../report/new-folder.js"
import { migrationHtml } from "./html.js"
import type { MigrationDocument } from "./migration-file.js"

/** What a migration did, as a folder; of one that failed too. */
export function migrationReport(document: MigrationDocument): Directory {
  return newReport()
    .withNewFile("report.html", migrationHtml(document))
    .withNewFile("migration.json", `${JSON.stringify(document, null, 2)}\n`)
    .withNewFile("summary.md", `${pre(document.summary)}\n`)
}
