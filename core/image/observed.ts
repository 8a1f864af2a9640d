import { z } from "zod"

/** What watch.py observed of a started service. Times are in seconds after its start. */
export const observedService = z.object({
  /** Time of the observation, ISO 8601. */
  at: z.string(),
  beforeFailed: z.object({ index: z.number().int(), code: z.number().int() }).nullable(),
  beforeTimedOut: z.boolean(),
  exit: z.object({ code: z.number().int(), after: z.number() }).nullable(),
  /** The last response of the health path, requested from outside the container. */
  answer: z
    .discriminatedUnion("kind", [
      z.object({
        kind: z.literal("answered"),
        status: z.number().int(),
        body: z.string(),
        /** Where a redirect leads to, without its query. */
        location: z.string().optional(),
      }),
      z.object({ kind: z.literal("refused") }),
      z.object({ kind: z.literal("timed-out") }),
      z.object({ kind: z.literal("broken"), why: z.string() }),
    ])
    .nullable(),
  answeredAfter: z.number().nullable(),
  /** The last run of the image's own HEALTHCHECK. */
  healthcheck: z.object({ code: z.number().int(), output: z.string() }).nullable(),
  /** When it responded and its HEALTHCHECK passed. */
  healthyAfter: z.number().nullable(),
  /** Addresses that it listens on, in the form of /proc/net/tcp: 0100007F:1F40. */
  listening: z.array(z.string()),
  /** How long it stayed healthy while it was observed. */
  settled: z.number(),
  /** The end of its output. */
  output: z.string(),
})

export type ObservedService = z.infer<typeof observedService>

/** What the started service did, or why it was not started. `cached`: observed by an earlier run of the same image. */
export type Started =
  | { kind: "seen"; platform: string; seen: ObservedService; cached: boolean }
  | { kind: "not-started"; why: string; next: string }
