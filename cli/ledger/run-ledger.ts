import { z } from "zod"
import type { Settings } from "../../core/config/schema.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { requireLimit, requireReason } from "../../core/ledger/limits.js"
import { historyScreen, statusScreen, unlockScreen, verifyScreen } from "../../core/ledger/screen.js"
import { ledgerStatus } from "../../core/ledger/status.js"
import { runId } from "../../core/qa/run-id.js"
import { readOpenReviews, reviewLine } from "../../core/release/approval/review-ledger.js"
import { keysOf, signatureLine, verifySignatures, wrongSignatures } from "../../core/release/approval/signatures.js"
import { withEnvironmentLedger } from "../../core/release/ledger/environment-ledger.js"
import { terminalJson } from "../../core/shared/plain-text.js"
import { readLocalSource } from "../environment/read-settings.js"
import { optionalText, withPlace } from "../release/access.js"
import { cliEntryPoint } from "../release/cli-entry-point.js"
import { caller } from "./caller.js"

const common = { source: z.string().optional(), ledger: z.string().optional(), json: z.boolean() }

export const historyOptions = z.object({ ...common, env: z.string(), limit: z.number() })
export const verifyOptions = z.object({ ...common, env: z.string() })
export const statusOptions = z.object({ ...common, env: z.string().optional() })
export const unlockOptions = z.object({ ...common, env: z.string(), reason: z.string() })

/** Prints the latest releases; true when the ledger's hash chain is valid. */
export async function runHistory(options: z.infer<typeof historyOptions>): Promise<boolean> {
  const limit = requireLimit(options.limit)
  return withLedger(options, options.env, async (ledger, settings) => {
    const releases = await ledger.releases(options.env, limit)
    const chain = await ledger.verify()
    const signatures = await verifySignatures(ledger, options.env, keysOf(settings, options.env))
    print(options, { releases, chain, signatures }, () =>
      historyScreen(settings.ledger.service, options.env, releases, chain, signatureLine(signatures)),
    )
    return chain.kind === "whole" && signatures.problems.length === 0
  })
}

/** Verifies the hash chain and the signatures of recorded approvals; true when both are right. */
export async function runVerify(options: z.infer<typeof verifyOptions>): Promise<boolean> {
  return withLedger(options, options.env, async (ledger, settings) => {
    const chain = await ledger.verify()
    const signatures = await verifySignatures(ledger, options.env, keysOf(settings, options.env))
    print(options, { chain, signatures }, () =>
      verifyScreen(settings.ledger.service, options.env, signatureLine(signatures), chain),
    )
    return chain.kind === "whole" && signatures.problems.length === 0
  })
}

/** Prints one environment or all as the ledger has them; true when the ledger's hash chain is valid. */
export async function runStatus(options: z.infer<typeof statusOptions>): Promise<boolean> {
  return withLedger(options, options.env ?? null, async (ledger, settings) => {
    const environments = options.env === undefined ? Object.keys(settings.environments) : [options.env]
    const status = await ledgerStatus(ledger, settings.ledger.service, environments)
    const wrong = await wrongSignatures(ledger, settings, environments)
    const reviews: string[] = []
    for (const environment of environments)
      reviews.push(...(await readOpenReviews(ledger, settings, environment)).map(reviewLine))
    print(options, { ...status, signatures: wrong, reviews }, () => statusScreen(status, [...wrong, ...reviews]))
    return status.chain.kind === "whole" && wrong.length === 0
  })
}

/** Frees an environment's lease and prints its previous holder. */
export async function runUnlock(options: z.infer<typeof unlockOptions>): Promise<void> {
  const reason = requireReason(options.reason)
  await withLedger(options, options.env, async (ledger) => {
    const held = await ledger.unlock(options.env, { reason, run: runId(new Date()), who: caller(process.env).who })
    print(options, held, () => unlockScreen(held, reason))
  })
}

function print({ json }: { json: boolean }, value: object, screen: () => string): void {
  process.stdout.write(json ? `${terminalJson(value)}\n` : screen())
}

/** Opens the ledger of --ledger, whose URL may name a port of this machine; without it, the sandbox's ledger. */
async function withLedger<T>(
  options: { source?: string | undefined; ledger?: string | undefined },
  environment: string | null,
  work: (ledger: Ledger, settings: Settings) => Promise<T>,
): Promise<T> {
  const { settings } = readLocalSource(options.source)
  if (environment !== null) environmentSettings(settings, environment)
  const url = await optionalText(options.ledger, "--ledger")
  const run = () => withEnvironmentLedger(settings, environment, url, cliEntryPoint, (ledger) => work(ledger, settings))
  return url === null && environment !== null ? await withPlace(settings, environment, run) : await run()
}
