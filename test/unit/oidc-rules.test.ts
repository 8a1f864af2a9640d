import { describe, expect, it } from "vitest"
import { admit, type Claims, readRule } from "../../core/dashboard/oidc/allow.js"
import { ATTEMPT_MINUTES, Attempts } from "../../core/dashboard/oidc/attempts.js"
import { returnPath } from "../../core/dashboard/oidc/return-path.js"
import { problemsOfOidc } from "../../core/dashboard/oidc/settings.js"

const MEI = { sub: "1", email: "mei@shop.example", email_verified: true, name: "Mei Lin" }

function admits(rules: string[], claims: Claims): boolean {
  const read = rules.map(readRule).filter((rule) => typeof rule !== "string")
  expect(read).toHaveLength(rules.length)
  return admit(read, claims).kind === "admitted"
}

describe("--oidc-allow", () => {
  it("admits an address, an address of a domain, and a value of a claim, whatever the case of the address", () => {
    expect(admits(["Mei@Shop.example"], { ...MEI, email: "mEi@shop.EXAMPLE" })).toBe(true)
    expect(admits(["@shop.example"], MEI)).toBe(true)
    expect(admits(["groups=payments"], { sub: "1", groups: ["ops", "payments"] })).toBe(true)
    expect(admits(["hd=shop.example"], { sub: "1", hd: "shop.example" })).toBe(true)
    expect(admits(["bo@shop.example", "groups=a=b,c"], { sub: "1", groups: "a=b,c" })).toBe(true)
  })

  it.each<[string, string[], Claims]>([
    ["anybody, without a rule", [], MEI],
    ["another address", ["bo@shop.example"], MEI],
    ["another domain", ["@shop.example"], { ...MEI, email: "mei@evil.example" }],
    ["a subdomain", ["@shop.example"], { ...MEI, email: "mei@a.shop.example" }],
    ["a domain that ends alike", ["@shop.example"], { ...MEI, email: "mei@evilshop.example" }],
    ["an address with two signs", ["@shop.example"], { ...MEI, email: '"mei@evil.example"@shop.example' }],
    ["a letter that becomes the same in lower case", ["kim@shop.example"], { ...MEI, email: "\u212aim@shop.example" }],
    ["an address that is not verified", ["mei@shop.example", "@shop.example"], { ...MEI, email_verified: false }],
    ["one whose verification is missing", ["@shop.example"], { sub: "1", email: "mei@shop.example" }],
    ["one whose verification is a text", ["@shop.example"], { ...MEI, email_verified: "true" }],
    ["an address that is a list", ["@shop.example"], { ...MEI, email: ["mei@shop.example"] }],
    ["another group", ["groups=payments"], { sub: "1", groups: ["payments-interns", "pay"] }],
    ["a group in an object", ["groups=payments"], { sub: "1", groups: { payments: true } }],
    ["a claim that every object has", ["constructor=x"], { sub: "1" }],
  ])("refuses %s", (_, rules, claims) => {
    expect(admits(rules, claims)).toBe(false)
  })

  it("says of an address that is listed and not verified just that", () => {
    const rule = readRule("@shop.example")
    if (typeof rule === "string") throw new Error(rule)
    const why = (claims: Claims) => admit([rule], claims)
    expect(why({ ...MEI, email_verified: false })).toMatchObject({ why: expect.stringContaining("has not verified") })
    expect(why({ sub: "1" })).toMatchObject({ why: expect.stringContaining("not on the list"), account: { name: "1" } })
  })

  it("names an account on one line, in at most 80 characters", () => {
    const { account } = admit([], { sub: "1", name: `Mei\n✗ ${"付".repeat(200)}` })
    expect(account.name).toBe(`Mei ✗ ${"付".repeat(74)}…`)
  })

  it("refuses what is no rule, such as a domain without its sign, several in one, or all", () => {
    for (const text of ["shop.example", "*", "@", "@shop", "mei@shop.example,bo@shop.example", "groups=", "=x", ""])
      expect(readRule(text), text).toContain("--oidc-allow=")
  })

  it("and the other options of OIDC are all named when one is missing, and every one that is wrong", () => {
    expect(problemsOfOidc({ oidcAllow: [] })).toEqual([])
    expect(problemsOfOidc({ oidcIssuer: "http://login.example", oidcAllow: ["shop.example"] })).toEqual([
      "Sign-in by OIDC needs --oidc-issuer, --oidc-client-id, --oidc-client-secret, --oidc-allow: --oidc-client-id, --oidc-client-secret is missing.",
      expect.stringContaining("--oidc-issuer is not https"),
      expect.stringContaining("--oidc-allow=shop.example is neither"),
    ])
    const complete = { oidcClientId: "a", oidcClientSecret: "env:A", oidcAllow: ["@shop.example"] }
    const issuer = (oidcIssuer: string) => problemsOfOidc({ ...complete, oidcIssuer })
    expect(issuer("https://login.example/realms/shop")).toEqual([])
    expect(issuer("http://127.0.0.1:9000")).toEqual([])
    for (const wrong of [
      "login.example",
      "http://127.0.0.1.evil.example",
      "https://login.example/.well-known/openid-configuration",
      "https://login.example?a=b",
    ])
      expect(issuer(wrong), wrong).toHaveLength(1)
  })
})

