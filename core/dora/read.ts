import type { HappeningOf, LedgerEvent } from "../ledger/event.js"
import type { Ledger, ReleaseRecord } from "../ledger/ledger.js"
import { type Commit, type DoraFigures, doraFigures } from "./figures.js"

/** More than any team makes in 90 days. */
const MOST_RELEASES = 5000

export async function readFigures(
  ledger: Pick<Ledger, "releases" | "eventsOfKind">,
  environment: string,
  now: Date,
): Promise<DoraFigures> {
  const releases = await ledger.releases(environment, MOST_RELEASES)
  return doraFigures(releases, commitsIn(await ledger.eventsOfKind(environment, "planned")), now)
}

/** The commits of a release are those of the last plan with its id that was recorded before it started. */
export function commitsIn(planned: readonly LedgerEvent[]): (release: ReleaseRecord) => readonly Commit[] | null {
  const plans = new Map<string, { at: string; commits: HappeningOf<"planned">["commits"] }[]>()
  for (const { what, at } of planned)
    if (what.kind === "planned") plans.set(what.planId, [...(plans.get(what.planId) ?? []), { at, ...what }])
  return ({ planId, startedAt }) =>
    plans.get(planId ?? "")?.findLast(({ at }) => Date.parse(at) <= Date.parse(startedAt))?.commits ?? null
}
