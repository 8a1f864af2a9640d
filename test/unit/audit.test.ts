import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { csv } from "../../core/audit/csv.js"
import { filesOf } from "../../core/audit/files.js"
import { readFolder, writeFolder } from "../../core/audit/folder.js"
import { readPeriod } from "../../core/audit/period.js"
import { auditScreen, exportScreen } from "../../core/audit/screen.js"
import { verifyAudit } from "../../core/audit/verify.js"
import type { ChainedRow } from "../../core/ledger/chained-row.js"
import { plannedEvent } from "../../core/release/plan/make.js"
import { bo, chained, evidenceOf, history, mei, POLICY, planOf, Writer } from "./audit-samples.js"

/** The place of the row that would follow. */
function startOf(before: ChainedRow | undefined): Omit<ChainedRow, "hash" | "body"> {
  if (before === undefined) throw new Error("there is a row before")
  const { number, at, hash } = before
  return { number: number + 1, at, journaled: false, stale: false, previous: hash }
}

describe("an export of a quarter", () => {
  const writer = history()
  let files = new Map<string, string>()
  beforeAll(async () => void (files = filesOf(await evidenceOf(writer.rows))))
  const inFolder = (release: string, name: string): unknown => {
    const path = [...files.keys()].find((one) => one.endsWith(`-${release}/${name}`)) ?? ""
    return JSON.parse(files.get(path) ?? "null")
  }

  it("has every change that started in it, however it ended, and no other", () => {
    const rows = (files.get("changes.csv") ?? "").trim().split("\r\n")
    expect(rows.slice(1).map((row) => row.split('","').slice(0, 3).join(" ").slice(1))).toEqual([
      "r1 deploy live",
      "r2 deploy rolled-back",
      "r3 rollback live",
      "r4 deploy refused",
      "r5 deploy live",
      "r6 deploy interrupted",
    ])
  })

  it("has of each what it was, who approved it, its steps and what served before and after", () => {
    expect(inFolder("r1", "change.json")).toMatchObject({
      version: "1.1",
      migrations: ["0003"],
      approvals: [{ approver: "Mei Lin" }, { approver: "Bo Chen" }],
      plans: [{ authors: ["An Wu"] }],
      previous: { release: "r0" },
      serving: { release: "r1" },
    })
    expect(inFolder("r1", "steps.json")).toContainEqual(
      expect.objectContaining({ step: "migrate", detail: { backup: "b1" }, note: "upgraded; backup b1" }),
    )
    expect([...files.keys()].filter((path) => path.includes("-r1/approvals/"))).toHaveLength(2)
    expect(inFolder("r2", "change.json")).toMatchObject({ causes: ["errors 3 %"], serving: { release: "r1" } })
  })

  it("has break-glass with its review, also one of after the period", () => {
    const names = [...files.keys()].filter((path) => path.includes("-r5/")).map((path) => path.split("/")[2])
    expect(names).toEqual(["change.json", "steps.json", "break-glass", "reviews"])
    expect(files.get("changes.csv")).toContain('"customers cannot pay","Mei Lin","approval-too-few","Bo Chen"')
  })

  it("has every policy until its end, and no later one", () => {
    expect([...files.keys()].filter((path) => path.startsWith("policies/"))).toEqual(["policies/0000001.json"])
  })

  it("is verified without the ledger, by public keys alone", () => {
    const closing = writer.rows.find(({ at }) => at > "2026-10")
    const heads = [{ number: closing?.number ?? 0, hash: closing?.hash.slice(0, 16) ?? "" }]
    const keys = [mei.approver.key, bo.approver.key]
    expect(verifyAudit(files, { keys, heads })).toMatchObject({
      problems: [],
      notProven: [],
      changes: 6,
      // one policy twice, r1, r2 and r6 twice, r4, r5 and its review
      signatures: 11,
      outcomes: { live: 3, "rolled-back": 1, refused: 1, interrupted: 1 },
    })
  })

  it("is shown on a screen, with what it does not prove by itself", () => {
    const screen = auditScreen(verifyAudit(files, { keys: [], heads: [] }))
    expect(screen).toContain("changes     6: 1 interrupted, 3 live, 1 refused, 1 rolled-back")
    expect(screen).toContain("Not proven by this folder alone:\n  - that this is the ledger's real history")
    expect(screen.trimEnd().split("\n").at(-1)).toMatch(/^PASSED: /)
  })

  it("tells who exports which head to keep", async () => {
    const last = writer.rows.at(-1)
    expect(exportScreen(await evidenceOf(writer.rows), files.size, "q3")).toContain(
      `head     ${last?.number}:${last?.hash.slice(0, 16)} of the whole ledger; keep it elsewhere`,
    )
  })

  it("leaves the content of other services out on request, and says that this is not proven", async () => {
    const hidden = filesOf(await evidenceOf(writer.rows, { hideOthers: true }))
    expect(files.get("events.jsonl")).toContain('\\"service\\":\\"blog\\"')
    expect(hidden.get("events.jsonl")).not.toContain('\\"service\\":\\"blog\\"')
    const verdict = verifyAudit(hidden, { keys: [], heads: [] })
    expect(verdict.problems).toEqual([])
    expect(verdict.notProven.join("\n")).toContain("the content of 1 event of other services")
  })

  it("has a change that began before it and was continued in it, told by what happened in it", async () => {
    const begun = new Writer().adopt(null, POLICY, [mei, bo]).at("2026-06-30T23:59:00Z")
    begun.add({}, plannedEvent(planOf("1.0"))).begin("r0", planOf("1.0"), [mei, bo])
    begun.add({}, plannedEvent(planOf("1.1"))).at("2026-07-01T00:01:00Z")
    begun.again = "-2"
    begun.begin("r0", planOf("1.0"), [mei, bo]).switched("r0").end("r0")
    begun.begin("r1", planOf("1.1"), [mei, bo]).switched("r1").end("r1")
    const evidence = await evidenceOf(begun.rows)
    expect(evidence.outside.map(({ number }) => number)).toEqual([1, 2, 4, 5, 6, 7])
    const all = filesOf(evidence)
    expect(verifyAudit(all, { keys: [], heads: [] })).toMatchObject({ changes: 2, outcomes: { live: 2 }, problems: [] })
    expect(all.get("changes.csv")).toContain('"r0","deploy","live","2026-07-01T00:01:01.000000Z"')
  })

  it("is whole where another service wrote events that only a later Tollgate knows", async () => {
    const later = (service: string) => {
      const begun = new Writer().adopt(null, POLICY, [mei, bo]).at("2026-07-01T00:01:00Z")
      begun.begin("r1", planOf("1.1"), [])
      const last = begun.rows.at(-1)
      const body = JSON.stringify({
        context: { service, environment: "production", release: null },
        what: { kind: "new" },
      })
      return [...begun.rows, chained({ ...startOf(last), body })]
    }
    const problems = async (service: string) =>
      verifyAudit(filesOf(await evidenceOf(later(service))), { keys: [], heads: [] }).problems.map(({ what }) => what)
    expect(await problems("blog")).toEqual([])
    expect(await problems("shop")).toEqual(["event 5 is of a kind that this Tollgate does not know"])
  })

  it("of a time without any event is whole, too", async () => {
    for (const rows of [writer.rows.slice(0, 3), []]) {
      const empty = filesOf(await evidenceOf(rows))
      expect(verifyAudit(empty, { keys: [], heads: [] })).toMatchObject({ problems: [], changes: 0 })
    }
  })

  it("of a ledger with a broken chain is refused", async () => {
    const rows = writer.rows.map((row) => (row.number === 4 ? { ...row, stale: true } : row))
    await expect(evidenceOf(rows)).rejects.toMatchObject({
      code: "audit-chain-broken",
      message: expect.stringContaining("event 4"),
    })
  })

  it("is known by its audit.json: no other folder is read", () => {
    const place = mkdtempSync(join(tmpdir(), "tollgate-audit-"))
    try {
      // reading it would end in another error
      writeFileSync(join(place, "a.txt"), "")
      expect(() => readFolder(place)).toThrow(expect.objectContaining({ code: "audit-unreadable" }))
    } finally {
      rmSync(place, { recursive: true })
    }
  })

  it("is written to a new folder only, and read back as it is", () => {
    const place = mkdtempSync(join(tmpdir(), "tollgate-audit-"))
    try {
      const folder = join(place, "q3")
      writeFolder(folder, files)
      expect(readFolder(folder)).toEqual(files)
      expect(() => writeFolder(folder, files)).toThrow(expect.objectContaining({ code: "audit-folder" }))
      writeFileSync(join(folder, ".DS_Store"), "")
      expect(verifyAudit(readFolder(folder), { keys: [], heads: [] }).problems).toEqual([])
      symlinkSync("/etc/hostname", join(folder, "more.txt"))
      expect(readFolder(folder).get("more.txt")).toBe("")
    } finally {
      rmSync(place, { recursive: true })
    }
  })
})

