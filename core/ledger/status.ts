import type { ChainVerdict, LeaseHolder, Ledger, ReleaseRecord } from "./ledger.js"

/** The ledger's view of one environment. What really runs there is read from the target. */
export interface EnvironmentStatus {
  environment: string
  /** What was last verified to serve, and by which release; null when nothing was recorded. */
  serving: { release: string | null; digest: string; seenBy: string; at: string } | null
  /** null when nothing was ever released there. */
  latest: ReleaseRecord | null
  lease: LeaseHolder | null
}

export interface LedgerStatus {
  service: string
  environments: EnvironmentStatus[]
  chain: ChainVerdict
}

/** Number of releases searched for one that served. */
const MOST_RELEASES = 50

export async function ledgerStatus(
  ledger: Ledger,
  service: string,
  environments: readonly string[],
): Promise<LedgerStatus> {
  const found: EnvironmentStatus[] = []
  for (const environment of environments)
    found.push(
      statusOf(environment, await ledger.releases(environment, MOST_RELEASES), await ledger.holder(environment)),
    )
  return { service, environments: found, chain: await ledger.verify() }
}

/** @param releases the newest first */
export function statusOf(
  environment: string,
  releases: readonly ReleaseRecord[],
  lease: LeaseHolder | null,
): EnvironmentStatus {
  const seen = releases.find(({ serving, finishedAt }) => serving !== null && finishedAt !== null)
  const serving =
    seen?.serving == null || seen.finishedAt === null ? null : { ...seen.serving, seenBy: seen.id, at: seen.finishedAt }
  return { environment, serving, latest: releases[0] ?? null, lease }
}
