import { describe, expect, it } from "vitest"
import type { ChainedRow } from "../../../core/ledger/chained-row.js"
import { requireToken } from "../../../core/ledger/limits.js"
import { raiseScreen } from "../../../core/ledger/screen.js"
import { type ClaimRequest, claimTarget } from "../../../core/release/session/claim.js"
import { TollgateError } from "../../../core/shared/errors.js"
import {
  type Fence,
  fenceLine,
  fenceWords,
  highestFence,
  judgeRefusedClaim,
  parseFence,
} from "../../../core/targets/fence.js"
import { fakeTarget, running, serving } from "../release-samples.js"
import { runOf } from "./hosts.js"

const ANN = runOf("RUN-ANN", "Ann")
const fence = (token: number, granted: number): Fence => ({
  ...runOf("RUN-BO", "Bo", "rollback"),
  token,
  granted,
  since: "2026-11-29T10:00:00.000Z",
})

describe("a claim that the target refuses", () => {
  it.each([
    // only rollbacks without a ledger are above this ledger's leases
    [13, fence(13, 12), false, { kind: "raise", above: 13 }],
    [13, fence(20, 12), false, { kind: "raise", above: 20 }],
    // this ledger has not granted what the target has seen
    [13, fence(13, 13), false, { kind: "behind" }],
    [3, fence(12, 12), false, { kind: "behind" }],
    [3, fence(20, 12), false, { kind: "behind" }],
    // the sandbox's ledger is on the target: it was removed and created again
    [1, fence(12, 12), true, { kind: "raise", above: 12 }],
  ])("with lease %i, after %o, is judged", (token, seen, onlyLedger, verdict) => {
    expect(judgeRefusedClaim(token, seen, onlyLedger)).toEqual(verdict)
  })
})

/** A ledger with as many events. */
const events = (last: number) => ({
  latestEvent: () => Promise.resolve(last),
  rowsAfter: (number: number) => Promise.resolve(number < last ? [row(number + 1)] : []),
})
const row = (number: number): ChainedRow => ({
  number,
  at: "2026-11-29T10:00:00.000000Z",
  journaled: false,
  stale: false,
  previous: "",
  hash: String(number % 10).repeat(64),
  body: "{}",
})

/** A target that has seen a fence, and a ledger that has granted `token`. */
function between(token: number, seen: Fence, more: Partial<ClaimRequest> = {}) {
  let last = seen
  const raised: string[] = []
  const lease = {
    token,
    raise: async (above: number, reason: string) => {
      raised.push(reason)
      lease.token = above + 1
    },
  }
  const request: ClaimRequest = {
    environment: "production",
    run: ANN,
    target: fakeTarget({
      claim: async (run, given) => {
        const wanted = given ?? last.token + 1
        if (wanted <= last.token && run.run !== last.run) return { kind: "refused", place: "app1", seen: last }
        last = { ...last, ...run, token: wanted, granted: given ?? last.granted }
        return { kind: "held", fence: last, running: running(serving("r1")) }
      },
    }),
    lease,
    ledger: { state: { kind: "online" }, ...events(9) },
    problem: "",
    always: false,
    onlyLedger: false,
    requireHeld: () => Promise.resolve(),
    ...more,
  }
  return { request, raised, lease, seen: () => last }
}

describe("a run that holds the lease", () => {
  it("continues above a rollback without a ledger, and the ledger records why", async () => {
    const { request, raised, lease, seen } = between(13, fence(13, 12))
    expect(await claimTarget(request)).toMatchObject({ warning: "", running: { live: { kind: "live" } } })
    expect(raised).toEqual([`the target had seen ${fenceWords(fence(13, 12))}`])
    expect(lease.token).toBe(14)
    expect(seen()).toMatchObject({ token: 14, who: "Ann" })
  })

  it("is refused where its ledger was restored, with what to do, and raises nothing by itself", async () => {
    const { request, raised, seen } = between(3, fence(12, 12))
    await expect(claimTarget(request)).rejects.toMatchObject({
      code: "ledger-behind",
      message: expect.stringMatching(
        /have seen lease 12 of a ledger, and this ledger has only granted 3[\s\S]*rollback by Bo[\s\S]*Nothing was changed[\s\S]*tollgate unlock --env=production --raise=12 --reason=…/,
      ),
    })
    expect([raised, seen().token]).toEqual([[], 12])
  })

  it("but is a rollback, takes the target all the same, and says so", async () => {
    const { request, seen } = between(3, fence(12, 12), { always: true })
    expect((await claimTarget(request)).warning).toMatch(
      /^ledger-behind: the target has seen lease 12, this ledger 3: this run claimed the target as lease 13/,
    )
    expect(seen()).toMatchObject({ token: 13, granted: 12, who: "Ann" })
  })
})

