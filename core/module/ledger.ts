import type { Directory, Secret } from "@dagger.io/dagger"
import { readHeads } from "../audit/arguments.js"
import { requirePassed } from "../gate/failed.js"
import { requireLimit, requireReason, requireToken } from "../ledger/limits.js"
import { type ReleaseSummary, summaryOf } from "../ledger/release-summary.js"
import { historyScreen, raiseScreen, statusScreen, unlockScreen } from "../ledger/screen.js"
import { ledgerStatus } from "../ledger/status.js"
import { runId } from "../qa/run-id.js"
import { readOpenReviews, reviewLine } from "../release/approval/review-ledger.js"
import { keysOf, signatureLine, verifySignatures, wrongSignatures } from "../release/approval/signatures.js"
import { readTargetHeads } from "../release/ledger/target-heads.js"
import { ledgerVerdictScreen, verifyLedger } from "../release/ledger/verify.js"
import { accessBy, type SshKeys } from "./access.js"
import { moduleEntryPoint } from "./entry-point.js"
import { withModuleLedger } from "./open-ledger.js"

interface Asked {
  env: string
  ledger: Secret | undefined
}

export function history(
  source: Directory,
  { env: environment, ledger: secret, limit }: Asked & { limit: number },
): Promise<string> {
  const most = requireLimit(limit)
  return withModuleLedger(source, secret, environment, async (ledger, settings) => {
    const releases = await ledger.releases(environment, most)
    const chain = await ledger.verify()
    const signatures = await verifySignatures(ledger, environment, keysOf(settings, environment))
    return requirePassed(
      "ledger",
      chain.kind === "whole" && signatures.problems.length === 0,
      historyScreen(settings.ledger.service, environment, releases, chain, signatureLine(signatures)),
    )
  })
}

export function ledgerVerify(
  source: Directory,
  { env: environment, ledger: secret, head, ...keys }: Asked & SshKeys & { head: string[] },
): Promise<string> {
  const given = readHeads(head)
  return withModuleLedger(source, secret, environment, async (ledger, settings) => {
    const onTarget = await readTargetHeads(settings, environment, accessBy(keys), moduleEntryPoint)
    const verdict = await verifyLedger(ledger, settings, environment, given, onTarget)
    return requirePassed("ledger", verdict.passed, ledgerVerdictScreen(settings.ledger.service, environment, verdict))
  })
}

export function releases(
  source: Directory,
  { env: environment, ledger: secret, limit }: Asked & { limit: number },
): Promise<ReleaseSummary[]> {
  const most = requireLimit(limit)
  return withModuleLedger(source, secret, environment, async (ledger) =>
    (await ledger.releases(environment, most)).map(summaryOf),
  )
}

/** @param environment empty for all */
export function showStatus(source: Directory, environment: string, secret: Secret): Promise<string> {
  return withModuleLedger(source, secret, environment === "" ? null : environment, async (ledger, settings) => {
    const environments = environment === "" ? Object.keys(settings.environments) : [environment]
    const status = await ledgerStatus(ledger, settings.ledger.service, environments)
    const wrong = await wrongSignatures(ledger, settings, environments)
    const reviews: string[] = []
    for (const one of environments) reviews.push(...(await readOpenReviews(ledger, settings, one)).map(reviewLine))
    return requirePassed(
      "ledger",
      status.chain.kind === "whole" && wrong.length === 0,
      statusScreen(status, [...wrong, ...reviews]),
    )
  })
}

export function unlock(
  source: Directory,
  { env: environment, ledger: secret, ...given }: Asked & { reason: string; who: string; raise: number },
): Promise<string> {
  const reason = requireReason(given.reason)
  const who = requireReason(given.who, "--who")
  const above = requireToken(given.raise)
  const by = { reason, run: runId(new Date()), who }
  return withModuleLedger(source, secret, environment, async (ledger) =>
    above > 0
      ? raiseScreen(environment, await ledger.raise(environment, { above, ...by }), reason)
      : unlockScreen(await ledger.unlock(environment, by), reason),
  )
}
