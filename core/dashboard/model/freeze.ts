import { z } from "zod"
import { type FreezeSettings, WEEKDAYS } from "../../config/freeze.js"
import type { Policy } from "../../release/policy/policy.js"

/** As a policy in the ledger has it, in the form of the settings. */
const freeze = z.object({
  zone: z.string(),
  once: z.array(z.object({ reason: z.string(), from: z.string(), until: z.string() })),
  weekly: z.array(
    z.object({ reason: z.string(), days: z.array(z.enum(WEEKDAYS)), from: z.string(), until: z.string() }),
  ),
}) satisfies z.ZodType<FreezeSettings>

/** The freeze of a policy; null: one that this Tollgate cannot read. */
export function freezeOf({ rules }: Policy): FreezeSettings | null {
  const parsed = freeze.safeParse(rules["freeze"])
  return parsed.success ? parsed.data : null
}
