import type { z } from "zod"
import { makePlan } from "../../core/database/plan/make-plan.js"
import { planReport } from "../../core/database/plan/report-folder.js"
import { screenOf } from "../../core/database/plan/screen.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret } from "../gate/secret.js"
import type { migrationPlanOptions } from "../options/database.js"
import { withRunningSource } from "./running-source.js"

/** Makes the plan, writes its report, prints the one screen; true when nothing in it is an error. */
export async function runMigrationPlan(options: z.output<typeof migrationPlanOptions>): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const report = openReport(options.report, "plan.json")
  return withRunningSource(source, options.runningSource, (running) =>
    withEngine({}, async () => {
      const plan = await makePlan(hostSource(source), {
        environment: options.env,
        secrets: optionalSecret(options.secrets),
        runningSource: running === null ? undefined : running(),
        entryPoint: "cli",
      })
      await report.write(() => planReport(plan))
      process.stdout.write(`\n${screenOf(plan, { report: report.shown })}`)
      return plan.verdict.kind !== "red"
    }),
  )
}
