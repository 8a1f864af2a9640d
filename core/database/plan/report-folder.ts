import type { Directory } from "@dagger.io/dagger"
import { newReport } from "../../report/new-folder.js"
import { html } from "./html.js"
import type { MigrationPlan } from "./plan.js"
import { planFile } from "./plan-file.js"
import { sarif } from "./sarif.js"
import { screenOf } from "./screen.js"

/** The plan of revisions that were tried without a database: there is none that plan.json could be for. */
export function lintReport(plan: MigrationPlan): Directory {
  const folder = newReport().withNewFile("report.html", html(plan)).withNewFile("findings.sarif", sarif(plan))
  return plan.script === null ? folder : folder.withNewFile("plan.sql", plan.script)
}

/** The plan as a folder, for red ones too. plan.sql is there only when alembic was asked for it. */
export function planReport(plan: MigrationPlan): Directory {
  const folder = newReport()
    .withNewFile("report.html", html(plan))
    .withNewFile("plan.json", planFile(plan))
    .withNewFile("findings.sarif", sarif(plan))
    .withNewFile("summary.txt", screenOf(plan, { report: "report.html" }))
  return plan.script === null ? folder : folder.withNewFile("plan.sql", plan.script)
}
