import { count } from "../shared/figures.js"
import { headText, type LedgerHead } from "../shared/ledger-head.js"

/** A head that was kept outside the ledger. */
export interface KeptHead extends LedgerHead {
  /** Who kept it, in words: `app1.shop.example`, `--head`. */
  readonly by: string
}

export type HeadVerdict =
  | { readonly kind: "contained"; readonly head: KeptHead }
  /** The ledger has no event of that number. */
  | { readonly kind: "missing"; readonly head: KeptHead; readonly last: number }
  /** The event of that number has another hash. */
  | { readonly kind: "differs"; readonly head: KeptHead; readonly hash: string }

/**
 * Whether a ledger still contains a head that was kept.
 *
 * @param last number of the ledger's latest event
 * @param hash of the event with the head's number; null: the ledger has none
 */
export function judgeHead(head: KeptHead, last: number, hash: string | null): HeadVerdict {
  if (hash === null) return { kind: "missing", head, last }
  return hash.startsWith(head.hash) ? { kind: "contained", head } : { kind: "differs", head, hash }
}

/** Why a verdict is not `contained`, in words; null: it is. */
export function headProblem(verdict: HeadVerdict): string | null {
  const { head } = verdict
  const kept = `${headText(head)} (${head.by})`
  switch (verdict.kind) {
    case "contained":
      return null
    case "missing":
      return verdict.last < head.number
        ? `the ledger ends at event ${verdict.last}, before the head ${kept}: ${lack(head.number - verdict.last)}`
        : `the ledger has no event ${head.number}, which was its head ${kept}`
    case "differs":
      return `event ${head.number} has the hash ${verdict.hash.slice(0, 16)}, and the head was ${kept}`
  }
}

function lack(events: number): string {
  return `${count(events, "event")} ${events === 1 ? "is" : "are"} missing`
}

const MOST_LINES = 3

/** Lines for a screen, one for all that is contained; empty: no head was compared. */
export function headLines(verdicts: readonly HeadVerdict[]): string[] {
  const problems = verdicts.flatMap((verdict) => headProblem(verdict) ?? [])
  const newest = verdicts
    .flatMap(({ kind, head }) => (kind === "contained" ? [head] : []))
    .reduce<KeptHead | null>((found, head) => (head.number > (found?.number ?? -1) ? head : found), null)
  const contained = verdicts.length - problems.length
  return [
    ...(newest === null
      ? []
      : [
          `PASSED: the ledger contains ${count(contained, "head")} that ${contained === 1 ? "was" : "were"} kept, the latest ${headText(newest)} (${newest.by})`,
        ]),
    ...problems.slice(0, MOST_LINES).map((problem) => `FAILED: ${problem}`),
    ...(problems.length > MOST_LINES ? [`FAILED: and ${problems.length - MOST_LINES} more; --json shows all`] : []),
  ]
}

/** What to do about a ledger that does not contain a head. */
export const HEAD_NEXT =
  "Find out who can alter the ledger's tables, and restore what is missing from a backup. If the ledger was restored or replaced on purpose, move the old heads away on each host: docs/ledger.md says how."
