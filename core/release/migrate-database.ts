import { randomUUID } from "node:crypto"
import { dag, type Directory, type Secret } from "@dagger.io/dagger"
import { parseAddress, rewriteUrl } from "../database/address.js"
import { migrateSource } from "../database/migrate.js"
import { isMigrated } from "../database/migration-result.js"
import { makePlan } from "../database/plan/make-plan.js"
import type { MigrationPlan } from "../database/plan/plan.js"
import { screenOf } from "../database/plan/screen.js"
import { reachDatabase } from "../database/reach.js"
import { verdict } from "../database/screen.js"
import { openStore } from "../database/store.js"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { GateFailed } from "../gate/failed.js"
import { runId } from "../qa/run-id.js"
import { count } from "../report/figures.js"
import type { DeployRequest } from "./deploy/request.js"
import type { Door } from "./door.js"
import { dotenvText } from "./dotenv-text.js"
import { migrationFailed } from "./migration-failed.js"
import { type Migrations, runCommands } from "./migrations.js"
import type { Place } from "./open.js"
import type { PlannedMigration } from "./plan/plan.js"
import { plannedMigrations } from "./planned-migrations.js"
import { forwardTo } from "./through-target.js"
import { serviceVariables } from "./values.js"

/**
 * The database part, as `tollgate migration-plan` and `tollgate migrate` are it: judged before anything is changed, backed up,
 * rehearsed, validated, and taken back by its own rules. Two versions run until the old one ends, so what removes or narrows is refused
 * unless database.contract lists it.
 */
export async function databaseMigrations(settings: Settings, request: DeployRequest, place: Place, door: Door): Promise<Migrations> {
  const { bundle, close } = place.sandbox === null ? { bundle: await bundleOf(request), close: () => Promise.resolve() } : await throughSandbox(settings, request, place, door)
  const { source, environment } = request
  let plan: Promise<MigrationPlan> | null = null
  const planOnce = (): Promise<MigrationPlan> => (plan ??= runningSource(request, place).then((running) => makePlan(source, { environment, secrets: bundle, runningSource: running, door: door.kind })))
  const pending = async (): Promise<PlannedMigration[]> => {
    const made = await planOnce()
    // errors of a revision stand in the plan beside it; without revisions there is nothing that anybody could approve
    if (made.verdict.kind === "red" && made.verdict.errors.some(({ revision }) => !made.revisions.some((one) => one.revision === revision))) throw red(made)
    return plannedMigrations(made)
  }

  return {
    known: true,
    checks: [
      { name: "migrations", what: "what is pending, seen on an empty copy of the schema: only what both versions can live with" },
      { name: "backup", what: "the storage of backups can be read; the backup itself is tested before anything is migrated" },
    ],
    pending,
    judge: async () => {
      const made = await planOnce()
      if (made.verdict.kind === "red") throw red(made)
      if (made.verdict.kind === "nothing-to-do") return { kind: "done", note: `${made.database.name} is at the newest revision` }
      const warnings = made.findings.filter(({ severity, accepted }) => severity === "warning" && accepted === null).length
      return { kind: "done", note: `${count(made.revisions.length, "revision")} pending: no error, ${count(warnings, "warning")}${made.running.kind === "known" ? "" : "; what the running version uses is not known"}`, detail: { digest: made.digest } }
    },
    backup: async () => {
      if ((await pending()).length === 0) return { kind: "skipped", note: "nothing is pending" }
      const { inProcess } = await reachDatabase(settings.database, bundle, door.kind)
      const store = await openStore(settings.database, bundle, door.kind, environment, inProcess.database)
      await store.contents(randomUUID())
      return { kind: "done", note: `${store.described} can be read; the backup is made, tested and kept under the migration's lock` }
    },
    migrate: async (release) => {
      const result = await migrateSource(source, { environment, secrets: bundle, door: door.kind, maintenance: false, identity: request.identity, run: runId(new Date()) }, settings)
      if (!isMigrated(result)) throw migrationFailed(result)
      const ran = await runCommands(place.target, settings, release)
      const backup = result.backup === null ? "" : `; backup ${result.backup.name}`
      return { kind: "done", note: `${verdict(result)}${backup}${ran === null ? "" : `; ${ran}`}` }
    },
    close,
  }
}

/** Of the version that has the traffic: what it uses may not be taken from under it. */
async function runningSource({ sourceOf }: DeployRequest, { target }: Place): Promise<Directory | undefined> {
  const { live } = await target.running()
  const revision = live.kind === "live" ? live.instance.revision : null
  // one that was changed after its commit is not that commit
  if (revision === null || revision.endsWith("-dirty")) return undefined
  return (await sourceOf?.(revision)) ?? undefined
}

function red(plan: MigrationPlan): GateFailed {
  return new GateFailed("migration-plan", screenOf(plan, { report: "`tollgate migration-plan` writes all of it" }))
}

/** The environment's own values last: of a name that both have, theirs is the one that counts. */
async function bundleOf({ secrets, gateSecrets }: DeployRequest, more = ""): Promise<Secret> {
  const texts = [gateSecrets === undefined ? "" : await gateSecrets.plaintext(), secrets === null ? "" : await secrets(), more]
  return dag.setSecret(`tollgate-release-${randomUUID()}`, texts.join("\n"))
}

/** The sandbox's Postgres answers on the sandbox alone: it gets a port of this machine's loopback, which containers reach through the engine. */
async function throughSandbox(settings: Settings, request: DeployRequest, place: Place, door: Door): Promise<{ bundle: Secret; close: () => Promise<void> }> {
  if (door.kind === "module")
    throw new TollgateError(
      "migrations-door",
      "From inside the engine alembic does not reach the sandbox's Postgres.",
      `Use the command line (npx tollgate deploy …), or environments.${request.environment}.migrations: commands. Nothing was changed.`,
    )
  const { url, secrets: names } = settings.database
  const values = await serviceVariables(settings, request.environment, place.sandbox?.variables ?? new Map(), request.secrets)
  const written = values.get(url)
  if (written === undefined) throw new TollgateError("secrets-missing", `The sandbox has no ${url}.`, "database.url of tollgate.yaml names it. Nothing was changed.")
  const address = parseAddress(written, url)
  const forward = await forwardTo(place.target, address.host, address.port)
  const known = names.flatMap((name): [string, string][] => (values.has(name) ? [[name, values.get(name) ?? ""]] : []))
  const local = rewriteUrl(written, { host: "127.0.0.1", port: forward.port })
  return { bundle: await bundleOf(request, dotenvText([...known, [url, local]])), close: () => forward.close() }
}
