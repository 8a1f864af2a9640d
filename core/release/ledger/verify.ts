import type { Settings } from "../../config/schema.js"
import { HEAD_NEXT, type HeadVerdict, headLines } from "../../ledger/judge-head.js"
import type { ChainVerdict, Ledger } from "../../ledger/ledger.js"
import { chainLine, verifyScreen } from "../../ledger/screen.js"
import { verifyHeads } from "../../ledger/verify-heads.js"
import type { LedgerHead } from "../../shared/ledger-head.js"
import { keysOf, type SignatureVerdict, signatureLine, verifySignatures } from "../approval/signatures.js"
import { type TargetHeads, targetHeadsLine } from "./target-heads.js"

export interface LedgerVerdict {
  readonly passed: boolean
  readonly chain: ChainVerdict
  readonly signatures: SignatureVerdict
  readonly heads: readonly HeadVerdict[]
  /** Why no head of the target was compared; empty: they were. */
  readonly skipped: string
}

/**
 * Verifies a ledger: its hash chain, the signatures of an environment's approvals and policies, and that it contains the heads that were
 * kept outside it.
 *
 * @param given heads that a person kept
 */
export async function verifyLedger(
  ledger: Ledger,
  settings: Settings,
  environment: string,
  given: readonly LedgerHead[],
  onTarget: TargetHeads,
): Promise<LedgerVerdict> {
  const chain = await ledger.verify()
  const signatures = await verifySignatures(ledger, environment, keysOf(settings, environment))
  const heads = await verifyHeads(ledger, [
    ...given.map((head) => ({ ...head, by: "--head" })),
    ...(onTarget.kind === "read" ? onTarget.heads : []),
  ])
  const passed =
    chain.kind === "whole" && signatures.problems.length === 0 && heads.every(({ kind }) => kind === "contained")
  return { passed, chain, signatures, heads, skipped: targetHeadsLine(onTarget) }
}

export function ledgerVerdictScreen(
  service: string,
  environment: string,
  { chain, signatures, heads, skipped }: LedgerVerdict,
): string {
  const isLost = heads.some(({ kind }) => kind !== "contained")
  return verifyScreen(
    service,
    environment,
    [signatureLine(signatures) || "no approval is recorded", skipped, ...headLines(heads), chainLine(chain)].filter(
      (text) => text !== "",
    ),
    isLost ? HEAD_NEXT : "",
  )
}
