import type { GateWork } from "../../gate/gate.js"

/** The revisions that a change adds, judged without the database. */
export const migrations: GateWork<"migrations"> = {
  absent: async (source, settings) => {
    if (!settings.database.lint.ci) return "database.lint.ci is false"
    const [{ migrationTool }, { appFolder }] = await Promise.all([
      import("../alembic/migration-tool.js"),
      import("../../source.js"),
    ])
    const tool = await migrationTool(settings, await appFolder(source, settings))
    switch (tool?.kind) {
      case "alembic":
        return null
      case "commands":
        return "migration-plan judges commands with the database, and not without it"
      case undefined:
        return "the app has neither alembic nor Django, and tollgate.yaml has no database.commands"
    }
  },

  ci: async ({ source, settings, base, secrets }) => {
    const [{ lintMigrations }, { lintReport }, { migrationsOutcome }] = await Promise.all([
      import("./lint.js"),
      import("./report-folder.js"),
      import("./outcome.js"),
    ])
    const lint = await lintMigrations(source, settings, { base, secrets })
    return { ...migrationsOutcome(lint), product: { folder: async () => lintReport(lint.plan), summary: "" } }
  },
}
