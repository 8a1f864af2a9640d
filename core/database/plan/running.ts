import type { Container, Directory } from "@dagger.io/dagger"
import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { SETTINGS_FILE } from "../../config/settings-file.js"
import { appFolder, readSettings } from "../../source.js"
import { appWithAlembic } from "../alembic/app-alembic.js"
import type { CopyReach } from "../connect/reach.js"
import type { Change } from "./answers.js"
import { PlanAlembic } from "./ask-alembic.js"
import { planTools } from "./copy.js"
import type { RunningUse } from "./plan.js"

export const NOT_GIVEN = "no source of the running version was given (--running-source)"

const mentions = z.record(z.string(), z.array(z.object({ file: z.string(), line: z.number().int() })))

/**
 * What the running version uses, from its own source: the tables and columns that its models map, as its own env.py loads
 * them, and every place outside of alembic's folder
 * where the name of something that changes stands as a word: a revision names what it once made, which is no use of it.
 *
 * @param reach a copy of the database that it runs on
 * @param today settings of the version that is planned
 * @param changes what the plan takes away: only these names are looked for
 */
export async function runningUse(
  source: Directory | undefined,
  reach: CopyReach,
  today: Settings,
  changes: Change[],
): Promise<RunningUse> {
  if (source === undefined) return { kind: "unknown", why: NOT_GIVEN }
  const settings = await settingsOf(source, today)
  const app = await appFolder(source, settings)
  const alembic = new PlanAlembic({ app: await appWithAlembic(settings, app), reach, settings })
  const { environment, error, folder } = await alembic.describe(reach)
  await alembic.stop()
  if (error !== null)
    return { kind: "unknown", why: `the running version's revisions cannot be loaded: ${error.message}` }
  if (environment === null || environment.error !== null)
    return {
      kind: "unknown",
      why: `the running version's env.py cannot be loaded: ${environment?.error?.message ?? "no message"}`,
    }
  if (environment.columns === null || environment.columns.length === 0)
    return {
      kind: "unknown",
      why: "the running version's env.py has no target_metadata: which columns it maps is not known",
    }
  const names = [
    ...new Set(
      changes.flatMap(({ table, column }) => [
        table.replace(/\(.*$/, "").replace(/^.*\./, ""),
        ...(column === null ? [] : [column]),
      ]),
    ),
  ]
  const found =
    names.length === 0 ? {} : await findMentions(await planTools(), app, names, folder === null ? [] : [folder])
  return { kind: "known", tables: environment.columns, mentions: new Map(Object.entries(found)) }
}

/** A version from before Tollgate has none: those of today are the nearest. */
async function settingsOf(source: Directory, today: Settings): Promise<Settings> {
  if (!(await source.exists(SETTINGS_FILE))) return today
  const own = await readSettings(source)
  return { ...own, database: { ...own.database, env: { ...today.database.env, ...own.database.env } } }
}

async function findMentions(
  tools: Container,
  app: Directory,
  names: string[],
  excluded: string[],
): Promise<z.output<typeof mentions>> {
  const ran = tools
    .withMountedDirectory("/running", app)
    .withExec([
      "python",
      "/opt/tollgate/tollgate_mentions.py",
      "/running",
      JSON.stringify(names),
      JSON.stringify(excluded),
      "/tmp/mentions.json",
    ])
  return mentions.parse(JSON.parse(await ran.file("/tmp/mentions.json").contents()))
}
