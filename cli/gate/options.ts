import { z } from "zod"

/** Options of every gate that writes a report folder. */
export const gateOptions = z.object({
  source: z.string().optional(),
  secrets: z.string().optional(),
  report: z.union([z.string(), z.literal(false)]),
})
