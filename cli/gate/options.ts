import { z } from "zod"

/** What every gate takes that leaves a report folder. */
export const gateOptions = z.object({
  source: z.string().optional(),
  secrets: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})