describe("the page that a sign-in leads to", () => {
  it("is one of this dashboard", () => {
    for (const path of ["/", "/history?environment=production&page=2", "/environments/production/run"])
      expect(returnPath(path)).toBe(path)
  })

  it.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "\\\\evil.example",
    "/.//evil.example/",
    "/a/..//evil.example",
    "javascript:alert(1)",
    "/sign-in/start",
    "/sign-out",
    "/stream",
    "",
    `/${"a".repeat(600)}`,
  ])("is never %j", (asked) => {
    expect(returnPath(asked)).toBe("/")
  })

  it("cannot add a header or a quote", () => {
    expect(returnPath('/a\r\nSet-Cookie: b="c"')).not.toMatch(/[\r\n" ]/)
  })
})

describe("an attempt to sign in", () => {
  it("is taken once, by the browser that has its cookie, with its own state", () => {
    const attempts = new Attempts()
    const [mine, other] = [attempts.start("/history"), attempts.start("/")]
    expect(attempts.take(mine.cookie, other.state)).toBeNull()
    expect(attempts.take(other.cookie, mine.state)).toBeNull()
    expect(attempts.take("", mine.state)).toBeNull()
    expect(attempts.take(mine.cookie, "")).toBeNull()
    expect(attempts.take(mine.cookie, mine.state)).toEqual(mine)
    expect(attempts.take(mine.cookie, mine.state)).toBeNull()
  })

  it("expires, and its time and page cannot be changed", () => {
    const clock = { now: 1_800_000_000_000 }
    const attempts = new Attempts(() => clock.now)
    const one = attempts.start("/")
    const [id, expires, to] = one.cookie.split(".")
    expect(attempts.take(`${id}.${Number(expires) + 1}.${to}`, one.state)).toBeNull()
    expect(attempts.take(`${id}.${expires}.${Buffer.from("/key").toString("base64url")}`, one.state)).toBeNull()
    clock.now += ATTEMPT_MINUTES * 60_000
    expect(attempts.take(one.cookie, one.state)).toBeNull()
  })

  it("of another process is none, and no two have anything in common", () => {
    const [one, other] = [new Attempts(), new Attempts()]
    const attempt = one.start("/")
    expect(other.take(attempt.cookie, attempt.state)).toBeNull()
    const { state, nonce, verifier } = attempt
    expect(new Set([state, nonce, verifier, ...Object.values(one.start("/"))]).size).toBe(8)
  })
})
