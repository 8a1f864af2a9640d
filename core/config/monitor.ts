import { z } from "zod"
import { duration, environmentName, expected, mapping, sequence, text } from "./fields.js"
import { responseTime, share, wholeNumber } from "./load-fields.js"

const thresholds = mapping("a mapping with errors, p95, payments and connections", {
  errors: share
    .prefault("1%")
    .describe("Largest share of answers with a status of 500 or more, as the proxy counts them."),
  p95: responseTime
    .optional()
    .describe("Longest response time of 95 % of the requests, as the proxy measures it. When left out: not judged."),
  payments: share
    .prefault("95%")
    .describe("Smallest share of payments that succeed. Judged where payments says how they are counted."),
  connections: share
    .prefault("80%")
    .describe("Largest share of the database's connections that may be in use. Judged where database is given."),
})

const metric = text("a name of a metric such as payments_total", /^[A-Za-z_:][A-Za-z0-9_:]*$/)
const label = text("a name of a label", /^[A-Za-z_][A-Za-z0-9_]*$/)

const payments = mapping("a mapping with metric, label, good and bad", {
  path: text("a path such as /metrics", /^\/[^\s#]*$/)
    .prefault("/metrics")
    .describe("Path at which the service shows its metrics in Prometheus' text format."),
  metric: metric.describe("Counter of payments by what became of them."),
  label: label.describe("Label that says what became of one."),
  good: sequence("a list of values", text("a value"))
    .min(1, { error: "lists no value: no payment could succeed" })
    .describe("Values of the label for payments that succeeded."),
  bad: sequence("a list of values", text("a value"))
    .min(1, { error: "lists no value: no payment could fail" })
    .describe("Values of the label for payments that failed. Others count as neither."),
})

export const monitor = mapping("a mapping with window and thresholds", {
  window: duration.prefault("5m").describe("How long a release is watched after it got the traffic: 60s, 5m."),
  requests: wholeNumber(1, 1_000_000).prefault(20).describe("Fewest requests that a verdict may rest on."),
  inconclusive: z
    .enum(["keep", "roll-back"], { error: expected("keep or roll-back") })
    .prefault("keep")
    .describe("What becomes of a release when there was too little traffic for a verdict."),
  thresholds: thresholds.prefault({}).describe("What the figures must be."),
  payments: payments.optional().describe("How the service counts payments. When left out: payments are not judged."),
  database: environmentName
    .optional()
    .describe(
      "Variable of the service with the URL of its Postgres, whose connections are counted. When left out: they are not judged.",
    ),
})

export type MonitorSettings = z.output<typeof monitor>
