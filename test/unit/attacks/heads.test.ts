import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parseSettings } from "../../../core/config/parse.js"
import { GENESIS } from "../../../core/ledger/chain.js"
import type { ChainedRow } from "../../../core/ledger/chained-row.js"
import { headLines, headProblem, judgeHead } from "../../../core/ledger/judge-head.js"
import { verifyHeads } from "../../../core/ledger/verify-heads.js"
import { keepHead, keptHeads, requireHeads } from "../../../core/release/ledger/keep-head.js"
import { readTargetHeads, targetHeadsLine } from "../../../core/release/ledger/target-heads.js"
import { parseHeads, type ReleaseHead } from "../../../core/targets/heads.js"
import type { Target } from "../../../core/targets/target.js"
import { LocalHost, runOf, targetAt } from "./hosts.js"

const HASH = (number: number) => String(number).padStart(2, "0").repeat(32)
const row = (number: number, hash = HASH(number)): ChainedRow => ({
  number,
  at: "2026-11-29T10:00:00.000000Z",
  journaled: false,
  stale: false,
  previous: "",
  hash,
  body: "{}",
})
/** A ledger with these events. */
const ledgerOf = (...rows: ChainedRow[]) => ({
  rowsAfter: (number: number, limit: number) =>
    Promise.resolve(rows.filter((one) => one.number > number).slice(0, limit)),
  latestEvent: () => Promise.resolve(rows.at(-1)?.number ?? 0),
})
const headAt = (number: number, release = `r${number}`): ReleaseHead => ({
  number,
  hash: HASH(number),
  release,
  at: "2026-11-29T10:15:00.000Z",
})

describe("a head that was kept", () => {
  const by = "app1"
  const verify = async (number: number, hash: string, ...rows: ChainedRow[]) =>
    (await verifyHeads(ledgerOf(...rows), [{ number, hash, by }]))[0]

  it.each([
    ["is the latest event", 3, HASH(3)],
    ["is an earlier event", 2, HASH(2)],
    ["is the beginning of a hash, as a notification has it", 3, HASH(3).slice(0, 16)],
    ["is that of an empty ledger", 0, GENESIS],
  ])("is contained where it %s", async (_, number, hash) => {
    expect(await verify(number, hash, row(1), row(2), row(3))).toMatchObject({ kind: "contained" })
  })

  it.each<[string, number, string, ChainedRow[], string]>([
    [
      "lost its last event",
      3,
      HASH(3),
      [row(1), row(2)],
      "the ledger ends at event 2, before the head 3:0303030303030303 (app1): 1 event is missing",
    ],
    [
      "lost several",
      3,
      HASH(3),
      [row(1)],
      "the ledger ends at event 1, before the head 3:0303030303030303 (app1): 2 events are missing",
    ],
    [
      "is empty",
      1,
      HASH(1),
      [],
      "the ledger ends at event 0, before the head 1:0101010101010101 (app1): 1 event is missing",
    ],
    [
      "lost that event alone",
      2,
      HASH(2),
      [row(1), row(3)],
      "the ledger has no event 2, which was its head 2:0202020202020202 (app1)",
    ],
    [
      "has another event in its place",
      2,
      HASH(2),
      [row(1), row(2, HASH(9)), row(3)],
      "event 2 has the hash 0909090909090909, and the head was 2:0202020202020202 (app1)",
    ],
    [
      "is another ledger that has grown further",
      0,
      HASH(7),
      [row(1)],
      "event 0 has the hash 0000000000000000, and the head was 0:0707070707070707 (app1)",
    ],
  ])("is not contained in a ledger that %s", async (_, number, hash, rows, words) => {
    const verdict = await verify(number, hash, ...rows)
    expect(verdict === undefined ? null : headProblem(verdict)).toBe(words)
  })

  it("fails the whole, with the first three, whatever else is contained and in whichever order", () => {
    const contained = [1, 5, 3].map((number) => judgeHead({ ...headAt(number), by }, 9, HASH(number)))
    const lost = [10, 11, 12, 13].map((number) => judgeHead({ ...headAt(number), by }, 9, null))
    const passed = "PASSED: the ledger contains 3 heads that were kept, the latest 5:0505050505050505 (app1)"
    for (const verdicts of [
      [...contained, ...lost],
      [...lost, ...contained],
    ]) {
      const lines = headLines(verdicts)
      expect(lines[0]).toBe(passed)
      expect(lines.slice(1).map((text) => text.slice(0, 8))).toEqual(Array(4).fill("FAILED: "))
      expect(lines.at(-1)).toBe("FAILED: and 1 more; --json shows all")
    }
    expect(headLines(contained.slice(0, 1))).toEqual([
      "PASSED: the ledger contains 1 head that was kept, the latest 1:0101010101010101 (app1)",
    ])
    expect(headLines(lost.slice(0, 3))).toHaveLength(3)
    expect(headLines([])).toEqual([])
  })
})

