import { z } from "zod"
import { choices, flag, text } from "./option.js"

export const initOptions = z.object({
  source: text("the repository", { usual: "this folder" }),
  module: text("where CI finds Tollgate", {
    form: "github.com/OWNER/tollgate@COMMIT",
    usual: "this copy's Git origin",
  }),
  ci: choices(["github", "gitlab", "shell"], "CIs to write files for", { usual: "those that the repository uses" }),
  dryRun: flag("print the files, and write none"),
  yes: flag("also replace files that an earlier init made; never tollgate.yaml, never your own"),
  check: flag("write nothing, and fail when the CI's files are not what init writes"),
})
