import { describe, expect, it } from "vitest"
import type { ConfigResult, VariableResult } from "../../core/environment/result.js"
import { configScreen } from "../../core/environment/screen.js"

const where = { report: "config.json" }

function variable(name: string, more: Partial<VariableResult> = {}): VariableResult {
  return { name, need: "required", source: "given", shown: "•••• 16 to 31", problems: [], ...more }
}

const red = (name: string, problems = 1) =>
  variable(name, {
    problems: Array.from({ length: problems }, () => ({
      code: "wrong-form" as const,
      message: "does not have the form it must have",
      next: "expected: a long explanation of what it is that stands here, longer than what is left of a line",
    })),
  })

function result(variables: VariableResult[], more: Partial<ConfigResult> = {}): ConfigResult {
  const problems = variables.reduce((sum, one) => sum + one.problems.length, 0)
  return {
    tollgateVersion: "0.1.0",
    environment: "production",
    comparedWith: "staging",
    example: true,
    variables,
    unused: [],
    file: [],
    verdict: problems === 0 ? { kind: "passed" } : { kind: "failed", problems },
    ...more,
  }
}

function fits(screen: string): string[] {
  const lines = screen.trimEnd().split("\n")
  expect(lines.length).toBeLessThanOrEqual(40)
  expect(lines.filter((line) => [...line].length > 100)).toEqual([])
  return lines
}

describe("the screen of check-config", () => {
  it("shows each variable with its source, and the verdict on the last line", () => {
    const lines = fits(
      configScreen(
        result([
          variable("REDIS_URL"),
          variable("LOG_LEVEL", { need: "optional", source: "default", shown: "INFO" }),
          variable("SENTRY_DSN", { need: "optional", source: "none", shown: "" }),
        ]),
        where,
      ),
    )
    expect(lines).toEqual([
      "Tollgate 0.1.0 · check-config · production",
      "compared with staging and .env.example",
      "",
      "name        needed    source   value          verdict",
      "REDIS_URL   required  given    •••• 16 to 31  passed",
      "LOG_LEVEL   optional  default  INFO           passed",
      "SENTRY_DSN  optional  –        –              not set",
      "",
      "PASSED: configuration of production: 1 set, 1 by default; nothing shared with staging",
    ])
  })

  it("does not claim a comparison that was not made", () => {
    const screen = configScreen(result([variable("A")], { comparedWith: null, example: false }), where)
    expect(screen).toContain("not compared with another environment: --against=env:NAME")
    expect(screen).not.toContain("shared with")
  })

  it("folds what is right before it takes advice away, and advice before it takes problems away", () => {
    const many = Array.from({ length: 30 }, (_, index) => variable(`RIGHT_${index}`))
    const folded = fits(
      configScreen(result([...many, ...Array.from({ length: 6 }, (_, index) => red(`WRONG_${index}`))]), where),
    ).join("\n")
    expect(folded).toContain("passed: RIGHT_0, RIGHT_1")
    expect(folded.match(/wrong-form/g)?.length).toBe(6)
    expect(folded.match(/expected: a long/g)?.length).toBe(6)

    const bare = fits(
      configScreen(result([...many, ...Array.from({ length: 15 }, (_, index) => red(`WRONG_${index}`))]), where),
    ).join("\n")
    expect(bare.match(/wrong-form/g)?.length).toBe(15)
    expect(bare).not.toContain("expected:")
  })

  it("says where the rest is when there is more than a screen holds, and never hides that it is red", () => {
    const lines = fits(configScreen(result(Array.from({ length: 60 }, (_, index) => red(`WRONG_${index}`, 2))), where))
    expect(lines.join("\n")).toMatch(/… and \d+ more lines: config\.json/)
    expect(lines.at(-1)).toBe("FAILED: 120 problems in the configuration of production")
  })

  it("lets no name of the user's take over the log", () => {
    const screen = configScreen(
      result([variable("A")], { unused: [{ name: "B\u001b[2J##[error]", meant: null, problems: [] }] }),
      where,
    )
    expect(screen).not.toContain("\u001b")
    expect(screen).not.toContain("##[error]")
  })
})
