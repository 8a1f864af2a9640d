import { z } from "zod"
import type { Session } from "../database/connect/session.js"
import type { EventBody } from "./event.js"
import { inTransaction } from "./link.js"
import { isSame, LOOK_COUNTS, type Look, lookName, type SeenOutcome } from "./look.js"
import { insertEvent, leaseOf, parseBody } from "./rows.js"
import type { TargetSeen } from "./target-seen.js"

/** @param what the event's own content, as it is stored */
export function insertSeen(
  session: Session,
  body: EventBody,
  what: TargetSeen,
  text: string,
  { owner, ago }: Look,
): Promise<SeenOutcome> {
  const { service, environment, run, who } = body.context
  return inTransaction(session, async () => {
    const { held } = await leaseOf(session, service, environment, false)
    if (held !== null && !held.expired && held.run !== run) return "held"
    // locks the row: of two that look at the same time, the second compares with what the first recorded
    await session.run(LOOKED, [service, lookName(environment), run, owner, who, ago, LOOK_COUNTS])
    const before = await latestSeen(session, service, environment)
    if (before !== null && isSame(before, what)) return "same"
    await insertEvent(session, text, false)
    return "recorded"
  })
}

const LOOKED = `INSERT INTO tollgate_ledger.leases AS l (service, environment, run, owner, command, who, taken_at, heartbeat_at, expires_at)
  SELECT $1, $2, $3, $4, 'look', $5, began, began, clock_timestamp() + make_interval(secs => $7)
  FROM (SELECT clock_timestamp() - make_interval(secs => $6) AS began) AS look
  ON CONFLICT (service, environment) DO UPDATE SET run = EXCLUDED.run, owner = EXCLUDED.owner, command = EXCLUDED.command, who = EXCLUDED.who,
    taken_at = CASE l.run WHEN EXCLUDED.run THEN l.taken_at ELSE EXCLUDED.taken_at END, heartbeat_at = EXCLUDED.heartbeat_at, expires_at = EXCLUDED.expires_at`

async function latestSeen(session: Session, service: string, environment: string): Promise<TargetSeen | null> {
  const [row] = await session.rows(
    z.object({ body: z.string() }),
    "SELECT body FROM tollgate_ledger.events WHERE service = $1 AND environment = $2 AND kind = 'target-seen' ORDER BY number DESC LIMIT 1",
    [service, environment],
  )
  const what = row === undefined ? null : (parseBody(row.body)?.what ?? null)
  return what?.kind === "target-seen" ? what : null
}
