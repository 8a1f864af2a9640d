import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { type EventContext, eventBody, type Happening, happening } from "../../../core/ledger/event.js"
import { eventBodyOf } from "../../../core/ledger/write.js"
import { openChannels } from "../../../core/notify/channels.js"
import { messageOf, type Notice, slackBody, webhookBody } from "../../../core/notify/message.js"
import { notifier } from "../../../core/notify/notifier.js"
import { changeTexts, freeData, freeText, signedFile } from "../../../core/secrets/free-text.js"
import { redactor } from "../../../core/secrets/redact.js"
import { TollgateError } from "../../../core/shared/errors.js"
import { terminalJson, terminalText } from "../../../core/shared/plain-text.js"
import { httpServer } from "../notify-servers.js"

/** A configuration may hold any word of Tollgate's own as a value. */
const redact = redactor(["production", "payments", "switch", "live", "step-finished", "hash-key-word"])
const DIGEST = `sha256:${"ab".repeat(32)}`
const AT = "2026-11-29T10:00:00Z"

const context: EventContext = {
  service: "payments",
  environment: "production",
  release: "production",
  run: "production",
  token: 1,
  who: "production",
}
const held = { run: "production", owner: "production", token: 1, expired: false }

/** Each kind of event, with `production` wherever a text may be. */
const EVENTS: Happening[] = [
  {
    kind: "release-started",
    action: "deploy",
    version: "production",
    image: "production",
    digest: "production",
    previous: { release: "production", digest: "production" },
    revision: "production",
    planId: "production",
    sourceDigest: "production",
    configDigest: "production",
    configNames: ["production"],
    migrations: ["production"],
    why: "production",
    scheduledFor: AT,
  },
  { kind: "step-started", step: "production" },
  {
    kind: "step-finished",
    step: "production",
    outcome: "done",
    seconds: 1,
    note: "production",
    detail: { production: "production", digest: DIGEST, reference: `registry/production@${DIGEST}` },
  },
  {
    kind: "planned",
    planId: "production",
    planSha256: "production",
    authors: ["production"],
    authorsUnknown: "production",
    settings: { production: "production" },
    commits: [{ id: "production", at: AT }],
    revision: "production",
  },
  { kind: "plan-file", planId: "production", planSha256: "production", plan: { why: "production" } },
  {
    kind: "policy-approval-given",
    from: "production",
    to: "production",
    approver: "production",
    signed: { why: "production" },
  },
  {
    kind: "approval-given",
    planId: "production",
    planSha256: "production",
    approver: "production",
    signed: { why: "production" },
  },
  {
    kind: "policy-adopted",
    digest: "production",
    previous: "production",
    reason: "production",
    signed: { why: "production" },
  },
  {
    kind: "approved",
    planId: "production",
    planSha256: "production",
    approver: "production",
    key: "production",
    reason: "production",
    signedAt: AT,
    expiresAt: AT,
    signed: { why: "production" },
  },
  { kind: "broke-glass", reason: "production", waived: ["production"], signed: { why: "production" } },
  { kind: "glass-reviewed", approver: "production", reason: "production", signed: { why: "production" } },
  {
    kind: "release-finished",
    outcome: "live",
    serving: { release: "production", digest: "production" },
    causes: ["production"],
    seconds: 1,
  },
  { kind: "notified", event: "production", channel: "production", sent: false, attempts: 1, error: "production" },
  { kind: "lease-taken", command: "production", from: held, reason: "production" },
  { kind: "lease-released" },
  { kind: "unlocked", reason: "production", held },
  { kind: "token-raised", from: 1, to: 2, reason: "production" },
  { kind: "maintenance", on: true, message: "production" },
  { kind: "requested", request: "production", signed: { why: "production" } },
  { kind: "request-taken", number: 1, attempt: 1, lease: { place: 1, token: 1 } },
  { kind: "request-refused", number: 1, problems: [{ code: "production", message: "production" }] },
  { kind: "request-finished", number: 1, outcome: "done", release: "production", note: "production" },
  {
    kind: "ci-ran",
    app: "production",
    branch: "production",
    change: "production",
    base: "production",
    revision: "production",
    source: "production",
    verdict: "failed",
    words: "production",
    startedAt: AT,
    seconds: 1,
    gates: [
      {
        name: "production",
        verdict: "failed",
        words: "production",
        reasons: ["production"],
        figures: [{ name: "production", value: 1, before: null }],
        suites: [
          {
            name: "production",
            verdict: "failed",
            tests: 1,
            failed: 1,
            failedTests: ["production"],
            seconds: 1,
            cached: false,
          },
        ],
        cached: false,
        seconds: 1,
      },
    ],
    report: { id: "00000000-0000-4000-8000-000000000000", sha256: "production", files: 1, bytes: 1, leftOut: 0 },
  },
  {
    kind: "target-seen",
    problem: { code: "production", why: "production" },
    target: {
      places: [{ place: "production", release: "production", proxy: "down", why: "production" }],
      foreign: { place: "production", to: "production" },
      releases: [
        {
          release: "production",
          version: "production",
          digest: "production",
          startedAt: "production",
          switchedAt: "production",
          places: [{ place: "production", running: true }],
        },
      ],
      leftOut: 1,
      maintenance: "production",
    },
  },
]

