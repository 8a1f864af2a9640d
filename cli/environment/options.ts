import { z } from "zod"

/** What a check of one environment takes. */
export const environmentOptions = z.object({
  source: z.string().optional(),
  env: z.string(),
  secrets: z.string(),
  report: z.string().optional(),
})
