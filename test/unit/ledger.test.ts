import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { EMPTY_CHAIN, followChain, GENESIS, rowHash } from "../../core/ledger/chain.js"
import type { EventContext, Happening, LedgerEvent } from "../../core/ledger/event.js"
import { expectedDuration } from "../../core/ledger/expected.js"
import { releasesOf } from "../../core/ledger/fold.js"
import type { LeaseHolder, ReleaseRecord } from "../../core/ledger/ledger.js"
import { historyScreen, statusScreen } from "../../core/ledger/screen.js"
import { statusOf } from "../../core/ledger/status.js"
import { canonicalJson } from "../../core/shared/canonical-json.js"
import { BEFORE, context, DIGEST, finished, started, stepDone } from "../release/ledger-samples.js"

const WHOLE = { kind: "whole", events: 12, head: "ab".repeat(32) } as const

function events(...given: (Happening | [Partial<EventContext>, Happening, Partial<LedgerEvent>?])[]): LedgerEvent[] {
  return given.map((one, index) => {
    const [where, what, more] = Array.isArray(one) ? one : [{}, one, undefined]
    const minute = String(index).padStart(2, "0")
    return {
      version: 1,
      id: "11111111-2222-4333-8444-555555555555",
      happenedAt: `2026-11-22T09:${minute}:00Z`,
      context: context(where),
      what,
      number: index + 1,
      at: `2026-11-22T10:${minute}:00Z`,
      journaled: false,
      stale: false,
      ...more,
    }
  })
}

const holder: LeaseHolder = {
  environment: "production",
  run: "run-1",
  owner: "ci-1",
  command: "deploy",
  who: "Mei Lin",
  token: 3,
  takenAt: "2026-11-22T10:00:00.000000Z",
  heartbeatAt: "2026-11-22T10:00:30.000000Z",
  expiresAt: "2026-11-22T10:01:00.000000Z",
}

describe("canonical JSON", () => {
  test("is the same for the same value in any order", () => {
    expect(canonicalJson({ b: 1, a: [true, null, "é\n\u2028"], "": {} })).toBe(
      '{"":{},"a":[true,null,"é\\n\u2028"],"b":1}',
    )
    expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }))
  })
  test("sorts names as RFC 8785 does, by UTF-16 code units", () => {
    expect(
      canonicalJson({
        "\u20ac": "Euro",
        "\r": "CR",
        "\ufb33": "Dalet",
        "1": "One",
        "\ud83d\ude00": "Smile",
        "\u0080": "Control",
        "\u00f6": "o",
      }),
    ).toBe(
      '{"\\r":"CR","1":"One","\u0080":"Control","\u00f6":"o","\u20ac":"Euro","\ud83d\ude00":"Smile","\ufb33":"Dalet"}',
    )
  })
  test("writes numbers as RFC 8785 does", () =>
    expect(canonicalJson([333333333.3333333, 1e30, 4.5, 0.002, 1e-27, -0])).toBe(
      "[333333333.3333333,1e+30,4.5,0.002,1e-27,0]",
    ))
  test.each([Infinity, Number.NaN, "\ud800"])("refuses %j", (value) =>
    expect(() => canonicalJson(value)).toThrow(TypeError),
  )
})

describe("the chain", () => {
  const row = (number: number, previous: string, body = "{}") => {
    const bare = { number, at: "2026-11-22T10:00:00.000000Z", journaled: false, stale: false, previous, body }
    return { ...bare, hash: rowHash(bare) }
  }
  const first = row(1, GENESIS)
  const second = row(2, first.hash)
  test("is whole when each row follows the one before it", () => {
    expect(followChain(EMPTY_CHAIN, [])).toEqual({ kind: "whole", events: 0, head: GENESIS })
    expect(followChain(followChain(EMPTY_CHAIN, [first]), [second])).toEqual({
      kind: "whole",
      events: 2,
      head: second.hash,
    })
  })
  test.each([
    ["begins later", [second], 2],
    ["misses one", [first, row(3, first.hash)], 3],
    ["has another content", [first, { ...second, body: "{ }" }], 2],
    ["has another time", [{ ...first, at: "2026-11-22T10:00:00.000001Z" }, second], 1],
    ["has a flag turned", [{ ...first, stale: true }, second], 1],
    ["follows another", [first, row(2, "f".repeat(64))], 2],
    ["has a row that was replaced with a right hash of its own", [row(1, GENESIS, '{"a":1}'), second], 2],
  ])("is broken when it %s", (_, rows, number) =>
    expect(followChain(EMPTY_CHAIN, rows)).toMatchObject({ kind: "broken", number }),
  )
})

