import type { Directory } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import type { CiWork } from "../../gate/work.js"
import { appFolder } from "../../source.js"
import { migrationTool } from "../alembic/migration-tool.js"
import { lintMigrations } from "./lint.js"
import { migrationsOutcome } from "./outcome.js"
import { lintReport } from "./report-folder.js"

export const migrations: CiWork = {
  absent: noRevisions,

  run: async ({ source, settings, base, secrets }) => {
    const lint = await lintMigrations(source, settings, { base, secrets })
    return { ...migrationsOutcome(lint), product: { folder: async () => lintReport(lint.plan), summary: "" } }
  },
}

/** Why there is nothing to lint; null: there are revisions. */
async function noRevisions(source: Directory, settings: Settings): Promise<string | null> {
  if (!settings.database.lint.ci) return "database.lint.ci is false"
  const tool = await migrationTool(settings, await appFolder(source, settings))
  switch (tool?.kind) {
    case "alembic":
      return null
    case "commands":
      return "migration-plan judges commands with the database, and not without it"
    case undefined:
      return "the app has neither alembic nor Django, and tollgate.yaml has no database.commands"
  }
}
