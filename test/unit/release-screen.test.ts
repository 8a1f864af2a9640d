import { describe, expect, test } from "vitest"
import { displayWidth } from "../../core/presentation/columns.js"
import type { ReleaseResult } from "../../core/release/deploy/result.js"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import { targetScreen } from "../../core/release/status/screen.js"
import { instance, running, serving, shared } from "./release-samples.js"

const digest = `sha256:${"ab".repeat(32)}`
const old = { release: "r1", version: "1.0", digest: `sha256:${"cd".repeat(32)}` }

function result(more: Partial<ReleaseResult> = {}): ReleaseResult {
  return {
    action: "deploy",
    service: "shop",
    environment: "production",
    target: "app1",
    release: "r2",
    version: "1.1",
    digest,
    planId: null,
    outcome: "live",
    waiting: false,
    steps: [{ name: "config", outcome: "done", seconds: 0.1, note: "5 variables sound" }],
    causes: [],
    printed: [],
    warnings: [],
    serving: { release: "r2", version: "1.1", digest },
    monitor: null,
    ledgerHead: null,
    seconds: 12,
    next: "",
    ...more,
  }
}

const verdictOf = (text: string) => text.trimEnd().split("\n").at(-1)

describe("the last line says what serves", () => {
  test.each([
    [result(), "LIVE: shop 1.1 (abababababab) is serving in production, after 12.0 s"],
    [
      result({ action: "rollback", version: "1.0", serving: old, digest: old.digest }),
      "ROLLED BACK: shop 1.0 (cdcdcdcdcdcd) is serving in production, after 12.0 s",
    ],
    [
      result({ outcome: "failed", serving: old }),
      "FAILED: 1.1 was not deployed to production; 1.0 (cdcdcdcdcdcd) is serving",
    ],
    [
      result({ outcome: "rolled-back", serving: old }),
      "ROLLED BACK: 1.1 failed in production; 1.0 (cdcdcdcdcdcd) is serving",
    ],
    [
      result({ outcome: "refused", serving: null }),
      "FAILED: nothing was changed in production; nothing has been deployed there",
    ],
    [
      result({ outcome: "refused", waiting: true, planId: `plan-${"7f".repeat(32)}`, serving: old }),
      `WAITING: 1.1 needs approvals of plan plan-${"7f".repeat(32)} for production; 1.0 (cdcdcdcdcdcd) is serving`,
    ],
    [result({ outcome: "broken", serving: null }), "BROKEN: production: nothing is serving"],
  ])("%#", (given, expected) => {
    expect(verdictOf(releaseScreen(given))).toBe(expected)
  })
})

test("a failure with a long cause and a talkative service fits one screen, and has cause, output and verdict", () => {
  const text = releaseScreen(
    result({
      outcome: "failed",
      serving: old,
      causes: [
        Array.from({ length: 60 }, (_, index) => `line ${index} ${"x".repeat(200)}`).join("\n"),
        "Release r1 was not seen to serve",
      ],
      printed: Array.from({ length: 30 }, (_, index) => `printed ${index} \u001b[31m##[error]`),
      steps: Array.from({ length: 17 }, (_, index) => ({
        name: `step ${index}`,
        outcome: "done" as const,
        seconds: index,
        note: "y".repeat(200),
      })),
    }),
  )
  const lines = text.trimEnd().split("\n")
  expect(lines.length).toBeLessThanOrEqual(40)
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(100)
  expect(text).toContain("cause 1: line 0")
  expect(text).toContain("printed 0")
  expect(text).not.toMatch(/\u001b|##\[/)
})

describe("status", () => {
  const status = (state: Parameters<typeof targetScreen>[0]["running"]) =>
    targetScreen({
      service: "shop",
      environment: "production",
      target: "app1",
      running: state,
      history: null,
      ledgerProblem: "it is away",
      reviews: [],
    })
  test("shows what has the traffic, what is retained, and why there is no history", () => {
    const text = status(
      running(serving("r2"), {
        retained: [instance("r1")],
        places: [{ place: "app1", proxy: { kind: "running", version: "v0.9.2" }, release: "r2" }],
      }),
    )
    expect(text).toMatch(/^live +r2 +version of r2/m)
    expect(text).toMatch(/^retained +r1/m)
    expect(text).toContain("history: not read: it is away")
    expect(verdictOf(text)).toBe("LIVE: version of r2 (r2), release r2")
  })
  test("fails when hosts differ, or something else has the traffic", () => {
    expect(verdictOf(status(running(shared("r2", "r1"))))).toBe(
      "FAILED: hosts of production serve different releases: app1 r2, app2 r1",
    )
    expect(verdictOf(status(running({ kind: "foreign", place: "app1", to: "nginx" })))).toMatch(
      /^FAILED: app1 sends its traffic to nginx/,
    )
    expect(verdictOf(status(running({ kind: "none" })))).toMatch(/^EMPTY/)
  })
  test("shows a proxy that is down, and maintenance", () => {
    const text = status(
      running(serving("r2"), {
        maintenance: { kind: "on", message: "back at 10" },
        places: [{ place: "app1", proxy: { kind: "down", why: "exit code 1" }, release: null }],
      }),
    )
    expect(text).toContain("app1: proxy DOWN: exit code 1")
    expect(text).toContain("MAINTENANCE: every request is answered 503: back at 10")
  })
})
