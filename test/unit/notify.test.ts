import { describe, expect, test } from "vitest"
import type { Status } from "../../core/ci/status.js"
import { parseSettings } from "../../core/config/parse.js"
import { openChannels } from "../../core/notify/channels.js"
import { ciNotice } from "../../core/notify/ci-notice.js"
import { messageOf, type Notice, slackBody, webhookBody } from "../../core/notify/message.js"
import { type Notified, notifier } from "../../core/notify/notifier.js"
import { isGenuine, TOLERANCE } from "../../core/notify/signature.js"
import { redactor } from "../../core/secrets/redact.js"
import { aStatus, ended } from "./ci-samples.js"
import { freePort, httpServer, mailServer } from "./notify-servers.js"

const SECRET = "hmac-secret-word-of-32-characters"
const REASON_SECRET = "hash-key-word"
/** As many as outside of tests, and shorter. */
const PAUSES = [10, 20, 30]

function notice(more: Partial<Notice> = {}): Notice {
  return {
    event: "failure",
    service: "shop",
    environment: "production",
    release: "r1",
    run: "run-1",
    who: "Mei Lin",
    why: "weekly release",
    digest: `sha256:${"a1".repeat(32)}`,
    revision: "0123456789abcdef",
    planId: null,
    causes: ["the new version answered 500"],
    serving: "b2b2b2b2b2b2, as before",
    seconds: 61,
    at: "2026-11-22T10:00:00.000Z",
    ...more,
  }
}

function settings(text: string) {
  return parseSettings(`qa: { runner: qa.py, suites: { e2e: { files: [a.py] } } }\nnotifications: ${text}`)
    .notifications
}

async function tell(text: string, values: Record<string, string>, ...notices: Notice[]): Promise<Notified[]> {
  const given = settings(text)
  const channels = openChannels(given, new Map(Object.entries(values)))
  const told = notifier(channels, given.wait, redactor([REASON_SECRET]), PAUSES)
  for (const one of notices.length === 0 ? [notice()] : notices) told.tell(one)
  return told.settle()
}

describe("a notification", () => {
  test("of a success says what readers are warned of", () => {
    const warned = notice({ event: "success", causes: [], warnings: ["it was not watched to the end, @everyone"] })
    expect(messageOf(warned)).toMatchObject({
      lines: expect.arrayContaining([expect.stringMatching(/^warning: it was/)]),
    })
    expect(JSON.parse(webhookBody(warned))).toMatchObject({ warnings: [expect.not.stringContaining("@everyone")] })
    expect(JSON.parse(webhookBody(notice()))).not.toHaveProperty("warnings")
  })

  test("is one message for all channels", () => {
    expect(messageOf(notice())).toEqual({
      title: "FAILED: shop to production",
      lines: [
        "by Mei Lin: weekly release",
        "cause: the new version answered 500",
        "serving now: b2b2b2b2b2b2, as before",
        "image a1a1a1a1a1a1, commit 0123456789ab",
        "release r1, 1 min 1 s",
      ],
    })
  })

  test.each(["start", "success", "failure", "rollback", "approval-needed", "break-glass"] as const)(
    "says of %s what it is about",
    (event) => {
      const { title } = messageOf(notice({ event }))
      expect(title).toContain("shop")
      expect(title).toContain("production")
    },
  )

  test("says what to type for an approval", () => {
    const commands = [
      "tollgate plan --env=production --version=1.1 --out=plan.json",
      "tollgate approve --plan=plan.json",
    ]
    const { lines } = messageOf(notice({ event: "approval-needed", causes: [], commands }))
    expect(lines).toEqual(expect.arrayContaining(commands.map((command) => `run: ${command}`)))
  })

  test("neither mentions a channel nor makes a link nor moves a cursor, whatever a program said", () => {
    const body = slackBody(
      notice({ causes: ["<!channel> <https://evil.example|click> \u001b[2J & so"], who: "*bold*\nnew line" }),
    )
    expect(body).not.toContain("<")
    expect(body).not.toContain("\u001b")
    expect(body).toContain("&lt;\u200b!channel&gt;")
    expect(JSON.parse(body).text.split("\n")[1]).toBe("by *bold* new line: weekly release")
  })

  test("is short, however much went wrong", () => {
    const causes = Array.from({ length: 50 }, () => "x".repeat(100_000))
    expect(slackBody(notice({ causes })).length).toBeLessThan(4000)
    expect(messageOf(notice({ causes })).lines).toContain("and 45 more causes")
  })

  test("is there for programs, too", () => {
    expect(JSON.parse(webhookBody(notice()))).toMatchObject({
      version: 1,
      event: "failure",
      environment: "production",
      causes: ["the new version answered 500"],
      title: "FAILED: shop to production",
    })
  })
})