describe("a row's hash", () => {
  const bare = { number: 7, at: "2026-11-22T10:00:00.000000Z", previous: "ab".repeat(32), body: '{"a":1}' }
  const sha256 = (...lines: string[]) => createHash("sha256").update(lines.join("\n")).digest("hex")
  test.each([
    ["neither", false, false, "f", "f"],
    ["from a journal", true, false, "t", "f"],
    ["stale", false, true, "f", "t"],
  ])("is the one that Postgres computes of it: %s", (_, journaled, stale, ...flags) =>
    expect(rowHash({ ...bare, journaled, stale })).toBe(sha256("7", bare.at, ...flags, bare.previous, bare.body)),
  )
})

test("a chain that is broken stays so at its first wrong event, however it goes on", () => {
  const row = (number: number, previous: string) => {
    const bare = { number, at: "2026-11-22T10:00:00.000000Z", journaled: false, stale: false, previous, body: "{}" }
    return { ...bare, hash: rowHash(bare) }
  }
  const first = row(1, GENESIS)
  const broken = followChain(EMPTY_CHAIN, [first, row(4, first.hash)])
  expect(broken).toEqual({ kind: "broken", events: 1, number: 4, why: "event 2 is missing: 4 follows 1" })
  expect(followChain(broken, [row(2, first.hash)])).toEqual(broken)
  expect(followChain(EMPTY_CHAIN, [first, row(1, first.hash)])).toMatchObject({ kind: "broken", number: 1 })
  expect(followChain(EMPTY_CHAIN, [row(1, "f".repeat(64))])).toMatchObject({
    kind: "broken",
    events: 0,
    why: expect.stringContaining("does not follow the previous event"),
  })
  expect(followChain(EMPTY_CHAIN, [{ ...first, body: "x" }])).toMatchObject({
    why: "its content does not match its hash",
  })
})

describe("events add up to releases", () => {
  test("of which the one that goes on is running, and one of a run that is gone was interrupted", () => {
    const one = events(started(), { kind: "step-started", step: "backup" })
    expect(releasesOf(one, holder)).toMatchObject([{ outcome: "running", finishedAt: null, causes: [] }])
    expect(releasesOf(one, null)).toMatchObject([
      { outcome: "interrupted", causes: ["The run was killed in the step backup before it recorded an outcome."] },
    ])
    expect(releasesOf(one, { ...holder, run: "another" })).toMatchObject([{ outcome: "interrupted" }])
    expect(releasesOf(events(started()), null)).toMatchObject([
      { causes: ["The run was killed before it recorded an outcome."] },
    ])
  })

  test("one that another run goes on with is running again, and a step that was cut off has failed", () => {
    const resumed = events(
      started(),
      { kind: "step-started", step: "start" },
      [{ run: "another" }, started()],
      [{ run: "another" }, { kind: "step-started", step: "start" }],
    )
    expect(releasesOf(resumed, { ...holder, run: "another" })).toMatchObject([
      { outcome: "running", run: "another", steps: [{ outcome: "failed" }, { outcome: "running" }] },
    ])
    expect(releasesOf(resumed, null)).toMatchObject([{ outcome: "interrupted" }])
    const again = events(started(), finished(), [{ run: "another" }, started()])
    expect(releasesOf(again, null)).toMatchObject([{ outcome: "live" }])
  })

  test("what a run says of itself stands over what another found", () => {
    const late = events(
      started(),
      finished({ outcome: "interrupted", serving: null }),
      finished({ outcome: "failed", serving: { release: "r0", digest: BEFORE } }),
    )
    expect(releasesOf(late, null)).toMatchObject([{ outcome: "failed", serving: { release: "r0" } }])
    const early = events(started(), finished(), finished({ outcome: "interrupted" }))
    expect(releasesOf(early, null)).toMatchObject([{ outcome: "live" }])
  })

  test("a step that is tried twice is there twice", () => {
    const twice = events(
      started(),
      { kind: "step-started", step: "switch" },
      stepDone("switch", { outcome: "failed" }),
      { kind: "step-started", step: "switch" },
      stepDone("switch"),
    )
    expect(releasesOf(twice, null)[0]?.steps.map(({ outcome }) => outcome)).toEqual(["failed", "done"])
  })

  test("what waited in a journal has the time at which it happened", () => {
    const [release] = releasesOf(events(started(), [{}, finished(), { journaled: true }]), null)
    expect(release).toMatchObject({
      journaled: true,
      startedAt: "2026-11-22T10:00:00Z",
      finishedAt: "2026-11-22T09:01:00Z",
    })
  })

  test("the newest is first, and what belongs to none changes none", () => {
    const many = events(
      [{ release: "r1" }, started()],
      [{ release: null }, { kind: "maintenance", on: true, message: "" }],
      [{ release: "r2" }, started({ action: "rollback" })],
      [{ release: "r9" }, finished()],
    )
    expect(releasesOf(many, null).map(({ id, action }) => [id, action])).toEqual([
      ["r2", "rollback"],
      ["r1", "deploy"],
    ])
  })
})

