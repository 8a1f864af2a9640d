import { z } from "zod"
import { gates } from "../../core/config/gates.js"
import { source } from "./common.js"
import { flag, reportFolder, requiredSecret, requiredText, secret, text, textOr } from "./option.js"

const ofDatabase = {
  source,
  env: requiredText("name of the environment, such as production: backups are kept by it", { alias: "environment" }),
  secrets: requiredSecret(
    "the database's URL in dotenv form (database.url names it), and the keys of S3 where backups are there (database.backup.s3 names them)",
  ),
}

export const migrationPlanOptions = z.object({
  source,
  env: requiredText("name of the environment that the secrets belong to, such as production", { alias: "environment" }),
  secrets: requiredSecret("the database's URL, and what else alembic's env.py needs, in dotenv form"),
  runningSource: text(
    "source of the version that is running now, to see whether it still uses what the migration removes",
    {
      form: "a folder, or a revision that git knows",
      usual: "none; each drop, rename or narrowing is an error unless database.contract names its revision",
      module: { form: "a folder, or a git address with a revision" },
    },
  ),
  report: reportFolder(gates.migrations.report),
})

export const migrateOptions = z.object({
  ...ofDatabase,
  maintenance: flag("the application is stopped, which is verified: a restore does not ask"),
  identity: secret("age key for encrypted backups, in case a failure must be undone by a restore"),
  report: reportFolder("tollgate-report/migrate"),
})

export const migrateReportOptions = z.object({
  ...ofDatabase,
  run: textOr("", "id of the migration, from its screen", { usual: "the last one that ended" }),
  report: textOr("tollgate-report/migrate", "folder for the report"),
})

export const restoreOptions = z.object({
  ...ofDatabase,
  backup: textOr("", "name of the backup, as `backups` lists it", { usual: "the newest one that was tested" }),
  maintenance: flag("the application is stopped, which is verified"),
  discardWrites: flag("restore although rows were written since the backup; they stay in the previous database"),
  identity: secret("age key for encrypted backups"),
})

export const backupsOptions = z.object({
  ...ofDatabase,
  check: flag("read every file and compare its checksum, not only its size"),
})
