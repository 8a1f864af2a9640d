import { beforeAll, describe, expect, it } from "vitest"
import type { AuditRow, Evidence } from "../../../core/audit/evidence.js"
import { filesOf } from "../../../core/audit/files.js"
import { verifyAudit } from "../../../core/audit/verify.js"
import { rowHash } from "../../../core/ledger/chain.js"
import type { ChainedRow } from "../../../core/ledger/chained-row.js"
import { newApprovalKey } from "../../../core/release/approval/key.js"
import { plannedEvent } from "../../../core/release/plan/make.js"
import type { LedgerHead } from "../../../core/shared/ledger-head.js"
import { approvedBy, bo, eve, evidenceOf, history, mei, POLICY, planOf, Writer } from "../audit-samples.js"

const writer = history()
const keys = [mei.approver.key, bo.approver.key]
let evidence: Evidence
let files = new Map<string, string>()
let heads: LedgerHead[] = []

beforeAll(async () => {
  evidence = await evidenceOf(writer.rows)
  files = filesOf(evidence)
  const last = evidence.chain.at(-1)
  heads = [{ number: last?.number ?? 0, hash: last?.hash ?? "" }]
})

const first = (given: ReadonlyMap<string, string>, more: { heads?: LedgerHead[]; keys?: string[] } = {}) =>
  verifyAudit(given, { keys, heads, ...more }).problems[0]?.what
/** All problems of an export whose maker wrote the other files to fit. */
const all = (given: Evidence, more: { heads?: LedgerHead[] } = {}) =>
  verifyAudit(filesOf(given), { keys, heads, ...more }).problems.map(({ what }) => what)

function numberOf(release: string, kind: string): number {
  const row = evidence.chain.find(
    ({ body }) => body?.includes(`"release":"${release}"`) === true && body.includes(`"kind":"${kind}"`),
  )
  if (row === undefined) throw new Error(`${release} has a ${kind}`)
  return row.number
}

const edited = (number: number, change: (body: string) => string): AuditRow[] =>
  evidence.chain.map((row) => (row.number === number ? { ...row, body: change(row.body ?? "") } : row))

/** Gives rows new numbers and hashes, as somebody would who knows how they are made. */
function rehashed(rows: readonly AuditRow[]): AuditRow[] {
  const fresh: AuditRow[] = []
  for (const { hash: _, body, ...row } of rows) {
    const before = fresh.at(-1)
    const bare = {
      ...row,
      body: body ?? "",
      number: before === undefined ? row.number : before.number + 1,
      previous: before?.hash ?? row.previous,
    }
    fresh.push({ ...bare, hash: rowHash(bare) })
  }
  return fresh
}

/** An export of what a writer of the ledger wrote. */
const exported = async (rows: readonly ChainedRow[]) =>
  verifyAudit(filesOf(await evidenceOf(rows)), { keys, heads: [] })

it("an unchanged export passes", () => {
  expect(verifyAudit(files, { keys, heads }).problems).toEqual([])
})

