import { z } from "zod"

/** Output of the generator's container: its observations of k6, and the figures computed from k6's samples. */

const end = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("exited"), code: z.number().int() }),
  z.object({ kind: z.literal("signalled"), signal: z.string() }),
  z.object({ kind: z.literal("timed-out"), seconds: z.number() }),
  z.object({ kind: z.literal("not-started"), why: z.string() }),
])

const times = z.object({
  min: z.number(),
  mean: z.number(),
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
})

const failure = z.object({
  kind: z.enum(["timeout", "connection", "status", "check"]),
  detail: z.string(),
  count: z.number().int(),
  firstAt: z.number(),
})

const figures = z.object({
  requests: z.number().int(),
  failed: z.number().int(),
  dropped: z.number().int(),
  times: times.nullable(),
  failures: z.array(failure),
  failedChecks: z.record(z.string(), z.number().int()),
  seconds: z.array(
    z.object({
      requests: z.number().int(),
      failed: z.number().int(),
      dropped: z.number().int(),
      p50: z.number(),
      p95: z.number(),
    }),
  ),
  histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.number().int() })),
  late: z.object({ p95: z.number(), max: z.number() }),
  startedAt: z.number().nullable(),
})

const cpu = z.object({ cores: z.number().int(), mean: z.number(), peak: z.number(), machine: z.number() })

const run = z.object({
  end,
  seconds: z.number(),
  /** null when k6 ended too early. */
  cpu: cpu.nullable(),
  scenarios: z.record(z.string(), figures),
  examples: z.array(
    z.object({ scenario: z.string(), kind: z.string(), detail: z.string(), at: z.number(), said: z.string() }),
  ),
  errors: z.array(z.string()),
  lastLines: z.array(z.string()),
})

export const measurement = z.object({
  startedAt: z.string(),
  /** Why the service could not be reached, in which case k6 was not started; null when it could. */
  unreachable: z.string().nullable(),
  run: run.nullable(),
  /** State of a service started for this test, from its supervisor: whether it exited, and its last output. */
  service: z
    .object({ end: z.object({ code: z.number().int(), at: z.number() }).nullable(), output: z.string() })
    .nullable(),
})

export type Measurement = z.infer<typeof measurement>
export type GeneratorRun = z.infer<typeof run>
export type GeneratorEnd = z.infer<typeof end>
export type Figures = z.infer<typeof figures>
export type Failure = z.infer<typeof failure>
export type Times = z.infer<typeof times>
export type CpuUse = z.infer<typeof cpu>