describe("a period", () => {
  it("is of whole days in UTC, or of times with a zone", () => {
    expect(readPeriod("2026-07-01", "2026-09-30")).toEqual({
      from: "2026-07-01T00:00:00.000000Z",
      to: "2026-10-01T00:00:00.000000Z",
    })
    expect(readPeriod("2026-07-01T00:00:00+08:00", "2026-07-01").from).toBe("2026-06-30T16:00:00.000000Z")
  })

  it.each([
    ["2026-13-01", "2026-09-30", "--from"],
    ["2026-07-01T00:00", "yesterday", "--to"],
    ["2026-07-02", "2026-07-01", "--to=2026-07-01 is not after --from=2026-07-02"],
  ])("from %s to %s is refused", (from, to, what) => {
    expect(() => readPeriod(from, to)).toThrow(
      expect.objectContaining({ code: "audit-period", message: expect.stringContaining(what) }),
    )
  })
})

describe("a cell of a CSV file", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])("%j is not a formula", (text) => {
    expect(csv([[text]])).toMatch(/^\uFEFF"'/)
  })

  it("keeps commas, quotes and Chinese, on one line", () => {
    expect(csv([['每週, "發行"\nagain', "a=1"]])).toBe('\uFEFF"每週, ""發行"" again","a=1"\r\n')
  })
})