/** Places at which two documents differ. */
function differences(one: unknown, other: unknown, at = ""): string[] {
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null)
    return one === other ? [] : [at]
  const [first, second] = [Object.entries(one), new Map(Object.entries(other))]
  const gone = [...second.keys()].filter((name) => !(name in one)).map((name) => `${at}.${name}`)
  return [...first.flatMap(([name, value]) => differences(value, second.get(name), `${at}.${name}`)), ...gone]
}

describe("a value that is also an environment's name", () => {
  it("changes nothing of an event in the ledger but its free text", () => {
    const kinds = new Set(happening.options.map((option) => option.shape.kind.value))
    expect(new Set(EVENTS.map(({ kind }) => kind))).toEqual(kinds)
    const changed = EVENTS.flatMap((what) => {
      const body = eventBodyOf(context, what, new Date(), redact)
      expect(eventBody.safeParse(body).success).toBe(true)
      expect(body.context).toEqual(context)
      return differences(what, body.what).map((at) => what.kind + at)
    })
    expect(changed).toEqual([
      "release-started.why",
      "step-finished.note",
      "step-finished.detail.production",
      "planned.authorsUnknown",
      "policy-adopted.reason",
      "approved.reason",
      "broke-glass.reason",
      "glass-reviewed.reason",
      "release-finished.causes.0",
      "notified.error",
      "lease-taken.reason",
      "unlocked.reason",
      "token-raised.reason",
      "maintenance.message",
      "request-refused.problems.0.message",
      "request-finished.note",
      "ci-ran.words",
      "ci-ran.gates.0.words",
      "ci-ran.gates.0.reasons.0",
      "ci-ran.gates.0.suites.0.failedTests.0",
      "target-seen.problem.why",
      "target-seen.target.places.0.why",
      "target-seen.target.maintenance",
    ])
  })

  it.each(["step-finished", "switch", "live", "payments"])("and %s as a value keeps an event what it is", (value) => {
    const what: Happening = {
      kind: "step-finished",
      step: value,
      outcome: "done",
      seconds: 1,
      note: value,
      detail: null,
    }
    const body = eventBodyOf({ ...context, service: value }, what, new Date(), redactor([value]))
    expect(body).toMatchObject({ context: { service: value }, what: { ...what, note: "***" } })
  })

  it("changes nothing of a test's evidence but its free text", () => {
    const record = {
      suite: "production",
      file: "production",
      outcome: "production",
      selected: ["tests/production.py::test[production]"],
      longrepr: "production",
    }
    const program =
      "import json, sys; from tollgate_redact import Redactor; print(json.dumps(Redactor(['production']).tree(json.load(sys.stdin))))"
    const { stdout } = spawnSync("python3", ["-c", program], { cwd: "core/qa/python", input: JSON.stringify(record) })
    expect(JSON.parse(stdout.toString())).toEqual({
      ...record,
      selected: ["tests/production.py::test[***]"],
      longrepr: "***",
    })
  })

  it("changes nothing of a notification but its free text", async () => {
    const server = await httpServer()
    const values = new Map([
      ["NOTIFY_WEBHOOK_URL", server.url],
      ["NOTIFY_WEBHOOK_SECRET", "s".repeat(32)],
    ])
    const told = notifier(
      openChannels(
        { webhook: { url: "NOTIFY_WEBHOOK_URL", secret: "NOTIFY_WEBHOOK_SECRET", on: ["failure"] }, wait: 4 },
        values,
      ),
      4,
      redact,
    )
    told.tell(notice({ why: "hash-key-word", causes: ["production is hash-key-word"] }))
    await told.settle()
    const sent: unknown = JSON.parse(server.received[0]?.body ?? "")
    expect(sent).toMatchObject({
      ...notice({}),
      why: "***",
      causes: ["*** is ***"],
      title: "FAILED: payments to production",
    })
  })
})

