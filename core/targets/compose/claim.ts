import { FencedError, TargetError } from "../errors.js"
import type { Fence, RunIdentity } from "../fence.js"
import type { Host } from "./host.js"
import { requireAll } from "./several.js"
import type { HostState } from "./state.js"

/** One is enough for one host, two for several, unless other runs claim them meanwhile. */
const MOST_ROUNDS = 10

export type HostsClaim =
  | { readonly kind: "held"; readonly fence: Fence; readonly states: readonly { host: Host; state: HostState }[] }
  | { readonly kind: "refused"; readonly place: string; readonly seen: Fence }

/**
 * Claims all hosts for a run, with one token.
 *
 * @param lease token that the ledger granted; null: one above all that the hosts have seen
 */
export async function claimHosts(hosts: readonly Host[], run: RunIdentity, lease: number | null): Promise<HostsClaim> {
  const since = new Date().toISOString()
  let token = lease ?? 1
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const rule = { kind: "run", fence: { ...run, token, granted: lease ?? 0, since } } as const
    const claims = hosts.map(async (host) => ({
      host,
      state: await host.claim(rule, lease === null ? "above" : "exactly"),
    }))
    const refused = highestRefusal(await Promise.allSettled(claims))
    if (refused !== null) return { kind: "refused", place: refused.place, seen: refused.seen }
    const states = await requireAll(claims)
    const fences = states.map(({ host, state }) => claimedBy(host, state))
    const [highest, granted] = [greatest(fences.map((one) => one.token)), greatest(fences.map((one) => one.granted))]
    if (fences.every((one) => one.token === highest))
      return { kind: "held", fence: { ...run, token: highest, granted, since }, states }
    // without a ledger each host counts on from what it has seen
    token = highest
  }
  throw new TargetError(
    "failed",
    hosts.map(({ place }) => place).join(", "),
    "other runs claimed it again and again at the same moment.",
    "Run the same command again.",
  )
}

function highestRefusal(claims: readonly PromiseSettledResult<unknown>[]): FencedError | null {
  return claims
    .flatMap((one) => (one.status === "rejected" && one.reason instanceof FencedError ? [one.reason] : []))
    .reduce<FencedError | null>((highest, one) => (one.seen.token > (highest?.seen.token ?? 0) ? one : highest), null)
}

function claimedBy({ place }: Host, { fence }: HostState): Fence {
  if (fence === null) throw new RangeError(`${place} was claimed and does not say by which run`)
  return fence
}

function greatest(numbers: readonly number[]): number {
  return Math.max(...numbers)
}
