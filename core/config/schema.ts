import { z } from "zod"
import { app } from "./app.js"
import { database } from "./database.js"
import { environments } from "./environments.js"
import { always, expected, mapping } from "./fields.js"
import { image, imagePlaceholdersAreKnown, imageVariablesHaveOneSource } from "./image.js"
import { type LedgerSettings, ledger } from "./ledger.js"
import { load } from "./load.js"
import { loadLeavesServicesAlone } from "./load-rules.js"
import { notifications } from "./notifications.js"
import { paths } from "./paths.js"
import { qa } from "./qa.js"
import { release } from "./release.js"
import { scan } from "./scan.js"

/** tollgate.yaml as a whole: a section is a file of its own, and a line here. */
export const settings = mapping("a mapping of settings, with `qa` at least", {
  version: z
    .literal(1, { error: expected("1, the only version there is") })
    .prefault(1)
    .describe("Version of this file's format."),
  app: app.prefault({}).describe("The service under test."),
  qa: qa.describe("What must be proven before anything goes on."),
  image: image.prefault({}).describe("The container image: how it is made, what it must do, where it goes."),
  scan: scan
    .prefault({})
    .describe("What is looked for in the image, the lockfiles and the repository, and what is refused."),
  environments: environments
    .prefault({})
    .describe("What each environment needs. staging, production and sandbox are there without being listed."),
  release: release.prefault({}).describe("How the service runs where it is released."),
  ledger: ledger.prefault({}).describe("Where and how releases are recorded."),
  notifications: notifications
    .prefault({})
    .describe("Where release notifications are sent. The addresses are secrets: pass them with --notify."),
  database: database.prefault({}).describe("How the service's database is migrated, backed up and checked."),
  load: load
    .optional()
    .describe("What the service must bear, and how fast it must answer then. When left out: there is no load test."),
  paths: paths
    .prefault({})
    .describe("Gates of `ci` that run only after a change to certain files. Without a known base, all of them run."),
})
  .superRefine(imageVariablesHaveOneSource, always)
  .superRefine(loadLeavesServicesAlone, always)
  .superRefine(imagePlaceholdersAreKnown, always)
  .meta({ title: "tollgate.yaml", description: "Settings of Tollgate for one service." })

/** With the ledger's service named, which `parseSettings` does: two services of one ledger must not both be called by a default. */
export type Settings = Omit<z.output<typeof settings>, "ledger"> & { ledger: LedgerSettings }

/** The schema that editors complete and check tollgate.yaml with. Draft 7: it is what YAML editors know best. */
export function settingsJsonSchema(): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(settings, {
    target: "draft-07",
    io: "input",
    override: ({ jsonSchema }) => {
      // an editor would insert `{}`: a section that is left out has its defaults anyway
      if (JSON.stringify(jsonSchema.default) === "{}") delete jsonSchema.default
    },
  })
}
