import type { Directory, File, Secret, Service } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { environmentSettings } from "../environment/check.js"
import { GateFailed } from "../gate/failed.js"
import { stampOf } from "../image/stamp.js"
import type { DeployRequest } from "../release/deploy/request.js"
import { releaseScreen } from "../release/deploy/screen.js"
import { defaultVersion } from "../release/session/default-version.js"
import { TollgateError } from "../shared/errors.js"
import { readSettings } from "../source.js"
import { accessBy as access, type SshKeys } from "./access.js"
import { moduleEntryPoint as entryPoint } from "./entry-point.js"

/** The module's release functions. Secrets are read as late as possible. */

export interface Keys extends SshKeys {
  ledger?: Secret | undefined
  notify?: Secret | undefined
  secrets?: Secret | undefined
}

export interface ModuleDeploy extends Keys {
  env: string
  /** Empty: the commit, else a digest of the source. */
  version: string
  who: string
  reason: string
  approval?: File[] | undefined
  breakGlass: string
  at: string
  gateSecrets?: Secret | undefined
  identity?: Secret | undefined
  registryUser: string
  registryPassword?: Secret | undefined
  registryService?: Service | undefined
  revision: string
  created: string
  sourceUrl: string
  runningSource?: Directory | undefined
}

/** What a plan is made from: a deployment without its circumstances. */
export type ModulePlan = Omit<ModuleDeploy, "who" | "reason" | "breakGlass" | "at">

async function textOf(secret: Secret | undefined): Promise<string | null> {
  return secret === undefined ? null : await secret.plaintext()
}

function valuesOf({ secrets }: Keys): (() => Promise<string>) | null {
  return secrets === undefined ? null : () => secrets.plaintext()
}

function callerOf(who: string) {
  return { who: who === "" ? "dagger call" : who, owner: "dagger call" }
}

async function requestOf(source: Directory, settings: Settings, given: ModuleDeploy): Promise<DeployRequest> {
  const {
    env,
    version,
    who,
    reason,
    approval,
    breakGlass,
    at,
    gateSecrets,
    identity,
    registryUser,
    registryPassword,
    registryService,
    revision,
    created,
    sourceUrl,
    runningSource,
  } = given
  environmentSettings(settings, env)
  const user = registryUser === "" ? (settings.image.registry.user ?? "") : registryUser
  const login =
    registryPassword === undefined ? null : { user, password: async () => (await registryPassword.plaintext()).trim() }
  const stamp = stampOf(revision, created, sourceUrl)
  return {
    source,
    environment: env,
    version: version === "" ? await defaultVersion(stamp, source) : version,
    caller: callerOf(who),
    why: reason,
    stamp,
    sourceOf: () => Promise.resolve(runningSource ?? null),
    secrets: valuesOf(given),
    access: access(given, login),
    ledger: await textOf(given.ledger),
    notify: await textOf(given.notify),
    approvals: await Promise.all((approval ?? []).map((file) => file.contents())),
    breakGlass: breakGlass === "" ? null : breakGlass,
    at,
    gateSecrets,
    identity,
    registry: { user: registryUser, password: registryPassword, service: registryService },
  }
}

export async function deploy(source: Directory, given: ModuleDeploy): Promise<string> {
  const settings = await readSettings(source)
  const release = await import("../release/deploy/deploy.js")
  const result = await release.deploy(settings, await requestOf(source, settings, given), entryPoint)
  const text = releaseScreen(result)
  if (result.outcome !== "live") throw new GateFailed("deploy", text, result.waiting ? "waiting" : "failed")
  return text
}

export async function plan(source: Directory, given: ModulePlan): Promise<File> {
  const settings = await readSettings(source)
  const [{ dag }, { gatherPlan }] = await Promise.all([
    import("@dagger.io/dagger"),
    import("../release/plan/gather.js"),
  ])
  const unknown = () => ({
    kind: "unknown" as const,
    why: "the module's source has no Git history; use the command line",
  })
  const request = await requestOf(source, settings, { ...given, who: "", reason: "", breakGlass: "", at: "" })
  const made = await gatherPlan(settings, request, entryPoint, unknown)
  const { planScreen } = await import("../release/plan/screen.js")
  process.stderr.write(planScreen(made, environmentSettings(settings, made.environment).approvals))
  return dag
    .directory()
    .withNewFile("plan.json", `${JSON.stringify(made, null, 2)}\n`)
    .file("plan.json")
}

