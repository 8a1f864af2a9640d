import type { z } from "zod"
import type { Settings } from "../../core/config/schema.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { requireLimit } from "../../core/ledger/limits.js"
import { readSchedule } from "../../core/release/freeze/freeze.js"
import { ask } from "../../core/requests/ask.js"
import { REQUEST_KINDS, requestsOf } from "../../core/requests/fold.js"
import { type PlainAction, type RequestAction, requestAction } from "../../core/requests/request.js"
import { requestedScreen, requestsScreen } from "../../core/requests/screen.js"
import { TollgateError } from "../../core/shared/errors.js"
import { privateKeyOf } from "../approval/private-key.js"
import { withLedger } from "../ledger/with-ledger.js"
import type { requestOptions, requestsOptions } from "../options/requests.js"
import { print } from "../print.js"

type RequestOptions = z.output<typeof requestOptions>

/** Signs a request and writes it to the ledger. */
export async function runRequest(options: RequestOptions): Promise<void> {
  const key = await privateKeyOf(options)
  const file = await withLedger(options, options.env, async (ledger, settings) =>
    ask(
      settings,
      { environment: options.env, key, reason: options.reason, action: await actionFor(options, settings, ledger) },
      ledger,
    ),
  )
  print(options, file, () => requestedScreen(file))
}

/** Prints the latest requests, the newest first. */
export async function runRequests(options: z.output<typeof requestsOptions>): Promise<void> {
  const limit = requireLimit(options.limit)
  await withLedger(options, options.env, async (ledger, settings) => {
    const all = requestsOf(await ledger.eventsOfKinds(options.env, REQUEST_KINDS, 0))
    const latest = all.slice(-limit).reverse()
    print(options, latest, () => requestsScreen(settings.ledger.service, options.env, latest))
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
