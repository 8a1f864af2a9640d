import { randomUUID } from "node:crypto"
import { type Directory, dag, type Secret } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { openStore } from "../../database/backup/store.js"
import { parseAddress, rewriteUrl } from "../../database/connect/address.js"
import { reachDatabase } from "../../database/connect/reach.js"
import { migrateSource } from "../../database/migrate/migrate.js"
import { isMigrated } from "../../database/migrate/migration-result.js"
import { verdict } from "../../database/migrate/screen.js"
import { makePlan } from "../../database/plan/make-plan.js"
import type { MigrationPlan } from "../../database/plan/plan.js"
import { screenOf } from "../../database/plan/screen.js"
import { GateFailed } from "../../gate/failed.js"
import { runId } from "../../qa/run-id.js"
import { TollgateError } from "../../shared/errors.js"
import { count } from "../../shared/figures.js"
import type { Place } from "../../targets/kind.js"
import type { DeployRequest } from "../deploy/request.js"
import type { PlannedMigration } from "../plan/plan.js"
import { dotenvText } from "../session/dotenv-text.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { forwardTo } from "../session/through-target.js"
import { serviceVariables } from "../session/values.js"
import { migrationDetail } from "./migration-detail.js"
import { migrationFailed } from "./migration-failed.js"
import { plannedMigrations } from "./planned-migrations.js"
import { type Migrations, runCommands } from "./release-migrations.js"

/**
 * Runs migrations as `tollgate migration-plan` and `tollgate migrate` do: judged before anything changes, backed up, rehearsed, validated,
 * and undone by the same rules. Two versions run until the old one ends, so a migration that removes or narrows something is refused
 * unless database.contract lists it.
 */
export async function databaseMigrations(
  settings: Settings,
  request: DeployRequest,
  place: Place,
  entryPoint: ReleaseEntryPoint,
): Promise<Migrations> {
  const { bundle, close } =
    place.postgres === null
      ? { bundle: await bundleOf(request), close: () => Promise.resolve() }
      : await throughSandbox(settings, request, place, entryPoint)
  const { source, environment } = request
  let plan: Promise<MigrationPlan> | null = null
  const planOnce = (): Promise<MigrationPlan> =>
    (plan ??= runningSource(request, place).then((running) =>
      makePlan(source, { environment, secrets: bundle, runningSource: running, entryPoint: entryPoint.kind }),
    ))
  const pending = async (): Promise<PlannedMigration[]> => {
    const made = await planOnce()
    // a revision's errors are shown beside it in the plan; an error of no revision leaves nothing to approve
    if (
      made.verdict.kind === "red" &&
      made.verdict.errors.some(({ revision }) => !made.revisions.some((one) => one.revision === revision))
    )
      throw red(made)
    return plannedMigrations(made)
  }

  return {
    known: true,
    checks: [
      {
        name: "migrations",
        what: "pending revisions, run on an empty copy of the schema: compatible with both versions",
      },
      {
        name: "backup",
        what: "the backup storage is readable; the backup itself is made before the migration starts",
      },
    ],
    pending,
    judge: async () => {
      const made = await planOnce()
      if (made.verdict.kind === "red") throw red(made)
      if (made.verdict.kind === "nothing-to-do")
        return { kind: "done", note: `${made.database.name} is at the newest revision` }
      const warnings = made.findings.filter(
        ({ severity, accepted }) => severity === "warning" && accepted === null,
      ).length
      return {
        kind: "done",
        note: `${count(made.revisions.length, "revision")} pending: no error, ${count(warnings, "warning")}${made.running.kind === "known" ? "" : "; the running version's use of the database is unknown"}`,
        detail: { digest: made.digest },
      }
    },
    backup: async () => {
      if ((await pending()).length === 0) return { kind: "skipped", note: "nothing is pending" }
      const { inProcess } = await reachDatabase(settings.database, bundle, entryPoint.kind)
      const store = await openStore(settings.database, bundle, entryPoint.kind, environment, inProcess.database)
      await store.contents(randomUUID())
      return {
        kind: "done",
        note: `${store.described} is readable; the backup is made under the migration's lock`,
      }
    },
    migrate: async (release) => {
      const result = await migrateSource(
        source,
        {
          environment,
          secrets: bundle,
          entryPoint: entryPoint.kind,
          maintenance: false,
          identity: request.identity,
          run: runId(new Date()),
        },
        settings,
      )
      if (!isMigrated(result)) throw migrationFailed(result)
      const ran = await runCommands(place.target, settings, release)
      const backup =
        result.backup === null ? "" : `; backup ${result.backup.name}${result.backup.tested ? "" : ", never restored"}`
      return {
        kind: "done",
        note: `${verdict(result)}${backup}${ran === null ? "" : `; ${ran}`}`,
        detail: migrationDetail(result),
      }
    },
    close,
  }
}

/** Source of the live version: a migration must not remove what it uses. */
async function runningSource({ sourceOf }: DeployRequest, { target }: Place): Promise<Directory | undefined> {
  const { live } = await target.running()
  const revision = live.kind === "live" ? live.instance.revision : null
  // a dirty build differs from its commit
  if (revision === null || revision.endsWith("-dirty")) return undefined
  return (await sourceOf?.(revision)) ?? undefined
}

function red(plan: MigrationPlan): GateFailed {
  return new GateFailed(
    "migration-plan",
    screenOf(plan, { report: "`tollgate migration-plan` writes the full report" }),
  )
}

/** The environment's own values come last, so they win. */
async function bundleOf({ secrets, gateSecrets }: DeployRequest, more = ""): Promise<Secret> {
  const texts = [
    gateSecrets === undefined ? "" : await gateSecrets.plaintext(),
    secrets === null ? "" : await secrets(),
    more,
  ]
  return dag.setSecret(`tollgate-release-${randomUUID()}`, texts.join("\n"))
}

/** The sandbox's Postgres is reachable only inside the sandbox. Containers reach it through a port on this machine's loopback. */
async function throughSandbox(
  settings: Settings,
  request: DeployRequest,
  place: Place,
  entryPoint: ReleaseEntryPoint,
): Promise<{ bundle: Secret; close: () => Promise<void> }> {
  if (entryPoint.kind === "module")
    throw new TollgateError(
      "migrations-entry-point",
      "A function of the module cannot reach the sandbox's Postgres.",
      `Use the command line (npx tollgate deploy …), or set environments.${request.environment}.migrations to commands. Nothing was changed.`,
    )
  const { url, secrets: names } = settings.database
  const values = await serviceVariables(settings, request.environment, place.variables, request.secrets)
  const written = values.get(url)
  if (written === undefined)
    throw new TollgateError(
      "secrets-missing",
      `The sandbox has no ${url}.`,
      "Correct database.url in tollgate.yaml. Nothing was changed.",
    )
  const address = parseAddress(written, url)
  const forward = await forwardTo(place.target, address.host, address.port)
  const known = names.flatMap((name): [string, string][] => (values.has(name) ? [[name, values.get(name) ?? ""]] : []))
  const local = rewriteUrl(written, { host: "127.0.0.1", port: forward.port })
  return { bundle: await bundleOf(request, dotenvText([...known, [url, local]])), close: () => forward.close() }
}
