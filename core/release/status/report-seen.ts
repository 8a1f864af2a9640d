import { setTimeout as pause } from "node:timers/promises"
import type { EventContext } from "../../ledger/event.js"
import type { Ledger } from "../../ledger/ledger.js"
import type { Target } from "../../targets/target.js"
import { seenOf } from "./seen.js"

/** Longer than a host that answers takes: the person waits for the end of the command. */
const PATIENCE_MS = 5000

interface Reporter {
  readonly context: EventContext
  readonly owner: string
}

/** Reports what a run leaves behind, for the dashboard. No verdict rests on it: where it fails, a runner looks later. */
export async function reportSeen(
  target: Pick<Target, "running">,
  ledger: Pick<Ledger, "state" | "recordSeen">,
  { context, owner }: Reporter,
): Promise<void> {
  if (ledger.state.kind === "away") return
  const began = performance.now()
  const reported = target
    .running()
    .then((running) => ledger.recordSeen(context, seenOf(running), { owner, ago: (performance.now() - began) / 1000 }))
    .catch(() => undefined)
  await Promise.race([reported, pause(PATIENCE_MS, undefined, { ref: false })])
}
