import { join, resolve } from "node:path"
import { dag } from "@dagger.io/dagger"
import { z } from "zod"
import { makePlan } from "../../src/database/plan/make-plan.js"
import { planReport } from "../../src/database/plan/report-folder.js"
import { screenOf } from "../../src/database/plan/screen.js"
import { IGNORED } from "../../src/source.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../test/find-source.js"
import { nearer, requireReportFolder, writeReport } from "../test/report-folder.js"
import { secretFrom } from "../test/secret.js"
import { withRunningSource } from "./running-source.js"

export const migrationPlanOptions = z.object({
  source: z.string().optional(),
  env: z.string(),
  secrets: z.string(),
  runningSource: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})

/** Makes the plan, writes its report, prints the one screen; true when nothing in it is an error. */
export async function runMigrationPlan(options: z.infer<typeof migrationPlanOptions>): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = options.report === false ? null : resolve(options.report)
  if (report !== null) requireReportFolder(report, "plan.json")
  return withRunningSource(source, options.runningSource, (running) =>
    withEngine({}, async () => {
      const plan = await makePlan(dag.host().directory(source, { exclude: IGNORED }), {
        environment: options.env,
        secrets: secretFrom(options.secrets),
        runningSource: running === null ? undefined : dag.host().directory(running, { exclude: IGNORED }),
        door: "host",
      })
      if (report !== null) await writeReport(planReport(plan), report)
      const shown = report === null ? "not written (--no-report)" : join(nearer(report), "plan.html")
      process.stdout.write(`\n${screenOf(plan, { report: shown })}`)
      return plan.verdict.kind !== "red"
    }),
  )
}
