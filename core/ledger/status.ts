import type { ChainVerdict, LeaseHolder, Ledger, ReleaseRecord } from "./ledger.js"

/** What the ledger knows of one environment. What really runs there, the target says. */
export interface EnvironmentStatus {
  environment: string
  /** What was last seen to serve, by the release that saw it; null: nothing was recorded. */
  serving: { release: string | null; digest: string; seenBy: string; at: string } | null
  /** null: nothing was ever released there. */
  latest: ReleaseRecord | null
  lease: LeaseHolder | null
}

export interface LedgerStatus {
  service: string
  environments: EnvironmentStatus[]
  chain: ChainVerdict
}

/** How far back something that serves is looked for. */
const LOOKS_BACK = 50

export async function ledgerStatus(ledger: Ledger, service: string, environments: readonly string[]): Promise<LedgerStatus> {
  const found: EnvironmentStatus[] = []
  for (const environment of environments) found.push(statusOf(environment, await ledger.releases(environment, LOOKS_BACK), await ledger.holder(environment)))
  return { service, environments: found, chain: await ledger.verify() }
}

/** @param releases the newest first */
export function statusOf(environment: string, releases: readonly ReleaseRecord[], lease: LeaseHolder | null): EnvironmentStatus {
  const seen = releases.find(({ serving, finishedAt }) => serving !== null && finishedAt !== null)
  const serving = seen?.serving == null || seen.finishedAt === null ? null : { ...seen.serving, seenBy: seen.id, at: seen.finishedAt }
  return { environment, serving, latest: releases[0] ?? null, lease }
}
