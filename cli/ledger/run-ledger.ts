import type { z } from "zod"
import { readHeads } from "../../core/audit/arguments.js"
import { requireLimit, requireReason, requireToken } from "../../core/ledger/limits.js"
import { summaryOf } from "../../core/ledger/release-summary.js"
import { historyScreen, raiseScreen, statusScreen, unlockScreen } from "../../core/ledger/screen.js"
import { ledgerStatus } from "../../core/ledger/status.js"
import { runId } from "../../core/qa/run-id.js"
import { readOpenReviews, reviewLine } from "../../core/release/approval/review-ledger.js"
import { keysOf, signatureLine, verifySignatures, wrongSignatures } from "../../core/release/approval/signatures.js"
import { readTargetHeads } from "../../core/release/ledger/target-heads.js"
import { ledgerVerdictScreen, verifyLedger } from "../../core/release/ledger/verify.js"
import { terminalJson } from "../../core/shared/plain-text.js"
import type { historyOptions, releasesOptions, statusOptions, unlockOptions, verifyOptions } from "../options/ledger.js"
import { print } from "../print.js"
import { accessOf } from "../release/access.js"
import { cliEntryPoint } from "../release/cli-entry-point.js"
import { caller } from "./caller.js"
import { withLedger } from "./with-ledger.js"

/** Prints the latest releases; true when the ledger's hash chain is valid. */
export async function runHistory(options: z.output<typeof historyOptions>): Promise<boolean> {
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

/** Prints the latest releases as an array of objects, those of the function `releases`. */
export async function runReleases(options: z.output<typeof releasesOptions>): Promise<void> {
  const limit = requireLimit(options.limit)
  await withLedger(options, options.env, async (ledger) => {
    const releases = await ledger.releases(options.env, limit)
    process.stdout.write(`${terminalJson(releases.map(summaryOf))}\n`)
  })
}

/** Verifies the hash chain, the signatures and the heads that were kept; true when all are right. */
export async function runVerify(options: z.output<typeof verifyOptions>): Promise<boolean> {
  const given = readHeads(options.head)
  const access = await accessOf(options)
  return withLedger(options, options.env, async (ledger, settings) => {
    const onTarget = await readTargetHeads(settings, options.env, access, cliEntryPoint)
    const verdict = await verifyLedger(ledger, settings, options.env, given, onTarget)
    print(options, verdict, () => ledgerVerdictScreen(settings.ledger.service, options.env, verdict))
    return verdict.passed
  })
}

/** Prints all environments as the ledger has them; true when the ledger's hash chain is valid. */
export async function runStatus(options: Omit<z.output<typeof statusOptions>, "env">): Promise<boolean> {
  return withLedger(options, null, async (ledger, settings) => {
    const environments = Object.keys(settings.environments)
    const status = await ledgerStatus(ledger, settings.ledger.service, environments)
    const wrong = await wrongSignatures(ledger, settings, environments)
    const reviews: string[] = []
    for (const environment of environments)
      reviews.push(...(await readOpenReviews(ledger, settings, environment)).map(reviewLine))
    print(options, { ...status, signatures: wrong, reviews }, () => statusScreen(status, [...wrong, ...reviews]))
    return status.chain.kind === "whole" && wrong.length === 0
  })
}

/** Frees an environment's lease and prints its previous holder, or raises its fencing tokens. */
export async function runUnlock(options: z.output<typeof unlockOptions>): Promise<void> {
  const reason = requireReason(options.reason)
  const above = requireToken(options.raise)
  const by = { reason, run: runId(new Date()), who: caller(process.env).who }
  await withLedger(options, options.env, async (ledger) => {
    if (above > 0) {
      const raised = await ledger.raise(options.env, { above, ...by })
      return print(options, raised, () => raiseScreen(options.env, raised, reason))
    }
    const held = await ledger.unlock(options.env, by)
    print(options, held, () => unlockScreen(held, reason))
  })
}
