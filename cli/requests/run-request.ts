import type { z } from "zod"
import type { Settings } from "../../core/config/schema.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { requireLimit } from "../../core/ledger/limits.js"
import { approvalFile } from "../../core/release/approval/approval.js"
import { recordGiven } from "../../core/release/approval/given.js"
import { readSchedule } from "../../core/release/freeze/freeze.js"
import { readPlan } from "../../core/release/plan/make.js"
import { planSha256 } from "../../core/release/plan/plan-id.js"
import { ask } from "../../core/requests/ask.js"
import { REQUEST_KINDS, requestsOf } from "../../core/requests/fold.js"
import { plannedWith } from "../../core/requests/planned-problems.js"
import { type PlainAction, type RequestAction, requestAction } from "../../core/requests/request.js"
import { requestedScreen, requestsScreen } from "../../core/requests/screen.js"
import { TollgateError } from "../../core/shared/errors.js"
import { privateKeyOf } from "../approval/private-key.js"
import { withLedger } from "../ledger/with-ledger.js"
import { readOptionFile } from "../option-file.js"
import type { requestOptions, requestsOptions } from "../options/requests.js"
import { print } from "../print.js"
import { readApproval } from "../release/read-approval.js"

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
    case "deploy":
      return scheduled(await plannedDeploy(options, ledger), options, settings)
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
  const { freeze } = environmentSettings(settings, env)
  // a freeze stops neither rollbacks nor maintenance mode
  const open = action.kind === "deploy" ? freeze : { ...freeze, once: [], weekly: [] }
  return { kind: "schedule", at: readSchedule(at, open, env, new Date()).toISOString(), action }
}

function requireNoTime(at: string | undefined): void {
  if (at === undefined) return
  throw new TollgateError(
    "request-option",
    "--at goes with deploy, rollback and maintenance only.",
    "Leave it out. Nothing was requested.",
  )
}

/** The plan of --plan, with the commit that the ledger has for it. */
async function plannedDeploy({ env, plan: path, approval }: RequestOptions, ledger: Ledger): Promise<PlainAction> {
  const plan = readPlan(
    readOptionFile(
      required(path, "--plan"),
      "--plan",
      "Pass the file that `tollgate plan --out` wrote. Nothing was requested.",
    ),
  )
  const sha256 = planSha256(plan)
  const revision = plannedWith(await ledger.eventsOfKind(env, "planned"), sha256)?.revision ?? null
  if (revision === null)
    throw new TollgateError(
      "request-plan",
      `The ledger has no commit for this plan of ${plan.environment}: it was made for another environment, in another ledger, or from a source with uncommitted changes.`,
      `Commit, push, and run \`tollgate plan --env=${env} --out=plan.json\` with this --ledger. Nothing was requested.`,
    )
  await recordApprovals(approval, sha256, ledger)
  return { kind: "deploy", planId: plan.id, planSha256: sha256, version: plan.releaseVersion, revision }
}

/** They count when the plan is deployed, and are judged then. */
async function recordApprovals(paths: readonly string[], planSha256: string, ledger: Ledger): Promise<void> {
  const files = paths.map((path) => {
    const parsed = approvalFile.safeParse(jsonIn(readApproval(path)))
    if (parsed.success && parsed.data.statement.planSha256 === planSha256) return parsed.data
    throw new TollgateError(
      "approval-other-file",
      `${path} is not an approval of the plan file of --plan.`,
      "Sign that very file with `tollgate approve --plan`. Nothing was requested.",
    )
  })
  for (const file of files) await recordGiven(ledger, file)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function required<T>(value: T | undefined, option: string): T {
  if (value !== undefined) return value
  throw new TollgateError("request-option", `${option} is missing.`, `Pass ${option}. Nothing was requested.`)
}
