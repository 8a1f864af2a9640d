import { sign } from "node:crypto"
import { describe, expect, test } from "vitest"
import { type ApprovalFile, approvalFile, signedBytes } from "../../core/release/approval/approval.js"
import { breakGlass } from "../../core/release/approval/break-glass.js"
import { readExpiry } from "../../core/release/approval/expires.js"
import { newApprovalKey, readPrivateKey } from "../../core/release/approval/key.js"
import { signApproval } from "../../core/release/approval/sign.js"
import { type Asked, isSigned, judgeApprovals } from "../../core/release/approval/verify.js"
import { identityOf } from "../../core/release/plan/plan-id.js"
import { approval, NOW, person, plan, planInput, recorded, settings } from "./approval-samples.js"

const [mei, bo, an, stranger] = [person("Mei Lin"), person("Bo Chen"), person("An Wu"), person("Stranger")]
const meiAgain = person("Mei Lin")
const production = settings([mei, bo], { keys: [mei, meiAgain, bo].map(({ approver }) => approver) })

function asked(more: Partial<Asked> = {}): Asked {
  return {
    identity: identityOf(plan()),
    settings: production,
    elsewhere: new Map([["staging", settings([an])]]),
    records: recorded(plan()),
    deployer: "the test",
    now: NOW,
    ...more,
  }
}

/** What is refused, and what is said of it. */
function refusals(texts: string[], more: Partial<Asked> = {}): [code: string, file: number | null, message: string][] {
  const verdict = judgeApprovals(texts, asked(more))
  return verdict.kind === "approved" ? [] : verdict.problems.map(({ code, file, message }) => [code, file, message])
}
const codes = (texts: string[], more: Partial<Asked> = {}): string[] => refusals(texts, more).map(([code]) => code)

/** A file that somebody changed after it was signed. */
function changed(text: string, change: (file: ApprovalFile) => unknown): string {
  const file = approvalFile.parse(JSON.parse(text))
  return JSON.stringify(change(file) ?? file)
}

/** Signed by somebody who holds a key and writes what they like. */
function forged(by: typeof mei, change: (file: ApprovalFile) => void): string {
  const file = approvalFile.parse(JSON.parse(approval(by)))
  change(file)
  return JSON.stringify({ ...file, signature: sign(null, signedBytes(file.statement), by.key).toString("base64") })
}

test("as many different people as the environment asks for are enough", () => {
  const verdict = judgeApprovals([approval(mei), approval(bo)], asked())
  expect(verdict).toMatchObject({
    kind: "approved",
    approvals: [{ statement: { approver: "Mei Lin", reason: "reviewed" } }, { statement: { approver: "Bo Chen" } }],
  })
})

test("an environment that asks for none needs none, and still refuses a forged one", () => {
  const none = settings([mei], { required: 0 })
  expect(codes([], { settings: none })).toEqual([])
  expect(codes([approval(stranger)], { settings: none })).toEqual(["approval-unknown-key"])
})