describe("Slack", () => {
  test("gets the message at its address", async () => {
    const server = await httpServer()
    expect(await tell("{ slack: {} }", { SLACK_WEBHOOK_URL: server.url })).toEqual([
      { event: "failure", channel: "slack", sent: true, attempts: 1, error: null },
    ])
    expect(JSON.parse(server.received[0]?.body ?? "").text).toContain("*FAILED: shop to production*")
    expect(server.received[0]?.headers["content-type"]).toContain("application/json")
  })

  test("gets only the events that it is on for", async () => {
    const server = await httpServer()
    const told = await tell(
      "{ slack: { on: [rollback, break-glass] } }",
      { SLACK_WEBHOOK_URL: server.url },
      notice(),
      notice({ event: "rollback" }),
      notice({ event: "start" }),
    )
    expect(told.map(({ event }) => event)).toEqual(["rollback"])
    expect(server.received).toHaveLength(1)
  })
})

describe("a webhook", () => {
  test("has no secret in reason, causes and warnings", async () => {
    const server = await httpServer()
    const words = [`it says ${REASON_SECRET}`]
    await tell("{ webhook: {} }", values(server.url), notice({ why: REASON_SECRET, causes: words, warnings: words }))
    expect(server.received[0]?.body).toContain("it says")
    expect(server.received[0]?.body).not.toContain(REASON_SECRET)
  })

  const values = (url: string) => ({ NOTIFY_WEBHOOK_URL: url, NOTIFY_WEBHOOK_SECRET: SECRET })

  test("gets a request that it can tell from a forged, a changed and a recorded one", async () => {
    const server = await httpServer()
    await tell("{ webhook: {} }", values(server.url))
    const [{ body = "", headers = {} } = {}] = server.received
    const given = {
      body,
      timestamp: Number(headers["tollgate-timestamp"]),
      delivery: String(headers["tollgate-delivery"]),
      signature: String(headers["tollgate-signature"]),
    }
    const now = given.timestamp
    expect(isGenuine(SECRET, given, now)).toBe(true)
    expect(isGenuine("another-secret-of-32-characters!", given, now)).toBe(false)
    expect(isGenuine(SECRET, { ...given, body: body.replace("production", "staging") }, now)).toBe(false)
    expect(isGenuine(SECRET, { ...given, delivery: "another" }, now)).toBe(false)
    expect(isGenuine(SECRET, { ...given, signature: "v1=00" }, now)).toBe(false)
    expect(isGenuine(SECRET, given, now + TOLERANCE + 1)).toBe(false)
    expect(isGenuine(SECRET, { ...given, timestamp: now + TOLERANCE + 1 }, now + TOLERANCE + 1)).toBe(false)
    expect(Math.abs(now - Date.now() / 1000)).toBeLessThan(60)
  })

  test("that is busy is retried, with the same delivery and a new signature", async () => {
    const server = await httpServer({ status: 503 }, { status: 429, headers: { "retry-after": "1" } }, { status: 200 })
    expect(await tell("{ webhook: {} }", values(server.url))).toMatchObject([{ sent: true, attempts: 3 }])
    const [first, second, third] = server.received
    expect(new Set(server.received.map(({ headers }) => headers["tollgate-delivery"])).size).toBe(1)
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(990)
    expect(
      isGenuine(
        SECRET,
        {
          body: first?.body ?? "",
          timestamp: Number(first?.headers["tollgate-timestamp"]),
          delivery: String(first?.headers["tollgate-delivery"]),
          signature: String(first?.headers["tollgate-signature"]),
        },
        Date.now() / 1000,
      ),
    ).toBe(true)
  })

  test.each([400, 401, 403, 404, 410])("that answers %i is not retried", async (status) => {
    const server = await httpServer({ status })
    expect(await tell("{ webhook: {} }", values(server.url))).toEqual([
      { event: "failure", channel: "webhook", sent: false, attempts: 1, error: `the server answered ${status}` },
    ])
  })

  test("that has moved is not followed: a request signed for one server is not sent to another", async () => {
    const other = await httpServer()
    const server = await httpServer({ status: 307, headers: { location: other.url } })
    expect(await tell("{ webhook: {} }", values(server.url))).toMatchObject([
      { sent: false, attempts: 1, error: "the server answered 307, a redirect: use its final address" },
    ])
    expect(other.received).toEqual([])
  })

  test("that always fails is tried four times", async () => {
    const server = await httpServer({ status: 500 })
    expect(await tell("{ webhook: {}, wait: 10 }", values(server.url))).toMatchObject([
      { sent: false, attempts: 4, error: "the server answered 500" },
    ])
    expect(server.received).toHaveLength(4)
  })
})