describe("heads on a target", () => {
  let hosts: [LocalHost, LocalHost]
  beforeEach(() => {
    hosts = [new LocalHost("app1"), new LocalHost("app2")]
  })
  afterEach(() => {
    for (const host of hosts) host.remove()
  })
  const fileOf = (host: LocalHost) => join(host.folder, "shop/heads")
  async function claimed(token: number): Promise<Target> {
    const target = targetAt(hosts)
    const claim = await target.claim(runOf(`RUN-${token}`, "Ann"), token)
    if (claim.kind !== "held") throw new Error("the claim was refused")
    return target
  }
  const kept = async () => keptHeads((await targetAt(hosts).heads.read()) ?? [])

  it("are kept by every host, the latest first, and returned to the next release", async () => {
    const target = await claimed(12)
    expect(await target.heads?.keep(headAt(3))).toEqual([
      { place: "app1", heads: [] },
      { place: "app2", heads: [] },
    ])
    expect(await target.heads?.keep(headAt(7))).toMatchObject([{ heads: [headAt(3)] }, { heads: [headAt(3)] }])
    expect(await targetAt(hosts).heads.read()).toMatchObject([
      { heads: [headAt(7), headAt(3)] },
      { heads: [headAt(7), headAt(3)] },
    ])
    expect(await kept()).toMatchObject([
      { number: 7, by: "app1, app2, after release r7 on 2026-11-29 10:15 UTC" },
      { number: 3 },
    ])
  })

  it("are not changed by a run that another run has overtaken, nor by one that claimed nothing", async () => {
    const sleeper = await claimed(12)
    await (await claimed(13)).heads?.keep(headAt(9))
    await expect(sleeper.heads?.keep(headAt(3))).rejects.toMatchObject({ code: "target-fenced" })
    expect(() => targetAt(hosts).heads.keep(headAt(3))).toThrow("has not claimed it")
    expect(await kept()).toMatchObject([{ number: 9 }])
  })

  it("are the latest 200", async () => {
    mkdirSync(join(hosts[0].folder, "shop"), { recursive: true })
    const many = Array.from({ length: 200 }, (_, index) => `${500 - index} ${HASH(7)} r1 2026-11-29T10:15:00.000Z\n`)
    writeFileSync(fileOf(hosts[0]), many.join(""))
    await (await claimed(12)).heads?.keep(headAt(501))
    const lines = readFileSync(fileOf(hosts[0]), "utf8").trimEnd().split("\n")
    expect([lines.length, lines[0]?.slice(0, 4), lines.at(-1)?.slice(0, 4)]).toEqual([200, "501 ", "302 "])
    expect(existsSync(`${fileOf(hosts[0])}.new`)).toBe(false)
  })

  it("that cannot be read are an error, and not none", async () => {
    await (await claimed(12)).heads?.keep(headAt(3))
    writeFileSync(fileOf(hosts[1]), "3 short r3 2026-11-29T10:15:00.000Z\n")
    await expect(targetAt(hosts).heads.read()).rejects.toMatchObject({ place: "app2" })
    for (const line of ["x", `3 ${HASH(3)} r3`, `3 ${HASH(3)} R3 2026-11-29T10:15:00.000Z`, `-3 ${HASH(3)} r3 never`])
      expect(() => parseHeads(line)).toThrow(RangeError)
  })

  it("warn a rollback of a ledger that lost its end, and stay the latest, whatever it grows to", async () => {
    await keepHead(await claimed(12), ledgerOf(row(1), row(2), row(3)), headAt(3))
    const cut = [row(1), row(2, HASH(8))]
    const warnings = await keepHead(await claimed(13), ledgerOf(...cut), { ...headAt(2), hash: HASH(8) })
    expect(warnings).toEqual([
      expect.stringMatching(
        /^the ledger lost events: the ledger ends at event 2, before the head 3:0303030303030303 \(app1, app2, after release r3 .*\): 1 event is missing\. Find out who/,
      ),
    ])
    expect(await kept()).toMatchObject([{ number: 3, hash: HASH(3) }])
    const grown = ledgerOf(...cut, row(3, HASH(9)), row(4, HASH(9)))
    expect(await keepHead(await claimed(14), grown, { ...headAt(4), hash: HASH(9) })).toEqual([
      expect.stringContaining("event 3 has the hash 0909090909090909, and the head was 3:0303030303030303"),
    ])
    await expect(requireHeads(await claimed(15), grown, "production")).rejects.toMatchObject({
      code: "ledger-lost-events",
    })
    expect(await kept()).toMatchObject([{ number: 3, hash: HASH(3) }])
  })

  it("refuse a deployment where one of several hosts has a head that the ledger lost", async () => {
    const target = await claimed(12)
    await keepHead(target, ledgerOf(row(1)), headAt(1))
    const lost = { number: 5, hash: HASH(5), release: "r5", at: "2026-11-29T10:15:00.000Z" }
    writeFileSync(fileOf(hosts[1]), `${lost.number} ${lost.hash} ${lost.release} ${lost.at}\n`)
    const refused = requireHeads(target, ledgerOf(row(1)), "production")
    await expect(refused).rejects.toMatchObject({ code: "ledger-lost-events" })
    await expect(refused).rejects.toThrow("before the head 5:0505050505050505 (app2, after release r5")
    // the documented way out, on that host
    renameSync(fileOf(hosts[1]), `${fileOf(hosts[1])}.old`)
    await requireHeads(target, ledgerOf(row(1)), "production")
    expect(await keepHead(target, ledgerOf(row(1), row(2)), headAt(2))).toEqual([])
    expect(await kept()).toMatchObject([{ number: 2, by: expect.stringMatching(/^app1, app2, /) }, { number: 1 }])
  })

  it("are not asked for where a target keeps none", async () => {
    await requireHeads({}, ledgerOf(), "staging")
    await requireHeads(await claimed(12), ledgerOf(), "production")
  })

  it("are left as they are when the ledger is unreachable", async () => {
    const target = await claimed(12)
    await keepHead(target, ledgerOf(row(1)), headAt(1))
    expect(await keepHead(target, ledgerOf(), null)).toEqual([])
    expect(await keepHead(target, null, headAt(2))).toEqual([])
    expect(await kept()).toMatchObject([{ number: 1 }])
  })

  it("that cannot be kept fail no release, which says so", async () => {
    const target = await claimed(12)
    mkdirSync(`${fileOf(hosts[1])}.new`)
    expect(await keepHead(target, ledgerOf(row(1)), headAt(1))).toEqual([
      expect.stringMatching(/^the ledger's head was not kept on the target: app2: /),
    ])
  })
})

describe("a target whose heads were not compared", () => {
  const settings = parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
environments:
  sandbox: {}
  staging: {}
  production: { target: { type: compose, hosts: [app1.shop.example] } }
`)
  const read = (environment: string) =>
    readTargetHeads(
      settings,
      environment,
      { ssh: null, registry: null },
      {
        kind: "cli",
        journal: () => {
          throw new Error("is not asked for")
        },
        running: () => Promise.resolve(null),
        reach: () => Promise.reject(new Error("is not asked for")),
      },
    )

  it.each([
    ["staging", "staging has no target"],
    ["sandbox", "the ledger of sandbox is on the target itself"],
    ["production", "No SSH key for production."],
  ])("is named, and why: %s", async (environment, why) => {
    expect(targetHeadsLine(await read(environment))).toBe(`skipped: the heads on the target were not compared: ${why}`)
  })

  it("is named where it keeps none yet", () => {
    expect(targetHeadsLine({ kind: "read", heads: [] })).toBe(
      "skipped: the target keeps no head yet; the next release adds one",
    )
    expect(targetHeadsLine({ kind: "read", heads: [{ number: 1, hash: HASH(1), by: "app1" }] })).toBe("")
  })
})
