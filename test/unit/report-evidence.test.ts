import { readFileSync } from "node:fs"
import { Ajv } from "ajv"
import { describe, expect, test } from "vitest"
import { evidenceDocument, evidenceFile, evidenceSchema } from "../../core/report/evidence-file.js"
import * as samples from "./qa-result-samples.js"

const published = readFileSync(new URL("../../docs/schemas/evidence.schema.json", import.meta.url), "utf8")
const valid = new Ajv({ allErrors: true }).compile(JSON.parse(published))

describe("evidence.json", () => {
  test("has a published schema that is current (node --import tsx test/unit/write-evidence-schema.ts writes it)", () => {
    expect(published).toBe(evidenceSchema())
  })

  test.each(samples.everySample)("of %s follows the published schema", (_, result) => {
    valid(JSON.parse(evidenceFile(result)))
    expect(valid.errors ?? []).toEqual([])
  })

  test("without a verdict, or with one that does not exist, does not follow it", () => {
    const document = evidenceDocument.parse(JSON.parse(evidenceFile(samples.allGreen)))
    expect(valid({ ...document, verdict: "green" })).toBe(false)
    const { verdict: _, ...rest } = document
    expect(valid(rest)).toBe(false)
  })

  test("lets a reader of today meet a field of tomorrow", () => {
    expect(valid({ ...JSON.parse(evidenceFile(samples.allGreen)), signature: "…" })).toBe(true)
  })

  test("holds verdict, reasons and the evidence itself, unshortened", () => {
    const document = evidenceDocument.parse(JSON.parse(evidenceFile(samples.severalReds)))
    expect(document).toMatchObject({
      format: 2,
      tollgate: "0.1.0",
      source: "sha256:3f9a1c2b7d1088e4aa07c1d3",
      verdict: "failed",
    })
    expect(document.suites.map((suite) => [suite.suite, suite.verdict, suite.reasons.length])).toEqual([
      ["e2e", "failed", 2],
      ["regression", "passed", 0],
      ["browser", "failed", 2],
      ["monitoring", "failed", 2],
      ["webhook", "failed", 3],
    ])
    expect(document.suites.map((suite) => suite.evidence)).toEqual(
      samples.severalReds.suites.map((suite) => suite.evidence),
    )
    expect(document.coverage).toMatchObject({ verdict: "failed", percent: 87.319, threshold: 90 })
  })

  test("says what is not known instead of leaving it out", () => {
    const document = evidenceDocument.parse(JSON.parse(evidenceFile(samples.noEvidence)))
    expect(document.suites[0]?.evidence).toBeNull()
    expect(document.coverage).toEqual({
      verdict: "failed",
      percent: null,
      threshold: 90,
      why: "no suite left a coverage data file",
      files: [],
    })
  })
})
