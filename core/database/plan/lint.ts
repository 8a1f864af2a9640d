import { randomUUID } from "node:crypto"
import type { Directory, Secret } from "@dagger.io/dagger"
import { parse } from "dotenv"
import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { SETTINGS_FILE } from "../../config/settings-file.js"
import { TollgateError } from "../../shared/errors.js"
import { step } from "../../shared/progress.js"
import { appFolder, readSettings } from "../../source.js"
import { Alembic } from "../alembic/alembic.js"
import { appWithAlembic } from "../alembic/app-alembic.js"
import { oneVersionTable } from "../alembic/current-revisions.js"
import { migrationTool } from "../alembic/migration-tool.js"
import { upgradeTarget } from "../alembic/pending.js"
import type { Revision } from "../alembic/revision.js"
import { clientPrograms } from "../backup/programs.js"
import { type CopyReach, reachUrl } from "../connect/reach.js"
import { namesDatabase } from "../connect/secrets-of-database.js"
import { CopyServer } from "../copy/copy-server.js"
import { type EmptyScratch, startEmptyScratch } from "../copy/empty-scratch.js"
import type { AppliedRecord } from "../copy/hash-chain.js"
import { PlanAlembic } from "./ask-alembic.js"
import { LOGGING } from "./copy.js"
import { planOn } from "./make-plan.js"
import type { MigrationPlan } from "./plan.js"

export interface LintRequest {
  /** The source before the change; null: unknown, and no revision counts as applied. */
  base: Directory | null
  /** Values of database.secrets, in dotenv form. */
  secrets: Secret | undefined
}

export interface MigrationLint {
  plan: MigrationPlan
  /** Why no revision counts as applied; null: those of the base do. */
  fromEmpty: string | null
}

/**
 * migration-plan without a database: the revisions that a change adds, on a throw-away Postgres on which the revisions of its base ran.
 * How many rows a table has is not known here.
 *
 * @param source with alembic
 */
export async function lintMigrations(
  source: Directory,
  settings: Settings,
  { base, secrets }: LintRequest,
): Promise<MigrationLint> {
  const app = await appFolder(source, settings)
  const server = new CopyServer(settings.database.image, LOGGING, randomUUID())
  const login = { user: "app", password: randomUUID(), database: "app" }
  const url = `${schemeOf(settings)}://${login.user}:${login.password}@database.tollgate:5432/${login.database}`
  const { url: variable, env, x } = settings.database
  const others = await othersOf(settings, secrets)
  const real = reachUrl(url, { variable, env, x, others, entryPoint: "cli" })
  const reach = real.onCopy(server, login)
  const loading = step("install dependencies", () => appWithAlembic(settings, app)).then(
    (container) => new PlanAlembic({ app: container, reach, settings }),
  )
  // awaited below, when there is a database
  loading.catch(() => undefined)
  const starting = step("start an empty database", async () =>
    startEmptyScratch(server, login, real, await clientPrograms(settings.database), randomUUID),
  )
  try {
    const scratch = await starting
    const applied = await step("run the revisions of the base", () => applyBase(scratch, settings, base))
    const [digest, alembic] = await Promise.all([app.digest(), loading])
    const plan = await planOn(scratch, {
      settings,
      environment: "none",
      runningSource: applied.kind === "applied" ? applied.base : undefined,
      digest,
      alembic,
      database: {
        facts: async (version) => ({
          ...(await factsOf(scratch)),
          database: login.database,
          user: login.user,
          versionTable: version,
          current: applied.current,
          currentOfEach: [version.schema, ...(version.also ?? [])].map(() => applied.current),
          record: applied.record,
        }),
        measured: async () => null,
        versionsThere: true,
      },
    })
    return { plan, fromEmpty: applied.kind === "applied" ? null : applied.why }
  } finally {
    // both end by themselves soon after their last client: that they could not be ended early must not hide an error
    await Promise.allSettled([loading.then((alembic) => alembic.stop()), server.stop()])
  }
}

/** The driver that the suites' URL names: env.py may take no other. */
function schemeOf({ qa }: Settings): string {
  const { postgres } = qa.services
  const [scheme = "postgresql"] = postgres === false ? [] : postgres.url.split("://")
  return scheme
}

