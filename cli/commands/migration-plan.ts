import type { CommandModule } from "yargs"
import { folder } from "./arguments.js"

export const migrationPlan: CommandModule = {
  command: "migration-plan",
  describe: "Show what a migration would do: revisions, SQL, locks, findings; changes nothing",
  builder: (yargs) =>
    yargs
      .option("source", { type: "string", describe: "the repository: the folder that has tollgate.yaml  [default: here or the nearest above]" })
      .option("env", { type: "string", alias: "environment", demandOption: true, requiresArg: true, describe: "the environment that the secrets belong to, such as production" })
      .option("secrets", { type: "string", demandOption: true, requiresArg: true, describe: "the database's URL in dotenv form: env:NAME, file:PATH, op://…, vault://…" })
      .option("running-source", { type: "string", requiresArg: true, describe: "the version that is running now: a folder, or a revision of git" })
      .option("report", { type: "string", default: "tollgate-report/migration-plan", describe: "folder for the full plan; --no-report writes none", coerce: folder })
      .example("$0 migration-plan --env=production --secrets=env:PRODUCTION_ENV --running-source=v1.4.0", "judged by what v1.4.0 uses"),
  handler: async (given) => {
    const { runMigrationPlan, migrationPlanOptions } = await import("../migration-plan/run-migration-plan.js")
    if (!(await runMigrationPlan(migrationPlanOptions.parse(given)))) process.exitCode = 1
  },
}
