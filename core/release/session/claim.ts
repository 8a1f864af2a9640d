import type { Lease, Ledger } from "../../ledger/ledger.js"
import { leaseLost, ledgerBehind } from "../../ledger/problem.js"
import { FencedError } from "../../targets/errors.js"
import { fenceWords, judgeRefusedClaim, type RunIdentity } from "../../targets/fence.js"
import type { Running, Target } from "../../targets/target.js"
import { requireHeads } from "../ledger/keep-head.js"

export interface ClaimRequest {
  readonly environment: string
  readonly run: RunIdentity
  readonly target: Target
  readonly lease: Pick<Lease, "token" | "raise"> | null
  readonly ledger: Pick<Ledger, "state" | "rowsAfter" | "latestEvent"> | null
  /** Why there is no lease; empty: there is one. */
  readonly problem: string
  /** A rollback: it claims the target without a ledger where it must. */
  readonly always: boolean
  /** There can be no other ledger: the sandbox's own. */
  readonly onlyLedger: boolean
  /** Throws when another run holds the environment. */
  readonly requireHeld: () => Promise<void>
}

export interface Claimed {
  readonly running: Running
  /** For the screen; empty: none. */
  readonly warning: string
}

/**
 * Claims the target for this run, so that runs before it can change nothing more, and reads what is there.
 *
 * @throws TollgateError `lease-lost`, `ledger-behind`, `ledger-lost-events`, `target-fenced`
 */
export async function claimTarget(request: ClaimRequest): Promise<Claimed> {
  const { target, run, lease, always, environment } = request
  if (lease === null) return await claimAbove(request, request.problem)
  for (;;) {
    const claim = await target.claim(run, lease.token)
    if (claim.kind === "held") {
      // a rollback only warns, at its end
      if (request.ledger !== null && !always && !request.onlyLedger)
        await requireHeads(target, request.ledger, environment)
      return { running: claim.running, warning: "" }
    }
    const { place, seen } = claim
    await request.requireHeld()
    if (request.ledger?.state.kind !== "online") {
      if (always) return await claimAbove(request, "the ledger is unreachable")
      throw new FencedError(place, seen, "claim the host")
    }
    const verdict = judgeRefusedClaim(lease.token, seen, request.onlyLedger)
    if (verdict.kind === "raise") {
      await lease.raise(verdict.above, `the target had seen ${fenceWords(seen)}`)
      continue
    }
    const behind = ledgerBehind(environment, lease.token, fenceWords(seen), seen.granted)
    if (!always) throw behind
    return await claimAbove(
      request,
      `${behind.code}: the target has seen lease ${seen.granted}, this ledger ${lease.token}`,
    )
  }
}

/** As a rollback without a ledger. */
async function claimAbove({ target, run, environment }: ClaimRequest, why: string): Promise<Claimed> {
  const claim = await target.claim(run, null)
  if (claim.kind === "refused") throw leaseLost(environment, `${fenceWords(claim.seen)} claimed ${claim.place}.`)
  return {
    running: claim.running,
    warning: `${why}: this run claimed the target as lease ${claim.fence.token}, and runs before it can change nothing more there`,
  }
}
