import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { hostSource } from "../../cli/gate/host-source.js"
import { proveSource } from "../../core/qa/prove.js"
import { isProven } from "../../core/qa/result.js"
import { summary } from "../../core/report/summary.js"
import { useEngine } from "./session.js"

useEngine()

test("the example payment service is proven: five suites, each with its own Postgres and Redis, and its coverage", async () => {
  const source = hostSource(fileURLToPath(new URL("../..", import.meta.url)))
  const { result } = await proveSource(source, { suites: [], run: "", secrets: undefined })
  expect(isProven(result), summary(result, { report: "none" })).toBe(true)
  expect(result.suites.map(({ suite }) => suite)).toEqual(["e2e", "regression", "browser", "monitoring", "webhook"])
  expect(result.suites.reduce((sum, { counts }) => sum + counts.passed, 0)).toBeGreaterThanOrEqual(80)
  expect(result.coverage).toMatchObject({ kind: "passed", threshold: 90 })
  for (const { evidence } of result.suites) expect(evidence?.coverageFiles.length).toBeGreaterThan(0)
})