describe("events that were changed in the folder:", () => {
  it("an edited body is found by its hash", () => {
    const number = numberOf("r2", "release-finished")
    const chain = edited(number, (body) => body.replace('"rolled-back"', '"live"'))
    expect(all({ ...evidence, chain })[0]).toBe(
      `events.jsonl: the hash chain is broken at event ${number}: its content does not match its hash`,
    )
  })

  it("an edited body with a hash that fits is found by the next event", () => {
    const number = numberOf("r2", "release-finished")
    const chain = edited(number, (body) => body.replace('"rolled-back"', '"live"')).map((row) =>
      row.number === number ? { ...row, hash: rowHash({ ...row, body: row.body ?? "" }) } : row,
    )
    expect(all({ ...evidence, chain })[0]).toContain(`broken at event ${number + 1}: it does not follow`)
  })

  it("a chain that was computed again from there on is found by a kept head", () => {
    const number = numberOf("r2", "release-finished")
    const chain = rehashed(edited(number, (body) => body.replace('"rolled-back"', '"live"')))
    expect(all({ ...evidence, chain }, { heads: [] })).toEqual([])
    expect(all({ ...evidence, chain })[0]).toMatch(
      /^event \d+ has the hash [0-9a-f]{16}, not [0-9a-f]{16} as in --head$/,
    )
  })

  it("a removed event is found by its number", () => {
    const number = numberOf("r4", "release-finished")
    const chain = evidence.chain.filter((row) => row.number !== number)
    expect(all({ ...evidence, chain })[0]).toContain(`event ${number} is missing: ${number + 1} follows ${number - 1}`)
  })

  it("a change that was removed with all of its events, and renumbered, is found by a kept head", () => {
    const chain = rehashed(evidence.chain.filter(({ body }) => body?.includes('"run-r4"') !== true))
    const problems = all({ ...evidence, chain })
    expect(problems[0]).toMatch(/^events.jsonl ends at event \d+, but --head names event \d+: 5 events missing$/)
  })

  it("a tail that was cut off is found by a kept head, and otherwise named as not proven", () => {
    const number = numberOf("r5", "release-started")
    const chain = evidence.chain.filter((row) => row.number < number)
    const cut = filesOf({ ...evidence, chain, outside: [] })
    expect(verifyAudit(cut, { keys, heads: [] }).notProven.join("\n")).toContain(
      `that nothing followed event ${number - 1} in the period`,
    )
    expect(all({ ...evidence, chain })[0]).toContain(`events.jsonl ends at event ${number - 1}, but --head names event`)
  })

  it("a beginning that was cut off is found, because the last event before the period is missing, too", () => {
    const number = numberOf("r2", "release-started")
    const chain = evidence.chain.filter((row) => row.number >= number)
    expect(all({ ...evidence, chain })[0]).toMatch(
      /^events.jsonl begins with event \d+ of 2026-07-20.*inside the period/,
    )
  })

  it("an event of one's own without its content is found", () => {
    const number = numberOf("r4", "release-started")
    const chain = evidence.chain.map((row) => (row.number === number ? { ...row, body: null } : row))
    expect(all({ ...evidence, chain })).toContain(`events.jsonl: event ${number} has no content`)
  })

  it("an edited event from before the period is found by its hash", () => {
    const outside = evidence.outside.map((row) => ({
      ...row,
      body: (row.body ?? "").replace("who approves", "nothing"),
    }))
    expect(all({ ...evidence, outside })[0]).toMatch(/^outside.jsonl: event \d+ does not match its hash$/)
  })

  it("a policy from before the period that was left out is found by the changes judged under it", () => {
    const outside = evidence.outside.filter(({ body }) => body?.includes("policy-adopted") !== true)
    expect(all({ ...evidence, outside })[0]).toContain("was judged by a policy that was not in force")
  })

  it("an earlier start that was made up hides no change of the period", () => {
    const [policy] = evidence.outside
    const start = evidence.chain.find(({ number }) => number === numberOf("r4", "release-started"))
    if (policy === undefined || start === undefined) throw new Error("both are there")
    const bare = { ...start, body: start.body ?? "", number: 3, at: "2026-06-20T08:00:03.000000Z" }
    const outside = [policy, { ...bare, hash: rowHash(bare) }, ...evidence.outside.slice(1)]
    const verdict = verifyAudit(filesOf({ ...evidence, outside }), { keys, heads })
    expect(verdict).toMatchObject({ changes: 6, outcomes: { refused: 1 } })
  })

  it("a later end that was made up embellishes no change of the period", () => {
    const end = evidence.chain.find(({ number }) => number === numberOf("r1", "release-finished"))
    if (end === undefined) throw new Error("r1 ended")
    const body = (end.body ?? "").replaceAll('"r1"', '"r6"').replace('"run-r1"', '"run-r6"')
    const bare = { ...end, body, number: 99 }
    const outside = [...evidence.outside, { ...bare, hash: rowHash(bare) }]
    const verdict = verifyAudit(filesOf({ ...evidence, outside }), { keys, heads })
    expect(verdict).toMatchObject({ changes: 6, outcomes: { interrupted: 1 } })
  })

  it("an earlier event in the place of one of the period is found", () => {
    const number = numberOf("r4", "release-started")
    const stray = evidence.chain.filter((row) => row.number === number)
    expect(all({ ...evidence, outside: [...evidence.outside, ...stray] })).toContain(
      `outside.jsonl: event ${number} is in the wrong place`,
    )
  })
})