describe("a ledger that lost the end which the target's head proves", () => {
  const head = { number: 9, hash: "9".repeat(64), release: "r3", at: "2026-11-29T10:15:00.000Z" }
  /** The claim of a run with a ledger of so many events. */
  function claimed(last: number, more: Partial<ClaimRequest> = {}) {
    const { request } = between(14, fence(13, 13), {
      ledger: { state: { kind: "online" }, ...events(last) },
      ...more,
    })
    const heads = {
      keep: () => Promise.reject(new RangeError("a claim keeps no head")),
      read: () => Promise.resolve([{ place: "app1", heads: [head] }]),
    }
    return claimTarget({ ...request, target: { ...request.target, heads } })
  }

  it("refuses a deployment right after its claim, and says what is missing and what to do", async () => {
    await expect(claimed(7)).rejects.toMatchObject({
      code: "ledger-lost-events",
      message: expect.stringMatching(
        /^The ledger of production [\s\S]*\n {2}the ledger ends at event 7, before the head 9:9{16} \(app1, after release r3 on [^)]*\): 2 events are missing\n[\s\S]*Nothing was changed\. [\s\S]*move the old heads away[\s\S]*A rollback works meanwhile\.$/,
      ),
    })
  })

  it("refuses nothing where it has the head, and nothing in a ledger that is on the target itself", async () => {
    expect(await claimed(9)).toMatchObject({ warning: "" })
    expect(await claimed(12)).toMatchObject({ warning: "" })
    expect(await claimed(7, { onlyLedger: true })).toMatchObject({ warning: "" })
  })

  it("does not stop a rollback", async () => {
    expect(await claimed(7, { always: true })).toMatchObject({ running: { live: { kind: "live" } } })
  })
})

describe("a run whose lease is not proven", () => {
  const lost = () => Promise.reject(new TollgateError("lease-lost", "another run took it", "look"))

  it("does not claim the target again: the ledger says that it lost the lease", async () => {
    for (const always of [false, true]) {
      const { request, seen } = between(12, fence(13, 13), { always, requireHeld: lost })
      await expect(claimTarget(request)).rejects.toMatchObject({ code: "lease-lost" })
      expect(seen().who).toBe("Bo")
    }
  })

  it("is refused while its ledger does not answer", async () => {
    const away: ClaimRequest["ledger"] = {
      state: { kind: "away", code: "", why: "", since: "", waiting: 0, lost: 0 },
      ...events(9),
    }
    const { request } = between(12, fence(13, 12), { ledger: away })
    await expect(claimTarget(request)).rejects.toMatchObject({
      code: "target-fenced",
      message: expect.stringMatching(/rollback by Bo[\s\S]*Nothing was changed[\s\S]*tollgate status/),
    })
    for (const ledger of [away, null]) {
      const rollback = between(12, fence(13, 12), { ledger, always: true })
      expect((await claimTarget(rollback.request)).warning).toContain(
        "the ledger is unreachable: this run claimed the target as lease 14",
      )
    }
  })
})

describe("a rollback without a lease", () => {
  it("claims the target above all that it has seen, and says by what", async () => {
    const { request, seen } = between(0, fence(12, 12), {
      lease: null,
      ledger: null,
      problem: "no ledger",
      always: true,
    })
    expect((await claimTarget(request)).warning).toBe(
      "no ledger: this run claimed the target as lease 13, and runs before it can change nothing more there",
    )
    expect(seen()).toMatchObject({ token: 13, granted: 12 })
  })

  it("yields to a run that claims a host in the same moment, and names it", async () => {
    const { request } = between(0, fence(12, 12), {
      lease: null,
      ledger: null,
      problem: "no ledger",
      always: true,
      target: fakeTarget({
        claim: () => Promise.resolve({ kind: "refused", place: "app1", seen: fence(14, 12) }),
      }),
    })
    await expect(claimTarget(request)).rejects.toMatchObject({
      code: "lease-lost",
      message: expect.stringContaining(`${fenceWords(fence(14, 12))} claimed app1.`),
    })
  })
})

