import type { z } from "zod"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import { setMaintenance } from "../../core/release/maintenance/maintenance.js"
import { monitorEnvironment } from "../../core/release/monitor/monitor.js"
import { monitorScreen } from "../../core/release/monitor/screen.js"
import { rollback } from "../../core/release/rollback/rollback.js"
import { targetScreen } from "../../core/release/status/screen.js"
import { readStatus } from "../../core/release/status/status.js"
import { TollgateError } from "../../core/shared/errors.js"
import { readLocalSource } from "../environment/read-settings.js"
import { caller } from "../ledger/caller.js"
import type { statusOptions } from "../options/ledger.js"
import type { maintenanceOptions, monitorOptions, rollbackOptions } from "../options/release.js"
import { print } from "../print.js"
import { accessOf, optionalText, withPlace } from "./access.js"
import { cliEntryPoint } from "./cli-entry-point.js"

/** Rolls back; true when the earlier release is live. */
export async function runRollback(options: z.output<typeof rollbackOptions>): Promise<boolean> {
  const { settings } = readLocalSource(options.source)
  const [access, ledger, notify, secrets] = await Promise.all([
    accessOf(options),
    optionalText(options.ledger, "--ledger"),
    optionalText(options.notify, "--notify"),
    optionalText(options.secrets, "--secrets"),
  ])
  const request = {
    environment: options.env,
    to: options.to,
    why: options.reason,
    caller: caller(process.env),
    access,
    ledger,
    notify,
    secrets: secrets === null ? null : () => Promise.resolve(secrets),
  }
  const result = await withPlace(settings, options.env, () => rollback(settings, request, cliEntryPoint))
  print(options, result, () => `\n${releaseScreen(result)}`)
  return result.outcome === "live"
}

/** Prints the status; true when one release has all of the traffic, or nothing was deployed. */
export async function runTargetStatus(options: z.output<typeof statusOptions> & { env: string }): Promise<boolean> {
  const { settings } = readLocalSource(options.source)
  const request = {
    environment: options.env,
    access: await accessOf(options),
    ledger: await optionalText(options.ledger, "--ledger"),
  }
  const status = await withPlace(settings, options.env, () => readStatus(settings, request, cliEntryPoint))
  print(options, status, () => targetScreen(status))
  return status.running.live.kind === "live" || status.running.live.kind === "none"
}

/** Watches for a window, prints what was measured; true unless a threshold fails. */
export async function runMonitor(options: z.output<typeof monitorOptions>): Promise<boolean> {
  const { settings } = readLocalSource(options.source)
  const secrets = await optionalText(options.secrets, "--secrets")
  const window = options.window === undefined ? null : secondsOf(options.window)
  const request = {
    environment: options.env,
    window,
    access: await accessOf(options),
    secrets: secrets === null ? null : () => Promise.resolve(secrets),
  }
  const run = await withPlace(settings, options.env, () => monitorEnvironment(settings, request, cliEntryPoint))
  print(options, run, () => monitorScreen(run))
  return (
    run.result.kind === "passed" ||
    (run.result.kind === "inconclusive" && settings.release.monitor.inconclusive === "keep")
  )
}

export async function runMaintenance(options: z.output<typeof maintenanceOptions>): Promise<void> {
  const { settings } = readLocalSource(options.source)
  const request = {
    environment: options.env,
    on: options.state === "on",
    message: options.message,
    who: caller(process.env).who,
    access: await accessOf(options),
    ledger: await optionalText(options.ledger, "--ledger"),
  }
  process.stdout.write(await withPlace(settings, options.env, () => setMaintenance(settings, request, cliEntryPoint)))
}

function secondsOf(written: string): number {
  const [, minutes, seconds] = /^(?=\d)(?:(\d+)m)?(?:(\d+)s)?$/.exec(written) ?? []
  const total = Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  if (total > 0 && total <= 86_400) return total
  throw new TollgateError("window-form", "--window is not a duration.", "Write --window=90s or --window=5m.")
}
