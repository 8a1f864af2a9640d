import { HEAD_NEXT, headProblem, type KeptHead } from "../../ledger/judge-head.js"
import type { Ledger } from "../../ledger/ledger.js"
import { verifyHeads } from "../../ledger/verify-heads.js"
import { TollgateError } from "../../shared/errors.js"
import { moment } from "../../shared/figures.js"
import type { PlaceHeads, ReleaseHead } from "../../targets/heads.js"
import type { Target } from "../../targets/target.js"
import { firstLine } from "../pipeline/run.js"

/**
 * Keeps the ledger's head after a release on its target, and compares the one before with the ledger. It fails no release, which is over.
 *
 * @param head null: the ledger was unreachable, and the target keeps the earlier ones
 * @returns warnings for the screen
 */
export async function keepHead(
  { heads }: Pick<Target, "heads">,
  ledger: Pick<Ledger, "rowsAfter" | "latestEvent"> | null,
  head: ReleaseHead | null,
): Promise<string[]> {
  if (heads === undefined || ledger === null || head === null) return []
  try {
    const before = (await heads.keep(head)).map(({ place, heads }) => ({ place, heads: heads.slice(0, 1) }))
    const problems = (await verifyHeads(ledger, keptHeads(before))).flatMap((verdict) => headProblem(verdict) ?? [])
    return problems.map((problem) => `the ledger lost events: ${problem}. ${HEAD_NEXT}`)
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return [`the ledger's head was not kept on the target: ${firstLine(error)}`]
  }
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
