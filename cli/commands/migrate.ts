import type { CommandModule } from "yargs"
import { databaseOf, reportFolder } from "./arguments.js"

export const migrate: CommandModule = {
  command: "migrate",
  describe: "Back up, rehearse, migrate and validate the database; undo it when that fails",
  builder: (yargs) =>
    databaseOf(yargs)
      .option("maintenance", {
        type: "boolean",
        default: false,
        describe: "the application is stopped: a restore need not ask",
      })
      .option("identity", { type: "string", describe: "age identity for encrypted backups: env:NAME, file:PATH" })
      .option("report", reportFolder("tollgate-report/migrate"))
      .example("$0 migrate --env=production --secrets=env:PRODUCTION_ENV", "to the newest revision"),
  handler: async (given) => {
    const { runMigrate, migrateOptions } = await import("../database/run.js")
    if (!(await runMigrate(migrateOptions.parse(given)))) process.exitCode = 1
  },
}

export const migrateReport: CommandModule = {
  command: "migrate-report",
  describe: "Write the report of an earlier migration from its record in the database; migrate nothing",
  builder: (yargs) =>
    databaseOf(yargs)
      .option("run", {
        type: "string",
        default: "",
        describe: "id of the migration, from its screen  [default: the last]",
      })
      .option("report", {
        type: "string",
        default: "tollgate-report/migrate",
        requiresArg: true,
        describe: "folder for the report",
      })
      .example("$0 migrate-report --env=production --secrets=env:PRODUCTION_ENV", "the last migration"),
  handler: async (given) => {
    const { runMigrateReport, migrateReportOptions } = await import("../database/run.js")
    await runMigrateReport(migrateReportOptions.parse(given))
  },
}

export const restore: CommandModule = {
  command: "restore",
  describe: "Replace the database with a backup; the previous one is kept under another name",
  builder: (yargs) =>
    databaseOf(yargs)
      .option("backup", {
        type: "string",
        default: "",
        describe: "its name, as `backups` lists it  [default: the newest tested one]",
        defaultDescription: "newest",
      })
      .option("maintenance", { type: "boolean", default: false, describe: "the application is stopped" })
      .option("discard-writes", {
        type: "boolean",
        default: false,
        describe: "restore although rows were written since the backup",
      })
      .option("identity", { type: "string", describe: "age identity for encrypted backups: env:NAME, file:PATH" }),
  handler: async (given) => {
    const { runRestore, restoreOptions } = await import("../database/run.js")
    if (!(await runRestore(restoreOptions.parse(given)))) process.exitCode = 1
  },
}

export const backups: CommandModule = {
  command: "backups",
  describe: "List the backups of an environment: age, size, checksum, tested or not",
  builder: (yargs) =>
    databaseOf(yargs).option("check", {
      type: "boolean",
      default: false,
      describe: "read every file and compare its checksum",
    }),
  handler: async (given) => {
    const { runBackups, backupsOptions } = await import("../database/run.js")
    if (!(await runBackups(backupsOptions.parse(given)))) process.exitCode = 1
  },
}
