import { z } from "zod"

/** Options of a check of one environment. */
export const environmentOptions = z.object({
  source: z.string().optional(),
  env: z.string(),
  secrets: z.string(),
  report: z.string().optional(),
})
