import { backupsOptions, migrateOptions, migrateReportOptions, restoreOptions } from "../options/database.js"
import { command } from "./command.js"

export const migrate = command({
  name: "migrate",
  describe: "Back up, rehearse, migrate and validate the database; undo it when that fails",
  options: migrateOptions,
  examples: [["$0 migrate --env=production --secrets=env:PRODUCTION_ENV", "to the newest revision"]],
  run: async (options) => (await import("../database/run.js")).runMigrate(options),
})

export const migrateReport = command({
  name: "migrate-report",
  describe: "Write the report of an earlier migration from its record in the database; migrate nothing",
  options: migrateReportOptions,
  examples: [["$0 migrate-report --env=production --secrets=env:PRODUCTION_ENV", "the last migration"]],
  run: async (options) => (await import("../database/run.js")).runMigrateReport(options),
})

export const restore = command({
  name: "restore",
  describe: "Replace the database with a backup; the previous one is kept under another name",
  options: restoreOptions,
  run: async (options) => (await import("../database/run.js")).runRestore(options),
})

export const backups = command({
  name: "backups",
  describe: "List the backups of an environment: age, size, checksum, tested or not",
  options: backupsOptions,
  run: async (options) => (await import("../database/run.js")).runBackups(options),
})