describe("e-mail", () => {
  const text = "{ email: { from: tollgate@shop.example, to: [releases@shop.example, boss@shop.example] } }"

  test("is sent with a login", async () => {
    const server = await mailServer({ user: "bot", password: "p%ss w/rd" })
    const told = await tell(
      text,
      { NOTIFY_SMTP_URL: `smtp://bot:${encodeURIComponent("p%ss w/rd")}@127.0.0.1:${server.port}` },
      notice({ causes: ["one\r\nBcc: evil@example.com\r\n\r\nbody"] }),
    )
    expect(told).toEqual([{ event: "failure", channel: "email", sent: true, attempts: 1, error: null }])
    const [mail = ""] = server.mails
    expect(mail).toContain("Subject: FAILED: shop to production")
    expect(mail).toContain("To: releases@shop.example, boss@shop.example")
    expect(mail).not.toMatch(/^Bcc:/m)
  })

  test("that is refused for now is sent again, under the same id", async () => {
    const server = await mailServer({ refuse: [451] })
    expect(await tell(text, { NOTIFY_SMTP_URL: `smtp://127.0.0.1:${server.port}` })).toMatchObject([
      { sent: true, attempts: 2 },
    ])
    expect(server.mails[0]).toMatch(/^Message-ID: <[0-9a-f-]+@tollgate>/im)
  })

  test.each([
    [550, "the server answered 550"],
    [554, "the server answered 554"],
  ])("that is refused with %i is not sent again", async (code, error) => {
    const server = await mailServer({ refuse: [code, code, code] })
    expect(await tell(text, { NOTIFY_SMTP_URL: `smtp://127.0.0.1:${server.port}` })).toMatchObject([
      { sent: false, attempts: 1, error },
    ])
  })

  test("with a wrong password says so", async () => {
    const server = await mailServer({ user: "bot", password: "right" })
    expect(await tell(text, { NOTIFY_SMTP_URL: `smtp://bot:smtp-secret-word@127.0.0.1:${server.port}` })).toMatchObject(
      [{ sent: false, error: "the server rejected the login (535)" }],
    )
  })

  test("does not go in clear to another machine", async () => {
    const server = await mailServer()
    // the loopback in a spelling that is not known for it
    const told = await tell(text, { NOTIFY_SMTP_URL: `smtp://0x7f000001:${server.port}` })
    expect(told).toMatchObject([{ sent: false }])
    expect(server.mails).toEqual([])
  })
})

