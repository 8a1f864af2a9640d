import { command, containerImage, mapping } from "./fields.js"

/** Commands of a migration tool that is not alembic. */
export const commands = mapping("a mapping with `migrate` and `revision`", {
  migrate: command.describe("Shell command that brings the database to the newest revision."),
  revision: command.describe(
    "Shell command that prints what the database is at: all of it is compared as text. Nothing printed: nothing is applied.",
  ),
  rollback: command
    .optional()
    .describe(
      "Shell command that returns to TOLLGATE_REVISION, which is what `revision` printed. When left out: the way back is a restore.",
    ),
  image: containerImage
    .optional()
    .describe("Image that the commands run in. When left out: app.image with the app's dependencies."),
})