export async function rollback(
  source: Directory,
  given: Keys & { env: string; to: string; reason: string; who: string },
): Promise<string> {
  const settings = await readSettings(source)
  const release = await import("../release/rollback/rollback.js")
  const request = {
    environment: given.env,
    to: given.to,
    why: given.reason,
    caller: callerOf(given.who),
    access: access(given),
    ledger: await textOf(given.ledger),
    notify: await textOf(given.notify),
    secrets: valuesOf(given),
  }
  const result = await release.rollback(settings, request, entryPoint)
  const text = releaseScreen(result)
  if (result.outcome !== "live") throw new GateFailed("rollback", text)
  return text
}

export async function monitor(source: Directory, given: Keys & { env: string; window: number }): Promise<string> {
  const settings = await readSettings(source)
  const [{ monitorEnvironment }, { monitorScreen }] = await Promise.all([
    import("../release/monitor/monitor.js"),
    import("../release/monitor/screen.js"),
  ])
  const run = await monitorEnvironment(
    settings,
    {
      environment: given.env,
      window: given.window === 0 ? null : given.window,
      access: access(given),
      secrets: valuesOf(given),
    },
    entryPoint,
  )
  const text = monitorScreen(run)
  if (
    run.result.kind === "failed" ||
    (run.result.kind === "inconclusive" && settings.release.monitor.inconclusive === "roll-back")
  )
    throw new GateFailed("monitor", text)
  return text
}

/** A function returns when it is done: the command line follows a log. */
export async function logs(
  source: Directory,
  given: Keys & { env: string; release: string; since: string; lines: number },
): Promise<string> {
  const settings = await readSettings(source)
  const { readLogs } = await import("../release/logs/read.js")
  const { env: environment, release, since, lines } = given
  if (!Number.isInteger(lines) || lines < 1)
    throw new TollgateError("lines-form", "--lines is not a whole number above 0.", "Write --lines=200.")
  const printed: string[] = []
  await readLogs(
    settings,
    { environment, release, since, lines, follow: false, access: access(given), secrets: valuesOf(given) },
    entryPoint,
    (line) => printed.push(line),
  )
  return printed.map((line) => `${line}\n`).join("")
}

export async function status(source: Directory, given: Keys & { env: string }): Promise<string> {
  const settings = await readSettings(source)
  const target = given.env === "" ? null : environmentSettings(settings, given.env).target
  if (target === null || target.kind === "none") {
    if (given.ledger === undefined)
      throw new TollgateError(
        "status-of-what",
        "Neither --env nor --ledger is set.",
        "Pass --env to show what is running there, or --ledger to list all environments.",
      )
    const { showStatus } = await import("./ledger.js")
    return showStatus(source, given.env, given.ledger)
  }
  const [{ readStatus }, { targetScreen }] = await Promise.all([
    import("../release/status/status.js"),
    import("../release/status/screen.js"),
  ])
  return targetScreen(
    await readStatus(
      settings,
      { environment: given.env, access: access(given), ledger: await textOf(given.ledger) },
      entryPoint,
    ),
  )
}

export async function maintenance(
  source: Directory,
  given: Keys & { env: string; state: string; message: string; who: string },
): Promise<string> {
  if (given.state !== "on" && given.state !== "off")
    throw new TollgateError(
      "maintenance-state",
      "--state must be on or off.",
      "Write --state=on or --state=off. Nothing was changed.",
    )
  const settings = await readSettings(source)
  const { setMaintenance } = await import("../release/maintenance/maintenance.js")
  return setMaintenance(
    settings,
    {
      environment: given.env,
      on: given.state === "on",
      message: given.message,
      who: callerOf(given.who).who,
      access: access(given),
      ledger: await textOf(given.ledger),
    },
    entryPoint,
  )
}