describe("files that were changed in the folder:", () => {
  const without = (matches: (path: string) => boolean) => new Map([...files].filter(([path]) => !matches(path)))
  const pathOf = (release: string, name: string) =>
    [...files.keys()].find((path) => path.includes(`-${release}/`) && path.includes(name)) ?? ""

  it("a change without its folder", () => {
    expect(first(without((path) => path.includes("-r4/")))).toMatch(/^changes\/\d{7}-r4\/ is missing$/)
  })

  it("a change without one of its approvals", () => {
    const path = pathOf("r1", "approvals/")
    expect(first(without((one) => one === path))).toBe(`${path} is missing`)
  })

  it("a cell of the CSV", () => {
    const text = (files.get("changes.csv") ?? "").replace('"r2","deploy","rolled-back"', '"r2","deploy","live"')
    expect(first(new Map(files).set("changes.csv", text))).toBe(
      "changes.csv differs from the events in line 3, column outcome",
    )
  })

  it("a row of the CSV that is gone", () => {
    const lines = (files.get("changes.csv") ?? "").split("\r\n").filter((line) => !line.startsWith('"r4"'))
    expect(first(new Map(files).set("changes.csv", lines.join("\r\n")))).toMatch(/^changes.csv differs .* in line 5/)
  })

  it("an approval in the place of another one", () => {
    const path = pathOf("r1", "approvals/")
    const other = files.get(pathOf("r2", "approvals/")) ?? ""
    expect(first(new Map(files).set(path, other))).toMatch(new RegExp(`^${path} differs from the events in line \\d+$`))
  })

  it("a file that the export did not write", () => {
    expect(first(new Map(files).set("changes/0000099-r9/change.json", "{}\n"))).toBe(
      "changes/0000099-r9/change.json is not part of the export",
    )
  })

  it("another period in audit.json", () => {
    const text = (files.get("audit.json") ?? "").replace('"to": "2026-10-01', '"to": "2026-08-01')
    expect(verifyAudit(new Map(files).set("audit.json", text), { keys, heads }).problems).not.toEqual([])
  })

  it.each([
    ["audit.json", "", "audit-unreadable"],
    ["audit.json", '{"format":"tollgate-audit","version":2}', "audit-version"],
    ["events.jsonl", "{}\n", "audit-unreadable"],
    ["events.jsonl", '{"number":1', "audit-unreadable"],
  ])("%s that says %j is refused", (path, text, code) => {
    expect(() => verifyAudit(new Map(files).set(path, text), { keys, heads })).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it("the id of a release leads out of no folder", async () => {
    const evil = new Writer()
    evil.at("2026-07-02T08:00:00Z").begin("../../../etc/cron.d/x", planOf("9"), [])
    const paths = [...filesOf(await evidenceOf(evil.rows)).keys()]
    expect(paths.filter((path) => path.includes("cron"))).toEqual([
      "changes/0000002-.._.._.._etc_cron.d_x/change.json",
      "changes/0000002-.._.._.._etc_cron.d_x/steps.json",
    ])
  })
})

describe("a ledger with forged events:", () => {
  const two = planOf("2.0")
  const other = planOf("2.1")
  /** A deployment with traffic, under the policy that wants two approvals. */
  async function whatIsWrong(change: (begun: Writer) => Writer): Promise<string[]> {
    const begun = new Writer().adopt(null, POLICY, [mei, bo]).at("2026-07-02T08:00:00Z").add({}, plannedEvent(two))
    return (await exported(change(begun).switched("r1").end("r1").rows)).problems.map(({ what }) => what)
  }
  const context = { release: "r1", run: "run-r1" }

  it("what the policy requires is not a problem", async () => {
    expect(await whatIsWrong((begun) => begun.begin("r1", two, [mei, bo]))).toEqual([])
  })

  it.each<[string, (begun: Writer) => Writer, string]>([
    ["too few approvals", (begun) => begun.begin("r1", two, [mei]), "got traffic with 1 approval;"],
    ["somebody else's key", (begun) => begun.begin("r1", two, [mei, eve]), "does not list"],
    ["one approver twice", (begun) => begun.begin("r1", two, [mei, mei]), "the same key as another approval"],
    [
      "an approval of another plan",
      (begun) => begun.begin("r1", two, [mei]).add(context, approvedBy(bo, other, begun.now)),
      "is for the version 2.1, not for 2.0",
    ],
    [
      "an approval of a plan file that was not recorded",
      (begun) => begun.begin("r1", other, [mei, bo]),
      "did not record",
    ],
    [
      "a plan file that was recorded only afterwards",
      (begun) => begun.begin("r1", other, [mei, bo]).add({}, plannedEvent(other)),
      "did not record",
    ],
    [
      "an approval that had expired",
      (begun) => begun.begin("r1", two, [mei]).add(context, approvedBy(bo, two, new Date("2026-06-30T00:00:00Z"))),
      "expired at",
    ],
    [
      "break-glass without a signature",
      (begun) =>
        begun
          .begin("r1", two, [])
          .add(context, { kind: "broke-glass", reason: "it is late", waived: ["approval-too-few"], signed: null }),
      "used break-glass without a signature",
    ],
    [
      "an approval as break-glass",
      (begun) =>
        begun.begin("r1", two, []).add(context, {
          kind: "broke-glass",
          reason: "it is late",
          waived: ["approval-too-few"],
          signed: approvedBy(mei, two, begun.now).signed,
        }),
      "is signed for another purpose",
    ],
    [
      "an approval that was edited",
      (begun) =>
        begun.begin("r1", two, [mei]).add(context, {
          ...approvedBy(bo, two, begun.now),
          signed: JSON.parse(JSON.stringify(approvedBy(bo, two, begun.now).signed).replace("reviewed", "REVIEWED")),
        }),
      "has a signature that does not match",
    ],
    [
      "a person in the event whom the signature does not have",
      (begun) =>
        begun.begin("r1", two, [mei]).add(context, { ...approvedBy(bo, two, begun.now), key: mei.approver.key }),
      "differs from what was signed",
    ],
    [
      "a review by the one who signed",
      (begun) =>
        begun
          .begin("r1", two, [mei, bo])
          .add(context, { kind: "glass-reviewed", approver: "Mei Lin", reason: "fine", signed: { format: "x" } }),
      "its review is not signed",
    ],
    [
      "a policy without approvals",
      (begun) => begun.adopt(POLICY, { ...POLICY, approvals: { ...POLICY.approvals, required: 0 } }, []),
      "the adopted policy 2 approvals are required",
    ],
  ])("%s", async (_, change, why) => {
    expect((await whatIsWrong(change)).join("\n")).toContain(why)
  })

  it("an approval that was used before", async () => {
    const begun = new Writer().adopt(null, POLICY, [mei, bo]).at("2026-07-02T08:00:00Z").add({}, plannedEvent(two))
    begun.begin("r1", two, [mei, bo]).switched("r1").end("r1")
    const used = begun.rows.flatMap(({ body }) => {
      const { what } = JSON.parse(body)
      return what.kind === "approved" ? [what] : []
    })
    begun.begin("r2", two, [])
    for (const one of used) begun.add({ release: "r2", run: "run-r2" }, one)
    const { problems } = await exported(begun.switched("r2").end("r2").rows)
    expect(problems.map(({ what }) => what).join("\n")).toContain("was used for r1; approvals.uses is 1")
  })
})

describe("keys that the reader knows:", () => {
  /** One key has four spellings: the last character of its Base64 has two bits without meaning. */
  const respelled = (key: string): string => {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return `${key.slice(0, -2)}${letters[letters.indexOf(key.at(-2) ?? "") + 1]}=`
  }

  it("one that is spelled otherwise is the same", () => {
    const spelled = keys.map(respelled)
    expect(spelled).not.toEqual(keys)
    expect(verifyAudit(files, { keys: spelled, heads }).problems).toEqual([])
  })

  it("a signature by another one is found", () => {
    expect(first(files, { keys: [mei.approver.key, newApprovalKey(null).publicKey] })).toMatch(
      /^Bo Chen signed with the key [0-9a-f]{16}, which --key does not list$/,
    )
  })
})