it("the highest of several hosts counts", () => {
  expect(highestFence([])).toBeNull()
  expect(highestFence([null, fence(3, 3), fence(7, 7), null])?.token).toBe(7)
  expect(highestFence([fence(7, 7), fence(3, 3)])?.token).toBe(7)
})

it("unlock --raise takes whole numbers only, and says what it did", () => {
  expect([requireToken(0), requireToken(12)]).toEqual([0, 12])
  for (const wrong of [-1, 1.5, Number.NaN, 2_000_000_000])
    expect(() => requireToken(wrong)).toThrow(/--raise is .*ledger-behind/s)
  expect(raiseScreen("production", { from: 3, to: 12 }, "restored")).toMatch(
    /recorded reason: restored\n\nRAISED: the next lease of production is 13; the last one before was 3\n$/,
  )
  expect(raiseScreen("production", { from: 12, to: 12 }, "again")).toMatch(
    /\nUNCHANGED: the leases of production are above 12 already\n$/,
  )
})

describe("the record of a run on a host", () => {
  const bo = {
    token: 13,
    granted: 13,
    run: "RUN-BO",
    command: "rollback",
    who: "Bo",
    owner: "bo-laptop",
    since: "2026-11-29T10:15:00.000Z",
  }

  it("comes back as it was written, with texts of at most 200 characters", () => {
    expect(parseFence(fenceLine(bo))).toEqual(bo)
    const [fits, long] = ["x".repeat(200), "x".repeat(201)]
    expect(parseFence(fenceLine({ ...bo, who: fits, owner: long }))).toMatchObject({
      who: fits,
      owner: `${"x".repeat(199)}…`,
    })
  })

  it("still names the token and the run where the rest of it cannot be read", () => {
    const unknown = { command: "unknown", who: "unknown", owner: "unknown", since: "" }
    for (const rest of ["{}", '{"command":1}', "{broken}"])
      expect(parseFence(`13 12 RUN-BO ${rest}`)).toEqual({ token: 13, granted: 12, run: "RUN-BO", ...unknown })
    for (const none of ["", "x13 12 RUN-BO {}", "13 12 RUN-BO {} x", "13 RUN-BO {}", "x 12 RUN-BO {}", "13 12 RUN-BO"])
      expect(parseFence(none)).toBeNull()
  })

  it("is refused for a run whose id a shell could read as something else", () => {
    for (const run of ["", "a b", "$(rm)", "x".repeat(81), "a\nb"])
      expect(() => fenceLine({ ...bo, run })).toThrow(RangeError)
    expect(fenceLine({ ...bo, run: "x".repeat(80) })).toContain(`13 13 ${"x".repeat(80)} {`)
  })

  it("is put into words, which say when a run had no ledger", () => {
    expect(fenceWords(bo)).toBe("rollback by Bo since 2026-11-29 10:15 UTC (lease 13, run RUN-BO, on bo-laptop)")
    expect(fenceWords({ ...bo, granted: 12, since: "" })).toBe(
      "rollback by Bo (lease 13, without a ledger, run RUN-BO, on bo-laptop)",
    )
  })

  it("of the highest token counts among several hosts, in whichever order", () => {
    const other = { ...bo, token: 14 }
    expect([highestFence([bo, other, null]), highestFence([null, other, bo])]).toEqual([other, other])
    expect(highestFence([bo, { ...bo, run: "RUN-ANN" }])).toEqual(bo)
    expect([highestFence([]), highestFence([null, null])]).toEqual([null, null])
  })

  it("lets a lease above every granted one go on, and none that is the same or lower", () => {
    const seen = { ...bo, granted: 12 }
    expect([13, 12, 11].map((token) => judgeRefusedClaim(token, seen, false).kind)).toEqual([
      "raise",
      "behind",
      "behind",
    ])
    expect(judgeRefusedClaim(1, seen, true)).toEqual({ kind: "raise", above: 13 })
  })
})