/** What is about the real database by its name is never given to a copy, and so need not be there. */
async function othersOf({ database }: Settings, secrets: Secret | undefined): Promise<[string, string][]> {
  const needed = database.secrets.filter((name) => !namesDatabase(name))
  if (needed.length === 0) return []
  const values = secrets === undefined ? {} : parse(await secrets.plaintext())
  const missing = needed.filter((name) => !values[name])
  if (missing.length > 0)
    throw new TollgateError(
      "secrets-missing",
      `--secrets does not hold ${missing.join(", ")}.`,
      "database.secrets of tollgate.yaml names them. Add values to --secrets; for a value that env.py only needs to be there, any will do.",
    )
  return needed.map((name) => [name, values[name] ?? ""])
}

type Applied = { current: string[]; record: AppliedRecord } & (
  | { kind: "applied"; base: Directory }
  | { kind: "nothing"; why: string }
)

function nothingApplied(why: string): Applied {
  return { kind: "nothing", why, current: [], record: { kind: "none" } }
}

/** Brings the empty database to where the base's revisions lead. */
async function applyBase(scratch: EmptyScratch, settings: Settings, base: Directory | null): Promise<Applied> {
  if (base === null) return nothingApplied("the base is unknown")
  const before = (await base.exists(SETTINGS_FILE)) ? await readSettings(base) : settings
  const { path } = before.app
  if (path !== "." && !(await base.exists(path))) return nothingApplied(`the base has no folder ${path}`)
  const app = await appFolder(base, before)
  const tool = await migrationTool(before, app)
  if (tool?.kind !== "alembic") return nothingApplied("the base has no alembic")
  const run = await upgradeFromEmpty(scratch.reach, before, app)
  if (run.kind === "applied")
    return {
      kind: "applied",
      base,
      current: run.ends,
      record: { kind: "chain", revisions: run.revisions, broken: null },
    }
  // what a failed run left behind
  await scratch.empty()
  return nothingApplied(run.why)
}

type Upgraded =
  | { kind: "applied"; ends: string[]; revisions: { revision: string; sha256: string; appliedAt: string }[] }
  | { kind: "failed"; why: string }

/** A change may be the one that mends its base: that the base's revisions fail is no error of its own. */
async function upgradeFromEmpty(reach: CopyReach, settings: Settings, app: Directory): Promise<Upgraded> {
  const alembic = await Alembic.of(settings, app)
  try {
    const { revisions, heads, ends, versionTables } = await alembic.inspect(reach)
    const target = upgradeTarget(revisions, heads)
    if (target === null) return { kind: "failed", why: "the base has several heads" }
    const { also = [] } = oneVersionTable(versionTables)
    const { lockTimeout, statementTimeout } = settings.database
    const limits = { lockTimeout, statementTimeout, applicationName: "tollgate ci" }
    const { ok, error } = await alembic.upgrade(reach, [], target, limits, { tables: 1 + also.length })
    if (ok) return { kind: "applied", ends, revisions: revisions.map(asApplied) }
    return {
      kind: "failed",
      why: `the base's revisions fail on an empty database: ${firstLine(error ?? "no message")}`,
    }
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return { kind: "failed", why: `the base's revisions cannot be run: ${firstLine(error.message)}` }
  } finally {
    await alembic.end()
  }
}

function asApplied({ revision, sha256 }: Revision): { revision: string; sha256: string; appliedAt: string } {
  return { revision, sha256, appliedAt: "the base" }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? text).replace(/\.$/, "")
}

const TABLES = `SELECT json_build_object(
  'serverVersion', split_part(current_setting('server_version'), ' ', 1),
  'tables', (SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'table', c.relname) ORDER BY n.nspname, c.relname), '[]')
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'))`

const tables = z.object({
  serverVersion: z.string(),
  tables: z.array(z.object({ schema: z.string(), table: z.string() })),
})

async function factsOf(scratch: EmptyScratch) {
  const facts = tables.parse(JSON.parse(await scratch.run(TABLES)))
  return { ...facts, tables: facts.tables.map((one) => ({ ...one, rows: null, exact: false, bytes: null })) }
}