describe("a failing channel does not hold up the command", () => {
  const all = "{ slack: {}, webhook: {}, email: { from: a@b.example, to: [c@d.example] }, wait: 1 }"

  test("for longer than notifications.wait, however many servers are silent", async () => {
    const server = await httpServer("silence")
    const values = {
      SLACK_WEBHOOK_URL: server.url,
      NOTIFY_WEBHOOK_URL: server.url,
      NOTIFY_WEBHOOK_SECRET: SECRET,
      NOTIFY_SMTP_URL: server.url.replace(/^http(.*)\/services.*$/, "smtp$1"),
    }
    const before = performance.now()
    const told = await tell(all, values, notice({ event: "start" }), notice({ event: "break-glass" }), notice())
    expect(performance.now() - before).toBeLessThan(3000)
    expect(told).toHaveLength(9)
    expect(told.every(({ sent }) => !sent)).toBe(true)
  })

  test("and what could not be sent is reported without an address", async () => {
    const port = await freePort()
    const nobody = `http://127.0.0.1:${port}/services/T000/webhook-secret-word`
    const told = await tell(all.replace("wait: 1", "wait: 2"), {
      SLACK_WEBHOOK_URL: nobody,
      NOTIFY_WEBHOOK_URL: nobody,
      NOTIFY_WEBHOOK_SECRET: SECRET,
      NOTIFY_SMTP_URL: `smtp://user:smtp-secret-word@127.0.0.1:${port}`,
    })
    expect(told.map(({ channel, sent }) => [channel, sent])).toEqual([
      ["slack", false],
      ["webhook", false],
      ["email", false],
    ])
    expect(told[0]?.error).toContain("could not reach the server: ECONNREFUSED")
    for (const word of ["webhook-secret-word", "smtp-secret-word", SECRET, "127.0.0.1"])
      expect(JSON.stringify(told)).not.toContain(word)
  })

  test.each([
    ["{ slack: {} }", {}, "slack", "--notify does not contain SLACK_WEBHOOK_URL"],
    ["{ slack: {} }", { SLACK_WEBHOOK_URL: "webhook-secret-word" }, "slack", "SLACK_WEBHOOK_URL is not a URL"],
    [
      "{ slack: {} }",
      { SLACK_WEBHOOK_URL: "http://hooks.example/webhook-secret-word" },
      "slack",
      "SLACK_WEBHOOK_URL is not an https address",
    ],
    [
      "{ slack: {} }",
      { SLACK_WEBHOOK_URL: "https://user:pass@hooks.example/x" },
      "slack",
      "SLACK_WEBHOOK_URL contains a user or password, which webhooks do not use",
    ],
    [
      "{ slack: { url: OTHER } }",
      { SLACK_WEBHOOK_URL: "https://hooks.example" },
      "slack",
      "--notify does not contain OTHER",
    ],
    [
      "{ webhook: {} }",
      { NOTIFY_WEBHOOK_URL: "https://hooks.example/x", NOTIFY_WEBHOOK_SECRET: "short" },
      "webhook",
      "NOTIFY_WEBHOOK_SECRET has fewer than 32 characters",
    ],
    [
      "{ email: { from: a@b.example, to: [c@d.example] } }",
      { NOTIFY_SMTP_URL: "mail.example" },
      "email",
      "NOTIFY_SMTP_URL is not a URL",
    ],
    [
      "{ email: { from: a@b.example, to: [c@d.example] } }",
      { NOTIFY_SMTP_URL: "https://mail.example" },
      "email",
      "NOTIFY_SMTP_URL is not smtp://USER:PASSWORD@HOST:PORT, or smtps://",
    ],
  ])("%s with %j is reported, and stops nothing", async (text, values, channel, error) => {
    expect(await tell(text, values)).toEqual([{ event: "failure", channel, sent: false, attempts: 0, error }])
  })

  test("and no channel is no error", async () => {
    expect(await tell("{}", {})).toEqual([])
  })
})

describe("a branch", () => {
  const context = { service: "shop", branch: "main", url: "https://ci.example/1", at: "2026-03-02T09:14:07.000Z" }
  const green = aStatus()
  const red = aStatus({ test: ended({ verdict: "failed", words: "1 of 5 suites failed" }) })
  const redder = aStatus({
    test: ended({ verdict: "failed", words: "1 of 5 suites failed" }),
    scan: ended({ verdict: "inconclusive", words: "the database is too old" }),
  })
  const event = (now: Status | null, before: Status | null) => ciNotice(now, before, context)?.event ?? null

  test("that failed is reported with its gates, and one that passes again as recovered", () => {
    const failed = ciNotice(red, green, context)
    expect(failed === null ? null : messageOf(failed)).toEqual({
      title: "FAILED: ci of shop on main",
      lines: [
        "by ci: 1 of 6 gates: test",
        "cause: test: 1 of 5 suites failed",
        "commit aaaaaaaaaaaa",
        "https://ci.example/1",
        "run 2026-03-02T09:14:07.000Z, 2 min 32 s",
      ],
    })
    expect([event(green, red), event(redder, green), event(red, null)]).toEqual([
      "ci-recovered",
      "ci-failed",
      "ci-failed",
    ])
  })

  test("that passes as before, or fails by the same gates, is not told again", () => {
    expect([event(green, green), event(green, null), event(red, red), event(red, redder)]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect(event(redder, red)).toBe("ci-failed")
  })

  test("whose run left no report is notified as failed", () => {
    expect(ciNotice(null, green, context)).toMatchObject({
      event: "ci-failed",
      causes: ["ci-report wrote no report: see the run"],
    })
  })
})
