import { migrationPlanOptions } from "../options/database.js"
import { command } from "./command.js"

export const migrationPlan = command({
  name: "migration-plan",
  describe: "Show what a migration would do: revisions, SQL, locks, findings; changes nothing",
  options: migrationPlanOptions,
  examples: [
    [
      "$0 migration-plan --env=production --secrets=env:PRODUCTION_ENV --running-source=v1.4.0",
      "judged by what v1.4.0 uses",
    ],
  ],
  run: async (options) => (await import("../migration-plan/run-migration-plan.js")).runMigrationPlan(options),
})
