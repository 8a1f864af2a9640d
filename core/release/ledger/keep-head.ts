import { HEAD_NEXT, headProblem, type KeptHead } from "../../ledger/judge-head.js"
import type { Ledger } from "../../ledger/ledger.js"
import { ledgerLostEvents } from "../../ledger/problem.js"
import { verifyHeads } from "../../ledger/verify-heads.js"
import { TollgateError } from "../../shared/errors.js"
import { moment } from "../../shared/figures.js"
import type { PlaceHeads, ReleaseHead } from "../../targets/heads.js"
import type { Target } from "../../targets/target.js"
import { firstLine } from "../pipeline/run.js"

type Events = Pick<Ledger, "rowsAfter" | "latestEvent">

/**
 * Refuses a deployment whose ledger does not contain the latest head that the target keeps.
 *
 * @throws TollgateError `ledger-lost-events`
 */
export async function requireHeads(
  { heads }: Pick<Target, "heads">,
  ledger: Events,
  environment: string,
): Promise<void> {
  if (heads === undefined) return
  const problems = await headProblems(ledger, await heads.read())
  if (problems.length > 0) throw ledgerLostEvents(environment, problems)
}

/**
 * Keeps the ledger's head after a release on its target. It fails no release, which is over. Where the ledger does not contain the head
 * before, that one stays the latest: the next deployment is refused too, whatever the ledger has grown to.
 *
 * @param head null: the ledger was unreachable, and the target keeps the earlier ones
 * @returns warnings for the screen
 */
export async function keepHead(
  { heads }: Pick<Target, "heads">,
  ledger: Events | null,
  head: ReleaseHead | null,
): Promise<string[]> {
  if (heads === undefined || ledger === null || head === null) return []
  try {
    const problems = await headProblems(ledger, await heads.read())
    if (problems.length === 0) await heads.keep(head)
    return problems.map((problem) => `the ledger lost events: ${problem}. ${HEAD_NEXT}`)
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return [`the ledger's head was not kept on the target: ${firstLine(error)}`]
  }
}

/** Why the ledger does not contain the latest head of each place, in words. */
async function headProblems(ledger: Events, places: readonly PlaceHeads[]): Promise<string[]> {
  const latest = places.map(({ place, heads }) => ({ place, heads: heads.slice(0, 1) }))
  return (await verifyHeads(ledger, keptHeads(latest))).flatMap((verdict) => headProblem(verdict) ?? [])
}

/** Each head once, with all places that keep it. */
export function keptHeads(places: readonly PlaceHeads[]): KeptHead[] {
  const known = new Map<string, { head: ReleaseHead; at: string[] }>()
  for (const { place, heads } of places)
    for (const head of heads) {
      const id = `${head.number} ${head.hash}`
      const one = known.get(id) ?? { head, at: [] }
      known.set(id, { head: one.head, at: [...one.at, place] })
    }
  return [...known.values()].map(({ head: { number, hash, release, at: when }, at }) => ({
    number,
    hash,
    by: `${at.join(", ")}, after release ${release} on ${moment(when)}`,
  }))
}
