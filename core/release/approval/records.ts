import type { LedgerEvent } from "../../ledger/event.js"
import type { Ledger } from "../../ledger/ledger.js"
import { approvalFile, approvalId } from "./approval.js"
import type { ApprovalRecords, RecordedPlan } from "./record-problems.js"

/** The step from which on a release has traffic. */
const TRAFFIC = "switch"

/**
 * Reads what the ledger has about plans and approvals of an environment.
 *
 * @param release the release in progress: going on with it is no second use
 * @param texts the approvals whose uses are asked for
 */
export async function readRecords(
  ledger: Pick<Ledger, "eventsOfKind" | "events">,
  environment: string,
  release: string,
  texts: readonly string[],
): Promise<ApprovalRecords> {
  const asked = new Set(texts.flatMap((text) => idOf(jsonIn(text)) ?? []))
  const planned = await ledger.eventsOfKind(environment, "planned")
  const approved = await ledger.eventsOfKind(environment, "approved")
  const broken = await ledger.eventsOfKind(environment, "broke-glass")
  const others = new Set(
    [...approved, ...broken].flatMap(({ what, context }) => {
      const id = "signed" in what ? idOf(what.signed) : null
      return id !== null && asked.has(id) && context.release !== null && context.release !== release
        ? [context.release]
        : []
    }),
  )
  const served = new Set<string>()
  for (const one of others) if ((await ledger.events(environment, one)).some(gotTraffic)) served.add(one)
  return recordsOf(planned, [...approved, ...broken], served)
}

function gotTraffic({ what }: LedgerEvent): boolean {
  return what.kind === "step-started" && what.step === TRAFFIC
}

/** @param served releases that got traffic: a deployment that was refused or failed before uses no approval up */
export function recordsOf(
  planned: readonly LedgerEvent[],
  approved: readonly LedgerEvent[],
  served: ReadonlySet<string>,
): ApprovalRecords {
  const plans = new Map(
    planned.flatMap(({ what }): [string, RecordedPlan][] =>
      what.kind === "planned"
        ? [[what.planSha256, { planId: what.planId, authors: what.authors, why: what.authorsUnknown }]]
        : [],
    ),
  )
  const uses = new Map<string, string[]>()
  for (const { what, context } of approved) {
    if (what.kind !== "approved" && what.kind !== "broke-glass") continue
    const id = idOf(what.signed)
    if (id === null || context.release === null || !served.has(context.release)) continue
    const before = uses.get(id) ?? []
    if (!before.includes(context.release)) uses.set(id, [...before, context.release])
  }
  return { plans, uses }
}

function idOf(file: unknown): string | null {
  const parsed = approvalFile.safeParse(file)
  return parsed.success ? approvalId(parsed.data.statement) : null
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
