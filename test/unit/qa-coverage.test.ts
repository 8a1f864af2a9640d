import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import {
  type CoverageReport,
  judgeCoverage,
  measuringConfiguration,
  nothingMeasured,
  reportingConfiguration,
} from "../../core/qa/coverage.js"
import { matchesAny } from "../../core/qa/pattern.js"
import { version } from "../../core/shared/version.js"

const settings = {
  source: ["app"],
  threshold: 90,
  branch: false,
  omit: [],
  exclude: [],
  concurrency: ["thread" as const],
}

function report(covered: number, statements: number): CoverageReport {
  const percent = (covered / statements) * 100
  const text = JSON.stringify({
    totals: { percent_covered: percent, covered_lines: covered },
    files: {
      "app/a.py": {
        summary: { num_statements: statements, covered_lines: covered, percent_covered: percent },
        missing_lines: [4],
      },
    },
  })
  return { kind: "json", text }
}

const none: CoverageReport = { kind: "none", why: "no process of any suite left coverage data" }

describe("coverage", () => {
  test("at its threshold is proven, a hair under it is not, however it would round", () => {
    expect(judgeCoverage(settings, report(900, 1000), true).kind).toBe("passed")
    expect(judgeCoverage(settings, report(89_999, 100_000), true).kind).toBe("below")
  })

  test("that was not measured is missing, never 0 % of a threshold of 0", () => {
    expect(judgeCoverage({ ...settings, threshold: 0 }, none, true).kind).toBe("missing")
    expect(judgeCoverage({ ...settings, threshold: 0 }, report(0, 10), true).kind).toBe("missing")
  })

  test("of some suites is shown and not judged", () => {
    expect(judgeCoverage(settings, report(10, 100), false)).toMatchObject({ kind: "partial", percent: 10 })
  })

  test("that tollgate.yaml does not ask for is not judged", () => {
    expect(judgeCoverage(null, none, true)).toEqual({ kind: "not-asked" })
  })

  test("is measured in every process, servers ended with SIGTERM included, and by Tollgate's settings alone", () => {
    const text = measuringConfiguration(
      { ...settings, omit: ["app/generated/*"], exclude: ["if DEBUG:"] },
      "/app",
      "/out/data",
    )
    expect(text).toContain("source =\n    /app/app\n")
    expect(text).toContain("data_file = /out/data\n")
    expect(text).toContain("parallel = true\n")
    expect(text).toContain("sigterm = true\n")
    expect(text).toContain("omit =\n    app/generated/*\n")
    expect(text).toContain("exclude_lines =\n    pragma: no cover\n    if DEBUG:\n")
  })

  test("counts no file outside of the configured folders, whatever else a runner measured", () => {
    expect(reportingConfiguration(settings, "/app")).toContain("include =\n    app/*\n")
    expect(reportingConfiguration({ ...settings, source: ["."] }, "/app")).not.toContain("include =")
  })
})

test("a pattern's star stands for anything, its other characters for themselves", () => {
  expect(matchesAny("tests/test_a.py::test_x[1.5]", ["tests/test_a.py::test_x[*]"])).toBe(true)
  expect(matchesAny("tests/test_aXpy::test_x", ["tests/test_a.py::test_x"])).toBe(false)
})

test("the version in reports is the package's", () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
  expect(manifest).toMatchObject({ version })
})

describe("no coverage data at all", () => {
  test("has coverage.py's own words, each once", () => {
    const said = "Couldn't trace with concurrency=greenlet, the module isn't installed."
    expect(nothingMeasured([said, said])).toBe(
      `no process of any suite left coverage data. coverage.py: ${said}. qa.coverage of tollgate.yaml has its settings`,
    )
    expect(nothingMeasured([])).toBe("no process of any suite left coverage data")
  })
})