describe("each forgery is refused by its own name", () => {
  const good = () => approval(bo)
  test.each<[string, () => string[], string]>([
    [
      "not signed",
      () => [changed(approval(mei), (file) => ({ ...file, signature: null })), good()],
      "approval-unsigned",
    ],
    [
      "an empty signature",
      () => [changed(approval(mei), (file) => ({ ...file, signature: "" })), good()],
      "approval-unsigned",
    ],
    [
      "the signature cut out",
      () => [changed(approval(mei), ({ signature: _, ...rest }) => rest), good()],
      "approval-unsigned",
    ],
    [
      "another reason written in",
      () => [
        changed(approval(mei), (file) => ({ ...file, statement: { ...file.statement, reason: "because" } })),
        good(),
      ],
      "approval-bad-signature",
    ],
    [
      "a later end written in",
      () => [
        changed(approval(mei), (file) => ({
          ...file,
          statement: { ...file.statement, expiresAt: "2027-01-01T00:00:00Z" },
        })),
        good(),
      ],
      "approval-bad-signature",
    ],
    [
      "another image written in",
      () => [
        changed(approval(mei), (file) => ({
          ...file,
          statement: { ...file.statement, imageDigest: `sha256:${"00".repeat(32)}` },
        })),
        good(),
      ],
      "approval-bad-signature",
    ],
    [
      "signed by a stranger under a known key",
      () => [
        forged(stranger, (file) => void Object.assign(file.statement, { key: mei.approver.key, approver: "Mei Lin" })),
        good(),
      ],
      "approval-bad-signature",
    ],
    [
      "the signature of another approval",
      () => [
        changed(approval(mei), (file) => ({
          ...file,
          signature: approvalFile.parse(JSON.parse(approval(mei, { reason: "x" }))).signature,
        })),
        good(),
      ],
      "approval-bad-signature",
    ],
    [
      "the signature spelled in another way",
      () => [changed(approval(mei), (file) => ({ ...file, signature: ` ${file.signature}` })), good()],
      "approval-bad-signature",
    ],
    ["a stranger's own key", () => [approval(stranger), good()], "approval-unknown-key"],
    ["a key of another environment", () => [approval(an), good()], "approval-key-not-allowed"],
    [
      "in another's name",
      () => [forged(mei, (file) => void (file.statement.approver = "An Wu")), good()],
      "approval-approver",
    ],
    [
      "expired",
      () => [approval(mei, { at: new Date("2026-11-22T05:00:00Z"), until: NOW }), good()],
      "approval-expired",
    ],
    [
      "signed in the future",
      () => [approval(mei, { at: new Date(NOW.getTime() + 121_000) }), good()],
      "approval-not-yet-valid",
    ],
    [
      "holding for too long",
      () => [approval(mei, { until: new Date(NOW.getTime() + 86_401_000) }), good()],
      "approval-too-long",
    ],
    [
      "an id that its parts do not give",
      () => [forged(mei, (file) => void (file.statement.planId = `plan-${"0".repeat(64)}`)), good()],
      "approval-inconsistent",
    ],
    [
      "for another environment",
      () => [approval(mei, { plan: plan({ environment: "staging" }) }), good()],
      "approval-other-environment",
    ],
    [
      "for another image",
      () => [
        approval(mei, {
          plan: plan({ image: { now: null, next: { reference: "x", digest: `sha256:${"ff".repeat(32)}` } } }),
        }),
        good(),
      ],
      "approval-other-image",
    ],
    [
      "for another migration",
      () => [approval(mei, { plan: plan({ migrations: [] }) }), good()],
      "approval-other-migrations",
    ],
    [
      "for other commands before the start",
      () => [approval(mei, { plan: plan({ commands: ["drop-everything"] }) }), good()],
      "approval-other-commands",
    ],
    [
      "for another version",
      () => [approval(mei, { plan: plan({ releaseVersion: "1.5.0" }) }), good()],
      "approval-other-version",
    ],
    [
      "for another source",
      () => [approval(mei, { plan: plan({ source: `sha256:${"00".repeat(32)}` }) }), good()],
      "approval-other-source",
    ],
    [
      "for other settings",
      () => [approval(mei, { plan: plan({ settings: { ...planInput().settings, target: "app2" } }) }), good()],
      "approval-other-settings",
    ],
    ["for another service", () => [approval(mei, { plan: plan({ service: "blog" }) }), good()], "approval-other-plan"],
    [
      "for a plan file that was changed",
      () => [approval(mei, { plan: plan({ commits: { kind: "unknown", why: "nothing to see" } }) }), good()],
      "approval-other-file",
    ],
    [
      "for another configuration",
      () => [approval(mei, { plan: plan({ config: { ...planInput().config, digest: "scrypt:0022" } }) }), good()],
      "approval-other-config",
    ],
    ["the same file twice", () => [approval(bo), approval(bo)], "approval-key-twice"],
    ["twice by the same key", () => [approval(bo), approval(bo, { reason: "still fine" })], "approval-key-twice"],
    ["twice by one person with two keys", () => [approval(mei), approval(meiAgain)], "approval-person-twice"],
    [
      "of a later version",
      () => [changed(approval(mei), (file) => ({ ...file, version: 3 })), good()],
      "approval-version",
    ],
    [
      "with a field that nobody signed",
      () => [changed(approval(mei), (file) => ({ ...file, approved: true })), good()],
      "approval-unreadable",
    ],
    ["no approval at all", () => ["[]", good()], "approval-unreadable"],
    ["no JSON", () => ["approved!", good()], "approval-unreadable"],
    ["too large", () => [" ".repeat(300_000), good()], "approval-unreadable"],
  ])("%s", (_, texts, code) => {
    expect(codes(texts())).toEqual([code, "approval-too-few"])
  })

  test("revoked, from the day on that it says, whenever it was signed", () => {
    const revoked = person("Mei Lin", { revoked: "2026-11-22" })
    const later = person("Mei Lin", { revoked: "2026-11-23" })
    expect(codes([approval(revoked)], { settings: settings([revoked]) })).toEqual([
      "approval-key-revoked",
      "approval-too-few",
    ])
    expect(codes([approval(later)], { settings: settings([later]) })).toEqual([])
  })

  test("too few", () => {
    expect(refusals([])).toEqual([
      ["approval-too-few", null, "production requires 2 approvals by different approvers; 0 are valid"],
    ])
    expect(refusals([approval(mei)])[0]?.[2]).toContain("1 is valid")
  })
})