const release = (more: Partial<ReleaseRecord> = {}): ReleaseRecord => {
  const [made] = releasesOf(events(started(), finished()), null)
  if (made === undefined) throw new Error("no release")
  return { ...made, ...more }
}

describe("how long a deployment may take", () => {
  test("is the median of those that went well", () => {
    const times = [10, 50, 20].map((seconds) => release({ seconds }))
    expect(
      expectedDuration([
        ...times,
        release({ seconds: 999, outcome: "failed" }),
        release({ seconds: 1, action: "rollback" }),
      ]),
    ).toEqual({ seconds: 20, releases: 3 })
    expect(expectedDuration([release({ seconds: 10 }), release({ seconds: 20 })])).toEqual({ seconds: 15, releases: 2 })
  })
  test("is not known when none went well", () => expect(expectedDuration([release({ outcome: "failed" })])).toBeNull())
  test("looks at the latest twenty", () => {
    expect(
      expectedDuration([
        ...Array.from({ length: 20 }, () => release({ seconds: 5 })),
        ...Array.from({ length: 80 }, () => release({ seconds: 500 })),
      ]),
    ).toEqual({ seconds: 5, releases: 20 })
  })
})

describe("screens", () => {
  const lines = (text: string) => text.trimEnd().split("\n")
  test("history is one screen with the ledger's state on its last line", () => {
    const text = historyScreen(
      "shop",
      "production",
      [
        release({ breakGlass: { reason: "down", waived: [], at: "", signed: null } }),
        release({ id: "r0", outcome: "failed", causes: ["no\u001b[2J answer\n##[error]"] }),
      ],
      WHOLE,
    )
    expect(text).toContain("BREAK GLASS: down")
    expect(text).toMatch(
      /2026-11-22 10:00 {2}r0 +FAILED +1\.4\.0 +a1a1a1a1a1a1 +42\.0 s {2}Mei Lin\n {4}no answer ## \[error\]/,
    )
    expect(lines(text).at(-1)).toBe("PASSED: hash chain of 12 events verified, head abababababababab")
    expect(text).toMatch(/[^\n]\n$/)
    expect(text).not.toContain("\u001b")
  })
  test("history shows the verdict of a gate that failed, not its whole screen", () => {
    const screen = "Tollgate 0.1.0 · scan · shop\n\n  CVE-2026-1 critical\n\nFAILED: 1 finding\nreport: out"
    const text = historyScreen("shop", "production", [release({ outcome: "refused", causes: [screen] })], WHOLE)
    expect(text).toContain("\n    FAILED: 1 finding\n")
    expect(text).not.toContain("CVE-2026-1")
  })
  test("a thousand releases are still one screen", () => {
    const text = historyScreen(
      "shop",
      "production",
      Array.from({ length: 1000 }, () => release({ why: "w".repeat(500) })),
      { kind: "broken", events: 3, number: 4, why: "it was changed" },
    )
    expect(lines(text).length).toBeLessThanOrEqual(40)
    expect(Math.max(...lines(text).map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(lines(text).at(-1)).toBe("FAILED: the ledger's hash chain is broken at event 4: it was changed")
  })
  test("status shows the release verified as serving, the latest one, and the holder of the lease", () => {
    const bad = release({
      id: "r2",
      outcome: "interrupted",
      serving: null,
      finishedAt: null,
      causes: ["killed in the step switch"],
    })
    const text = statusScreen({
      service: "shop",
      environments: [statusOf("production", [bad, release()], holder), statusOf("staging", [], null)],
      chain: WHOLE,
    })
    expect(text).toMatch(/production +a1a1a1a1a1a1 2026-11-22 10:01 UTC +INTERRUPTED a1a1a1a1a1a1 +deploy by Mei Lin\n/)
    expect(text).toContain("production has been locked since 2026-11-22 10:00 UTC by run run-1, on ci-1")
    expect(text).toMatch(/staging +– +none +free/)
    expect(text).toContain("production: killed in the step switch")
    expect(statusOf("production", [bad, release()], null).serving).toEqual({
      release: "r1",
      digest: DIGEST,
      seenBy: "r1",
      at: "2026-11-22T10:01:00Z",
    })
  })
})
