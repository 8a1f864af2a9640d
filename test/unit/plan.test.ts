import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { configChanges, makePlan, readPlan } from "../../core/release/plan/make.js"
import { identityOf, planId, planSha256 } from "../../core/release/plan/plan-id.js"
import { planScreen } from "../../core/release/plan/screen.js"
import { approval, person, plan, planInput, settings } from "./approval-samples.js"

describe("a plan's id", () => {
  test("is made of all that decides what runs, where and how it is judged, and of nothing else", () => {
    const { id } = plan()
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
    const settings = `{"processes":"${sha256('{"name":"shop"}')}","target":"${sha256('{"hosts":["app1"],"kind":"compose"}')}"}`
    const whole = `{"commands":[],"configDigest":"scrypt:0011","environment":"production","format":"tollgate-plan","imageDigest":"sha256:${"a1".repeat(32)}","migrations":["0003"],"releaseVersion":"1.4.0","service":"shop","settings":${settings},"source":"sha256:${"5e".repeat(32)}","version":2}`
    expect(id).toBe(`plan-${createHash("sha256").update(whole).digest("hex")}`)
    expect(
      plan({
        createdAt: "2026-11-23T09:59:00Z",
        commits: { kind: "unknown", why: "no Git" },
        checks: [],
        expected: null,
      }).id,
    ).toBe(id)
    const others = [
      plan({ service: "blog" }),
      plan({ environment: "staging" }),
      plan({ releaseVersion: "1.5.0" }),
      plan({ source: "sha256:other" }),
      plan({ settings: { ...planInput().settings, target: { kind: "compose", hosts: ["app2"] } } }),
      plan({ settings: { ...planInput().settings, processes: { name: "shop", web: ["sh"] } } }),
      plan({ settings: { target: planInput().settings["target"] ?? null } }),
      plan({ image: { now: null, next: { reference: "x", digest: `sha256:${"ff".repeat(32)}` } } }),
      plan({ migrations: [] }),
      plan({ commands: ["alembic upgrade head"] }),
      plan({ config: { ...planInput().config, digest: "scrypt:0012" } }),
    ]
    expect(new Set([id, ...others.map((one) => one.id)]).size).toBe(12)
  })

  test("depends on the order of migrations, and is not reproduced by moving a border between them", () => {
    const base = identityOf(plan())
    const ids = [["a", "b"], ["b", "a"], ["a,b"], ['a","b'], ["a", "b", ""]].map((migrations) =>
      planId({ ...base, migrations }),
    )
    expect(new Set(ids).size).toBe(5)
  })
})

describe("plan.json", () => {
  test("comes back as it was", () => {
    expect(readPlan(JSON.stringify(plan(), null, 2))).toEqual(plan())
    expect(planSha256(readPlan(JSON.stringify(plan(), null, 2)))).toBe(planSha256(plan()))
    const withHead = plan({ ledgerHead: `1204:${"5f".repeat(32)}` })
    expect(readPlan(JSON.stringify(withHead))).toEqual(withHead)
    expect(planSha256(withHead)).not.toBe(planSha256(plan()))
  })
  test.each([
    ["", "it is not JSON"],
    ["{}", "format is missing or wrong"],
    [JSON.stringify({ ...plan(), version: 1 }), "its version is not 2"],
    [JSON.stringify({ ...plan(), id: "plan-1" }), "id is missing or wrong"],
    [JSON.stringify({ ...plan(), more: 1 }), "missing or wrong"],
    [JSON.stringify({ ...plan(), ledgerHead: "1204:5f" }), "ledgerHead is missing or wrong"],
  ])("that is %j is refused", (text, why) => expect(() => readPlan(text)).toThrow(why))
})

test("the names that a configuration gained and lost are listed, and whether a value differs", () => {
  const now = { names: ["B", "A", "C"], digest: "2" }
  expect(configChanges({ names: ["A", "X"], digest: "1" }, now)).toEqual({
    digest: "2",
    added: ["B", "C"],
    removed: ["X"],
    changed: true,
  })
  expect(configChanges({ names: ["A", "B", "C"], digest: "2" }, now)).toMatchObject({
    added: [],
    removed: [],
    changed: false,
  })
  expect(configChanges(null, now)).toMatchObject({ added: ["A", "B", "C"], changed: null })
})

describe("the screen", () => {
  const people = settings([person("Mei Lin"), person("Bo Chen")])
  test("shows what would change, and what is required", () => {
    expect(planScreen(plan(), people).split("\n").slice(2)).toEqual([
      "image now   b2b2b2b2b2b2 registry.example/shop@sha256:b2",
      "image next  a1a1a1a1a1a1 registry.example/shop@sha256:a1",
      "config  + NEW_NAME",
      "runs     the image's own command",
      "where    app1",
      "",
      "migrations: 1",
      "  0003  migrations/versions/0003_notes.py  1 lint warning",
      "commits: 1 (000000000000..111111111111) by Mei Lin",
      "  1111111111  Charge once  (Mei Lin)",
      "",
      "checks: qa, scan",
      "expected duration: about 42.0 s, from the last 5 deployments",
      "requires: 2 approvals of Mei Lin, Bo Chen for production",
      "",
      `PLAN: ${plan().id}`,
      "",
    ])
  })

  test("is one screen however much changes, and whatever commits say", () => {
    const list = Array.from({ length: 500 }, (_, index) => ({
      id: "1".repeat(40),
      subject: `${index} \u001b[2J ${"x".repeat(300)}\n##[error]`,
      author: "a\u202eb",
      at: "2026-11-21T08:00:00Z",
    }))
    const migrations = Array.from({ length: 100 }, (_, index) => ({
      id: String(index),
      path: "m.py",
      lint: { errors: 1, warnings: 0 },
      contracts: true,
    }))
    const text = planScreen(
      makePlan(
        planInput({
          commits: { kind: "known", from: "0".repeat(40), to: "1".repeat(40), list, authors: [] },
          migrations,
        }),
      ),
      people,
    )
    const lines = text.trimEnd().split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(text).not.toMatch(/[\u001b\u202e]/)
    expect(text).toContain("FAILED: 1 lint error")
    expect(text).toMatch(/… and \d+ more in plan.json/)
    expect(lines.at(-1)).toMatch(/^PLAN: plan-[0-9a-f]{64}$/)
  })

  test("of a first release says what is not known", () => {
    const text = planScreen(
      plan({
        image: { now: null, next: planInput().image.next },
        commits: { kind: "unknown", why: "nothing deployed yet" },
        migrations: [],
        expected: null,
        config: { digest: "d", added: [], removed: [], changed: null },
      }),
      settings([], { required: 0 }),
    )
    expect(
      planScreen(
        plan({ migrations: [], migrationsKnown: false, commands: ["alembic upgrade head"] }),
        settings([], { required: 0 }),
      ),
    ).toMatch(/\nmigrations: skipped: .*\n {2}runs before the start: alembic upgrade head\n/)
    for (const said of [
      "nothing deployed yet",
      "commits: unknown",
      "migrations: none",
      "unknown: no successful deployment yet",
      "no approval",
      "previous configuration not known",
    ])
      expect(text).toContain(said)
  })
})

test("an approval says which plan file its approver had before them", () => {
  expect(JSON.parse(approval(person("Mei Lin"))).statement.planSha256).toBe(planSha256(plan()))
})