test("a clock that is ahead within the tolerance is not a forgery", () => {
  expect(codes([approval(mei, { at: new Date(NOW.getTime() + 119_000) }), approval(bo)])).toEqual([])
})

test("what is exactly at a limit is within it", () => {
  const hours = 4 * 3_600_000
  const of = (at: number) => [approval(mei, { at: new Date(NOW.getTime() + at) }), approval(bo)]
  expect(codes(of(120_000))).toEqual([])
  expect(codes(of(121_000))).toEqual(["approval-not-yet-valid", "approval-too-few"])
  const longest = (seconds: number) => ({ settings: { ...production, longest: seconds } })
  expect(codes([approval(mei), approval(bo)], longest(hours / 1000))).toEqual([])
  expect(codes([approval(mei), approval(bo)], longest(hours / 1000 - 1))).toContain("approval-too-long")
  // expired at the moment at which it says so
  expect(codes(of(-hours))).toEqual(["approval-expired", "approval-too-few"])
  expect(codes(of(-hours + 1000))).toEqual([])
})

test("a key of several environments is named with one that lists it, though others there are not it", () => {
  const elsewhere = new Map([["staging", settings([bo, an])]])
  expect(refusals([approval(an)], { elsewhere })[0]).toMatchObject([
    "approval-key-not-allowed",
    0,
    expect.stringContaining("may approve staging but not production"),
  ])
})

test("nobody's signature is on what has none, or no canonical form", () => {
  const file = approvalFile.parse(JSON.parse(approval(mei)))
  expect(isSigned(file)).toBe(true)
  expect(isSigned({ ...file, signature: null })).toBe(false)
  expect(isSigned({ ...file, statement: { ...file.statement, reason: "\ud800" } })).toBe(false)
})

test("one that is wrong refuses, however many others are right", () => {
  expect(codes([approval(mei), approval(bo), approval(stranger)])).toEqual(["approval-unknown-key"])
})

test("everything that is wrong is said at once, with the file that it is about", () => {
  const other = plan({ environment: "staging", migrations: [] })
  expect(
    refusals([approval(mei, { plan: other, at: new Date("2026-11-20T00:00:00Z") }), approval(stranger)]).map(
      ([code, file]) => [code, file],
    ),
  ).toEqual([
    ["approval-expired", 0],
    ["approval-other-environment", 0],
    ["approval-other-migrations", 0],
    ["approval-unknown-key", 1],
    ["approval-too-few", null],
  ])
})

test("what a stranger writes into a file cannot act on a terminal", () => {
  const text = forged(stranger, (file) => void (file.statement.environment = "\u001b[2J\u202eproduction\n##[error]"))
  const said = JSON.stringify(refusals([text]).map(([, , message]) => message))
  expect(said).not.toContain("\u001b")
  expect(said).not.toContain("\u202e")
})

test("another order of keys and blanks is not a forgery: the content is signed, not its spelling", () => {
  const { signature, statement, version, format } = approvalFile.parse(JSON.parse(approval(mei)))
  const spelled = JSON.stringify(
    { signature, statement: Object.fromEntries(Object.entries(statement).reverse()), version, format },
    null,
    8,
  )
  expect(codes([spelled, approval(bo)])).toEqual([])
})

