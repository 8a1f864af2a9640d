import type { Directory, File, Secret, Service } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { environmentSettings } from "../environment/check.js"
import { TollgateError } from "../errors.js"
import { GateRed } from "../gate/red.js"
import type { Stamp } from "../image/stamp.js"
import { readSettings } from "../source.js"
import type { DeployRequest } from "./deploy/request.js"
import { releaseScreen } from "./deploy/screen.js"
import { moduleDoor as door } from "./module-door.js"
import type { Access } from "./open.js"

/** The release's functions of the module: secrets become texts as late as can be. */

export interface Keys {
  sshKey?: Secret | undefined
  sshPassphrase?: Secret | undefined
  ledger?: Secret | undefined
  notify?: Secret | undefined
  secrets?: Secret | undefined
}

export interface ModuleDeploy extends Keys {
  env: string
  version: string
  who: string
  reason: string
  approvals: File[]
  breakGlass: string
  at: string
  gateSecrets?: Secret | undefined
  identity?: Secret | undefined
  registryUser: string
  registryPassword?: Secret | undefined
  registryService?: Service | undefined
  stamp: Stamp
  runningSource?: Directory | undefined
}

function access({ sshKey, sshPassphrase }: Keys, registry: Access["registry"] = null): Access {
  const ssh = sshKey === undefined ? null : { kind: "key" as const, key: () => sshKey.plaintext(), passphrase: sshPassphrase === undefined ? null : async () => (await sshPassphrase.plaintext()).replace(/\r?\n$/, "") }
  return { ssh, registry }
}

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
  const { env, version, who, reason, approvals, breakGlass, at, gateSecrets, identity, registryUser, registryPassword, registryService, stamp, runningSource } = given
  environmentSettings(settings, env)
  const user = registryUser === "" ? (settings.image.registry.user ?? "") : registryUser
  const login = registryPassword === undefined ? null : { user, password: async () => (await registryPassword.plaintext()).trim() }
  return {
    source, environment: env, version, caller: callerOf(who), why: reason, stamp, sourceOf: () => Promise.resolve(runningSource ?? null),
    secrets: valuesOf(given), access: access(given, login), ledger: await textOf(given.ledger), notify: await textOf(given.notify),
    approvals: await Promise.all(approvals.map((file) => file.contents())), breakGlass: breakGlass === "" ? null : breakGlass, at, gateSecrets, identity,
    registry: { user: registryUser, password: registryPassword, service: registryService },
  }
}

export async function deploySource(source: Directory, given: ModuleDeploy): Promise<string> {
  const settings = await readSettings(source)
  const { deploy } = await import("./deploy/deploy.js")
  const result = await deploy(settings, await requestOf(source, settings, given), door)
  const text = releaseScreen(result)
  if (result.outcome !== "live") throw new GateRed("deploy", text)
  return text
}

export async function planSource(source: Directory, given: ModuleDeploy): Promise<File> {
  const settings = await readSettings(source)
  const [{ dag }, { gatherPlan }] = await Promise.all([import("@dagger.io/dagger"), import("./plan/gather.js")])
  const unknown = () => ({ kind: "unknown" as const, why: "the source that Dagger hands over has no Git; the command line knows" })
  const plan = await gatherPlan(settings, await requestOf(source, settings, given), door, unknown)
  const { planScreen } = await import("./plan/screen.js")
  process.stderr.write(planScreen(plan, environmentSettings(settings, plan.environment).approvals))
  return dag.directory().withNewFile("plan.json", `${JSON.stringify(plan, null, 2)}\n`).file("plan.json")
}

export async function rollbackSource(source: Directory, given: Keys & { env: string; to: string; reason: string; who: string }): Promise<string> {
  const settings = await readSettings(source)
  const { rollback } = await import("./rollback/rollback.js")
  const request = { environment: given.env, to: given.to, why: given.reason, caller: callerOf(given.who), access: access(given), ledger: await textOf(given.ledger), notify: await textOf(given.notify), secrets: valuesOf(given) }
  const result = await rollback(settings, request, door)
  const text = releaseScreen(result)
  if (result.outcome !== "live") throw new GateRed("rollback", text)
  return text
}

export async function monitorSource(source: Directory, given: Keys & { env: string; window: number }): Promise<string> {
  const settings = await readSettings(source)
  const [{ monitorEnvironment }, { monitorScreen }] = await Promise.all([import("./monitor/monitor.js"), import("./monitor/screen.js")])
  const run = await monitorEnvironment(settings, { environment: given.env, window: given.window === 0 ? null : given.window, access: access(given), secrets: valuesOf(given) }, door)
  const text = monitorScreen(run)
  if (run.result.kind === "broken" || (run.result.kind === "inconclusive" && settings.release.monitor.inconclusive === "roll-back")) throw new GateRed("monitor", text)
  return text
}

export async function targetStatusSource(source: Directory, given: Keys & { env: string }): Promise<string> {
  const settings = await readSettings(source)
  const target = given.env === "" ? null : environmentSettings(settings, given.env).target
  if (target === null || target.kind === "none") {
    if (given.ledger === undefined) throw new TollgateError("status-of-what", "Nobody said what to look at.", "Give --env for what runs there, or --ledger for what it knows of all environments.")
    const { showStatus } = await import("../ledger/commands.js")
    return showStatus(source, given.env, given.ledger)
  }
  const [{ readStatus }, { targetScreen }] = await Promise.all([import("./status/status.js"), import("./status/screen.js")])
  return targetScreen(await readStatus(settings, { environment: given.env, access: access(given), ledger: await textOf(given.ledger) }, door))
}

export async function maintenanceSource(source: Directory, given: Keys & { env: string; state: string; message: string; who: string }): Promise<string> {
  if (given.state !== "on" && given.state !== "off") throw new TollgateError("maintenance-state", "--state is neither on nor off.", "Write --state=on or --state=off. Nothing was changed.")
  const settings = await readSettings(source)
  const { setMaintenance } = await import("./maintenance.js")
  return setMaintenance(settings, { environment: given.env, on: given.state === "on", message: given.message, who: callerOf(given.who).who, access: access(given), ledger: await textOf(given.ledger) }, door)
}
