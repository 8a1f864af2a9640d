import type { z } from "zod"
import type { Settings } from "../../core/config/schema.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { requireLimit } from "../../core/ledger/limits.js"
import { readPrivateKey } from "../../core/release/approval/key.js"
import { readSchedule } from "../../core/release/freeze/freeze.js"
import { withEnvironmentLedger } from "../../core/release/ledger/environment-ledger.js"
import { ask } from "../../core/requests/ask.js"
import { REQUEST_KINDS, requestsOf } from "../../core/requests/fold.js"
import { type PlainAction, type RequestAction, requestAction } from "../../core/requests/request.js"
import { requestedScreen, requestsScreen } from "../../core/requests/screen.js"
import { TollgateError } from "../../core/shared/errors.js"
import { terminalJson } from "../../core/shared/plain-text.js"
import { readLocalSource } from "../environment/read-settings.js"
import { secretText } from "../environment/secret-text.js"
import type { requestOptions, requestsOptions } from "../options/requests.js"
import { optionalText, withPlace } from "../release/access.js"
import { cliEntryPoint } from "../release/cli-entry-point.js"

type RequestOptions = z.output<typeof requestOptions>

/** Signs a request and writes it to the ledger. */
export async function runRequest(options: RequestOptions): Promise<void> {
  const passphrase = await optionalText(options.passphrase, "--passphrase")
  const key = readPrivateKey(await secretText(options.key, "--key"), passphrase?.replace(/\r?\n$/, "") ?? null)
  const file = await withLedger(options, async (ledger, settings) =>
    ask(
      settings,
      { environment: options.env, key, reason: options.reason, action: await actionFor(options, settings, ledger) },
      ledger,
    ),
  )
  process.stdout.write(options.json ? `${terminalJson(file)}\n` : requestedScreen(file))
}

/** Prints the latest requests, the newest first. */
export async function runRequests(options: z.output<typeof requestsOptions>): Promise<void> {
  const limit = requireLimit(options.limit)
  await withLedger(options, async (ledger, settings) => {
    const all = requestsOf(await ledger.eventsOfKinds(options.env, REQUEST_KINDS, 0))
    const latest = all.slice(-limit).reverse()
    process.stdout.write(
      options.json ? `${terminalJson(latest)}\n` : requestsScreen(settings.ledger.service, options.env, latest),
    )
  })
}

async function actionFor(options: RequestOptions, settings: Settings, ledger: Ledger): Promise<RequestAction> {
  const { env, at, run, to, state, message } = options
  switch (options.action) {
    case "rollback":
      return scheduled({ kind: "rollback", to }, options, settings)
    case "maintenance":
      return scheduled({ kind: "maintenance", on: required(state, "--state") === "on", message }, options, settings)
    case "unlock": {
      requireNoTime(at)
      const held = run ?? (await ledger.holder(env))?.run
      if (held === undefined)
        throw new TollgateError(
          "lease-free",
          `${env} is not locked: no run holds its lease.`,
          "No action is needed. Nothing was requested.",
        )
      return { kind: "unlock", run: held }
    }
    case "cancel": {
      requireNoTime(at)
      const parsed = requestAction.safeParse({ kind: "cancel", request: required(options.request, "--request") })
      if (parsed.success) return parsed.data
      throw new TollgateError(
        "request-option",
        "--request is not the id of a request.",
        `\`tollgate requests --env=${env}\` lists them. Nothing was requested.`,
      )
    }
  }
}

function scheduled(action: PlainAction, { env, at }: RequestOptions, settings: Settings): RequestAction {
  if (at === undefined) return action
  // a freeze stops neither rollbacks nor maintenance mode
  const open = { ...environmentSettings(settings, env).freeze, once: [], weekly: [] }
  return { kind: "schedule", at: readSchedule(at, open, env, new Date()).toISOString(), action }
}

function requireNoTime(at: string | undefined): void {
  if (at === undefined) return
  throw new TollgateError(
    "request-option",
    "--at goes with rollback and maintenance only.",
    "Leave it out. Nothing was requested.",
  )
}

function required<T>(value: T | undefined, option: string): T {
  if (value !== undefined) return value
  throw new TollgateError("request-option", `${option} is missing.`, `Pass ${option}. Nothing was requested.`)
}

async function withLedger<T>(
  options: { source?: string | undefined; env: string; ledger?: string | undefined },
  work: (ledger: Ledger, settings: Settings) => Promise<T>,
): Promise<T> {
  const { settings } = readLocalSource(options.source)
  environmentSettings(settings, options.env)
  const url = await optionalText(options.ledger, "--ledger")
  const run = () => withEnvironmentLedger(settings, options.env, url, cliEntryPoint, (ledger) => work(ledger, settings))
  return url === null ? await withPlace(settings, options.env, run) : await run()
}