test("no change of a single byte of a file lets it through", () => {
  const text = approval(mei)
  const one = settings([mei])
  const original = JSON.stringify(JSON.parse(text))
  for (let index = 0; index < text.length; index += 1)
    for (const bit of [1, 32]) {
      const flipped = text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ bit) + text.slice(index + 1)
      const verdict = judgeApprovals([flipped], asked({ settings: one }))
      // the same statement in another spelling is the same approval
      if (verdict.kind === "approved") expect(JSON.stringify(JSON.parse(flipped))).toBe(original)
    }
})

test("whatever is handed in is judged, and never throws", () => {
  let seed = 20261122
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const texts = [
    approval(mei),
    approval(bo),
    "null",
    "{}",
    "[[[[",
    '{"format":"tollgate-approval","version":2}',
    '{"__proto__":{"signature":"x"}}',
  ]
  const values = ["null", "true", "1e999", '"\\ud800"', "[]", "{}", '"__proto__"', "-0", '"' + "A".repeat(86) + '=="']
  for (let round = 0; round < 3000; round += 1) {
    let text = texts[random(texts.length)] ?? ""
    for (let cut = random(4); cut >= 0; cut -= 1) {
      const [at, length] = [random(text.length + 1), random(40)]
      text =
        text.slice(0, at) + (random(2) === 0 ? "" : (values[random(values.length)] ?? "")) + text.slice(at + length)
    }
    const verdict = judgeApprovals([text], asked({ settings: settings([mei, bo], { required: 1 }) }))
    if (verdict.kind === "approved")
      expect(JSON.parse(text)).toEqual(JSON.parse(approvalOf(verdict.approvals[0]?.statement.approver, texts)))
  }
})

function approvalOf(name: string | undefined, texts: string[]): string {
  return texts.find((text) => text.includes(`"approver":"${name}"`)) ?? "null"
}

describe("signing", () => {
  const request = {
    plan: plan(),
    key: mei.key,
    approver: "Mei Lin",
    reason: "reviewed",
    now: NOW,
    expiresAt: new Date(NOW.getTime() + 3_600_000),
    settings: production,
  }
  test.each([
    ["a key that may not approve", { key: stranger.key, approver: "Stranger" }, "approval-unknown-key"],
    ["another's name", { approver: "Bo Chen" }, "approval-approver"],
    ["no reason", { reason: " \n" }, "approval-reason"],
    ["an end in the past", { expiresAt: NOW }, "approval-expired"],
    ["too late an end", { expiresAt: new Date(NOW.getTime() + 86_401_000) }, "approval-too-long"],
    ["a plan that was changed", { plan: { ...plan(), environment: "staging" } }, "plan-altered"],
    [
      "a plan whose image was changed",
      { plan: { ...plan(), image: { now: null, next: { reference: "x", digest: `sha256:${"99".repeat(32)}` } } } },
      "plan-altered",
    ],
  ])("with %s is refused", (_, more, code) => {
    expect(() => signApproval({ ...request, ...more })).toThrow(expect.objectContaining({ code }))
  })

  test("with a key that has a passphrase works with that passphrase alone", () => {
    const passphrase = "correct horse battery"
    const { privatePem, publicKey } = newApprovalKey(passphrase)
    expect(privatePem).toContain("BEGIN ENCRYPTED PRIVATE KEY")
    const key = readPrivateKey(privatePem, passphrase)
    const own = settings([{ approver: { name: "Mei Lin", also: [], key: publicKey }, key }])
    const signed = signApproval({ ...request, key, settings: own })
    expect(judgeApprovals([JSON.stringify(signed)], asked({ settings: own })).kind).toBe("approved")
    expect(() => readPrivateKey(privatePem, "wrong horse battery")).toThrow(
      "the passphrase is wrong, or the file is damaged",
    )
    expect(() => readPrivateKey(privatePem, null)).toThrow("is encrypted")
    expect(() => newApprovalKey("too short")).toThrow("fewer than 12 characters")
  })

  test.each([
    "",
    "not a key",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
  ])("with %j is refused without repeating it", (text) => {
    expect(() => readPrivateKey(text, null)).toThrow(expect.objectContaining({ code: "approval-private-key" }))
    expect(() => readPrivateKey(text, null)).not.toThrow("AAAA")
  })
})

