import { z } from "zod"

/** Options of every gate with a report folder. */
export const gateOptions = z.object({
  source: z.string().optional(),
  secrets: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})