describe("a document's texts", () => {
  const schema = z.strictObject({
    id: z.string(),
    said: freeText.nullable().default("production"),
    more: z.record(z.string(), z.array(freeText.optional())),
    any: freeData,
    signed: signedFile,
  })
  const identifier = (text: string) => `<${text}>`
  it("are free where the schema says so, at any depth", () => {
    const given = {
      id: "live",
      said: "live",
      more: { live: ["live"] },
      any: { live: [{ a: "live" }] },
      signed: ["live"],
    }
    expect(changeTexts(schema, given, { free: redact, identifier })).toEqual({
      id: "<live>",
      said: "***",
      more: { live: ["***"] },
      any: { live: [{ a: "***" }] },
      signed: ["live"],
    })
    expect(changeTexts(schema, { ...given, said: null }, { free: redact, identifier }).said).toBeNull()
  })
})

const ESC = "\u001b"
const COMMANDS = [
  `${ESC}[2J${ESC}[1;31mred${ESC}]0;title\u0007 \u009b31m \u009d8;;http://x\u009c ${ESC}Pq${ESC}\\`,
  "::error file=a::gotcha",
  "  ::set-output name=a::b",
  "\t::add-mask::a",
  "well\r::stop-commands::x",
  "##[error]gotcha and ##vso[task.setvariable variable=a]b ##teamcity[x]",
  "section_start:1700000000:name\r\u001b[0Khidden",
  "section_end:1700000000:name",
]

describe("a line of a host, a test or a person", () => {
  it.each(COMMANDS)("%j is shown, and executed by no terminal and no CI", (line) => {
    for (const shown of [
      terminalText(`before\n${line}`),
      new TollgateError("code", line, "next").message,
      new TollgateError("code", "what", line).message,
    ]) {
      expect(shown).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
      expect(shown).not.toMatch(/^\s*::[A-Za-z]/m)
      expect(shown).not.toMatch(/##[A-Za-z.]*\[/)
      expect(shown).not.toMatch(/section_(start|end):\d/)
    }
    const json = terminalJson({ line })
    expect(JSON.parse(json)).toEqual({ line })
    expect(json).not.toMatch(/[\x7f-\x9f]|##[A-Za-z.]*\[|section_(start|end):\d|\u001b/)
  })

  it("keeps what only looks like one", () => {
    const text = "std::vector ::1 a::b ::: ## heading [x] section_start: now"
    expect(terminalText(text)).toBe(text)
  })
})

describe("a notification", () => {
  const calls = ["@everyone", "@here", "<!channel>", "<!here|x>", "<@U123>", "(@all)", "a @channel"]
  it.each(calls)("with %s in a reason, a name, a cause or a branch mentions nobody", (call) => {
    const given = notice({ who: call, why: call, causes: [`cause ${call}`], serving: call })
    const failed: Notice = { ...given, event: "ci-failed", branch: call }
    const messages = [given, failed].map(messageOf).map(({ title, lines }) => [title, ...lines].join("\n"))
    for (const text of [...messages, ...[given, failed].flatMap((one) => [slackBody(one), webhookBody(one)])])
      expect(text).not.toMatch(/@(?:everyone|here|all|channel|U123)|<!|<@/)
  })

  it("keeps an address", () => {
    expect(messageOf(notice({ who: "mei.lin@example.com" })).lines[0]).toContain("mei.lin@example.com")
  })
})

function notice(more: Partial<Notice>): Notice {
  return {
    event: "failure",
    service: "payments",
    environment: "production",
    release: "live",
    run: "switch",
    who: "payments",
    why: "",
    digest: DIGEST,
    revision: "production",
    planId: "production",
    causes: [],
    serving: null,
    seconds: 1,
    at: AT,
    ...more,
  }
}