test.each([
  ["4h", "2026-11-22T14:00:00.000Z"],
  ["90m", "2026-11-22T11:30:00.000Z"],
  ["1h30m", "2026-11-22T11:30:00.000Z"],
  ["2026-11-22T18:00+08:00", "2026-11-22T10:00:00.000Z"],
])("--expires=%s ends at %s", (given, end) => expect(readExpiry(given, NOW).toISOString()).toBe(end))

test.each(["", "4", "0h", "2026-11-22T18:00", "tomorrow", "4h ago", "-4h", "2026-13-45T00:00Z"])(
  "--expires=%s is refused",
  (given) => {
    expect(() => readExpiry(given, NOW)).toThrow(expect.objectContaining({ code: "approval-expiry" }))
  },
)

describe("break-glass", () => {
  const people = { deployer: "Mei Lin", signer: "Bo Chen" }
  const refused = ["approval-too-few", "frozen", "approval-too-few"]
  test("overrides refusals, loudly, and names them", () => {
    const passage = breakGlass(refused, "customers cannot pay since 9:40", production, "production", people)
    expect(passage).toMatchObject({
      kind: "broken-glass",
      waived: ["approval-too-few", "frozen"],
      reason: "customers cannot pay since 9:40",
    })
    expect(passage?.kind === "broken-glass" && passage.banner.join("\n")).toContain(
      "Mei Lin deploys to production and overrides: approval-too-few, frozen",
    )
  })
  test("without it, what refuses refuses", () =>
    expect(breakGlass(refused, null, production, "production", people)).toBeNull())
  test("breaks nothing where nothing refuses", () =>
    expect(
      [null, "customers cannot pay"].map((given) => breakGlass([], given, production, "production", people)),
    ).toEqual([{ kind: "open" }, { kind: "open" }]))
  test.each(["", "   ", "x", "123456789"])("needs a reason: %j is not one", (reason) => {
    expect(() => breakGlass(refused, reason, production, "production", people)).toThrow(
      expect.objectContaining({ code: "break-glass-reason" }),
    )
  })
  test("needs a signature where a key is listed, and says whose it has", () => {
    const reason = "customers cannot pay"
    const unsigned = { deployer: "Mei Lin", signer: null }
    expect(() => breakGlass(refused, reason, production, "production", unsigned)).toThrow(
      expect.objectContaining({ code: "break-glass-unsigned" }),
    )
    const banner = (settings: typeof production, who: typeof people | typeof unsigned) => {
      const passage = breakGlass(refused, reason, settings, "production", who)
      return passage?.kind === "broken-glass" ? passage.banner : []
    }
    expect(banner(production, people)).toContain("signed by Bo Chen")
    expect(banner({ ...production, keys: [] }, unsigned).slice(1)).toEqual([
      "Mei Lin deploys to production and overrides: approval-too-few, frozen",
      "reason: customers cannot pay",
      "This is recorded in the ledger and sent to all channels.",
    ])
  })
  test("accepts a reason of ten characters, and records it without the blanks around it", () => {
    expect(() => breakGlass(refused, " 1234 \n  6789 ", production, "production", people)).toThrow("has no reason")
    expect(breakGlass(refused, " 12345 \n  789x ", production, "production", people)).toMatchObject({
      reason: "12345 789x",
    })
  })
  test("overrides no wrong approval, in whichever order the refusals come", () => {
    for (const codes of [
      ["approval-too-few", "approval-bad-signature"],
      ["approval-bad-signature", "approval-too-few"],
    ])
      expect(breakGlass(codes, "customers cannot pay", production, "production", people)).toBeNull()
  })
  test("can be forbidden", () => {
    expect(() =>
      breakGlass(refused, "customers cannot pay", { ...production, breakGlass: false }, "production", people),
    ).toThrow(expect.objectContaining({ code: "break-glass-forbidden" }))
  })
})
