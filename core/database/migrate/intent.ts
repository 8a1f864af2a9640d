import { z } from "zod"
import { backupFile } from "../backup/backup-file.js"
import { observation } from "../copy/observe.js"
import { rehearsed } from "./rehearse.js"

/** Written down before the database is changed: what must be known when this run is found killed. */
export const intent = z.object({
  before: observation,
  from: z.array(z.string()),
  target: z.array(z.string()),
  backup: backupFile,
  rehearsed: rehearsed.nullable(),
})

export type Intent = z.output<typeof intent>
