import { randomUUID } from "node:crypto"
import type { Container, Directory, Secret } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { namingNoSpace } from "../../shared/no-space.js"
import { step } from "../../shared/progress.js"
import { version } from "../../shared/version.js"
import { appFolder, readSettings } from "../../source.js"
import { appWithAlembic } from "../alembic/app-alembic.js"
import { type CommandsTool, migrationTool } from "../alembic/migration-tool.js"
import { planPending } from "../alembic/pending.js"
import type { Revision } from "../alembic/revision.js"
import { clientPrograms } from "../backup/programs.js"
import { CommandMigrations } from "../commands/command-migrations.js"
import { type EntryPoint, type Reach, reachDatabase } from "../connect/reach.js"
import type { PlanScratch } from "../copy/empty-scratch.js"
import type { VersionTable } from "../copy/observe.js"
import { placeOfScratch, startScratch } from "../copy/scratch.js"
import type { Measured } from "../migrate/records.js"
import { PlanAlembic } from "./ask-alembic.js"
import { LOGGING } from "./copy.js"
import { planDigest } from "./digest.js"
import { type DatabaseFacts, readFacts, readMeasured } from "./facts.js"
import { gatherEvidence } from "./gather.js"
import { judge, revisionChanges } from "./judge.js"
import type { MigrationPlan } from "./plan.js"
import { planCommands } from "./plan-commands.js"
import { plannedRevision } from "./planned-revision.js"
import { notPrinted } from "./rules/complete.js"
import { NOT_GIVEN, runningUse } from "./running.js"

export interface PlanRequest {
  /** For the reader alone: which environment `secrets` belongs to. */
  environment: string
  /** Dotenv text with the database's URL. */
  secrets: Secret | undefined
  /** The source of the version that is running now. */
  runningSource: Directory | undefined
  entryPoint: EntryPoint
}

/** From a repository and a database to a judged plan: the one way in for `dagger call` and for the command line. Changes nothing. */
export async function makePlan(source: Directory, request: PlanRequest): Promise<MigrationPlan> {
  return namingNoSpace("the engine's disk", () => plan(source, request))
}

async function plan(source: Directory, request: PlanRequest): Promise<MigrationPlan> {
  const settings = await readSettings(source)
  environmentSettings(settings, request.environment)
  const [app, reach] = await Promise.all([
    appFolder(source, settings),
    reachDatabase(settings.database, request.secrets, request.entryPoint),
  ])
  const [client, tool] = await Promise.all([clientPrograms(settings.database), migrationTool(settings, app)])
  if (tool?.kind === "commands")
    return planWithoutAlembic(tool, { settings, app, reach, client, environment: request.environment })
  const own = { server: LOGGING, mayAll: true }
  const place = placeOfScratch(settings.database, reach, randomUUID, own)
  const starting = step("copy the schema without rows", () => startScratch(place, reach, client, randomUUID, own))
  const loading = step("install dependencies", () => appWithAlembic(settings, app)).then(
    (container) => new PlanAlembic({ app: container, reach: place.reach, settings }),
  )
  try {
    // a database that cannot be copied is not worth the installation: the first error ends both
    const [scratch, digest, alembic] = await Promise.all([starting, app.digest(), loading])
    const database: PlannedDatabase = {
      facts: (version) => readFacts(reach.inProcess, version),
      measured: (current, pending) => readMeasured(reach.inProcess, current, pending),
      versionsThere: false,
    }
    const { environment, runningSource } = request
    return await planOn(scratch, { settings, database, environment, runningSource, digest, alembic })
  } finally {
    // both end by themselves soon after their last client: that they could not be ended early must not hide an error
    await Promise.allSettled([loading.then((alembic) => alembic.stop()), starting.then((scratch) => scratch.stop())])
  }
}

interface Without {
  settings: Settings
  app: Directory
  reach: Reach
  client: Container
  environment: string
}

async function planWithoutAlembic(
  tool: CommandsTool,
  { settings, app, reach, client, environment }: Without,
): Promise<MigrationPlan> {
  const own = { server: [...LOGGING, "log_statement=all"], mayAll: true }
  const starting = step("copy the schema without rows", () =>
    startScratch(placeOfScratch(settings.database, reach, randomUUID, own), reach, client, randomUUID, own),
  )
  try {
    const [scratch, digest, commands] = await Promise.all([
      starting,
      app.digest(),
      step("install dependencies", () => CommandMigrations.of(settings, app, tool)),
    ])
    return await planCommands(scratch, commands, { settings, reach, environment, digest })
  } finally {
    // it ends by itself soon after its last client: that it could not be ended early must not hide an error
    await starting.then((scratch) => scratch.stop()).catch(() => undefined)
  }
}

/** What the plan is for, as far as it is asked itself. */
export interface PlannedDatabase {
  facts(version: VersionTable): Promise<DatabaseFacts>
  measured(current: readonly string[], pending: readonly Revision[]): Promise<Measured | null>
  /** Whether the copy's version table has its rows. */
  versionsThere: boolean
}

interface Planning {
  settings: Settings
  database: PlannedDatabase
  environment: string
  runningSource: Directory | undefined
  digest: string
  alembic: PlanAlembic
}

/** @param scratch has the database's schema and no row */
export async function planOn(
  scratch: PlanScratch,
  { settings, database, environment, runningSource, digest, alembic }: Planning,
): Promise<MigrationPlan> {
  const description = await step("read the revisions", () => alembic.describe(scratch.reach))
  const versionTable = {
    schema: description.environment?.schema ?? null,
    name: description.environment?.table ?? "alembic_version",
    also: description.environment?.also ?? [],
  }
  const facts = await step("read the database", () => database.facts(versionTable))
  const pending = planPending(description.revisions, description.heads, facts.current, facts.currentOfEach)
  const usable =
    description.error === null && description.environment?.error === null && description.warnings.length === 0
  const evidence =
    pending.kind === "pending" && usable
      ? await gatherEvidence({ settings, alembic, scratch, facts, pending, versionsThere: database.versionsThere })
      : null
  const estimate = pending.kind === "pending" ? await database.measured(facts.current, pending.revisions) : null
  const running =
    evidence === null
      ? ({ kind: "unknown", why: NOT_GIVEN } as const)
      : await runningUse(
          runningSource,
          scratch.reach,
          settings,
          revisionChanges(evidence).flatMap(({ changes }) => changes.map(({ change }) => change)),
        )
  const { findings, verdict } = judge({
    settings: settings.database,
    description,
    current: facts.current,
    pending,
    record: facts.record,
    evidence,
    tables: facts.tables,
    running,
    copyDiffers: scratch.warnings,
  })
  return {
    tollgateVersion: version,
    app: settings.app.path,
    source: digest,
    environment,
    database: {
      name: facts.database,
      serverVersion: facts.serverVersion,
      copyVersion: evidence?.examined.serverVersion ?? null,
    },
    current: facts.current,
    heads: description.heads,
    revisions:
      pending.kind === "pending"
        ? pending.revisions.map((revision) => plannedRevision(revision, evidence, facts, settings))
        : [],
    script: evidence?.examined.script ?? null,
    sqlIsComplete: evidence === null ? null : notPrinted(evidence).size === 0,
    findings,
    verdict,
    digest:
      pending.kind === "pending" && evidence !== null
        ? planDigest(pending.from, pending.to, pending.revisions, evidence.examined.script)
        : null,
    estimate,
    running: running.kind === "known" ? { kind: "known" } : running,
    madeAt: new Date().toISOString(),
  }
}
