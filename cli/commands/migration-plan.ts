import type { CommandModule } from "yargs"
import { databaseOf, reportFolder } from "./arguments.js"

export const migrationPlan: CommandModule = {
  command: "migration-plan",
  describe: "Show what a migration would do: revisions, SQL, locks, findings; changes nothing",
  builder: (yargs) =>
    databaseOf(yargs)
      .option("running-source", {
        type: "string",
        requiresArg: true,
        describe: "the version that is running now: a folder, or a revision of git",
      })
      .option("report", reportFolder("tollgate-report/migration-plan"))
      .example(
        "$0 migration-plan --env=production --secrets=env:PRODUCTION_ENV --running-source=v1.4.0",
        "judged by what v1.4.0 uses",
      ),
  handler: async (given) => {
    const { runMigrationPlan, migrationPlanOptions } = await import("../migration-plan/run-migration-plan.js")
    if (!(await runMigrationPlan(migrationPlanOptions.parse(given)))) process.exitCode = 1
  },
}
