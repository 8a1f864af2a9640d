import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { readRule } from "../../core/dashboard/oidc/allow.js"
import { openProvider } from "../../core/dashboard/oidc/provider.js"
import type { OidcSettings } from "../../core/dashboard/oidc/settings.js"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import { TollgateError } from "../../core/shared/errors.js"
import { Browser, type Seen } from "./oidc-browser.js"
import { CLIENT, DASHBOARD, FalseIssuer, type Forged, type Issuer, oidcSettings, realIssuer } from "./oidc-issuers.js"

/** Nothing listens there: a page that someone may read says that the ledger is unreachable. */
const NO_LEDGER = "postgresql://nobody@127.0.0.1:1/none"
const READS = "The ledger is unreachable"

const settings = parseSettings("qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nrelease: { name: shop }")
const reported: unknown[] = []
const opened: Dashboard[] = []

async function dashboardOf(oidc: OidcSettings | null, links = false): Promise<Dashboard> {
  const dashboard = await serveDashboard({
    settings,
    ledger: NO_LEDGER,
    place: { host: "127.0.0.1", port: 0, url: new URL(DASHBOARD) },
    oidc,
    links,
    zone: "UTC",
    report: (error) => void reported.push(error),
  })
  opened.push(dashboard)
  return dashboard
}

function rules(...texts: string[]) {
  return texts.map(readRule).filter((rule) => typeof rule !== "string")
}

const browserOf = ({ port }: Dashboard) => new Browser({ [DASHBOARD]: port })
const sessionOf = (browser: Browser) => browser.cookie("dash.example", /^dash\.example __Host-tollgate-443$/)
const wordsOf = (error: unknown) => (error instanceof TollgateError ? `${error.code}: ${error.message}` : String(error))

afterEach(() => void reported.splice(0))
afterAll(async () => {
  for (const dashboard of opened) await dashboard.close()
})

describe("the sign-in by a provider", () => {
  let issuer: Issuer
  let dashboard: Dashboard

  beforeAll(async () => {
    issuer = await realIssuer({
      mei: { name: "Mei <b>Lin</b>", email: "mei@shop.example", email_verified: true },
      an: { name: "An Wu", email: "an@shop.example", email_verified: false },
      bo: { name: "Bo Chen", email: "bo@evil.example", email_verified: true, groups: ["interns"] },
      kim: { email: "kim@partner.example", email_verified: false, groups: ["payments"] },
    })
    dashboard = await dashboardOf(
      oidcSettings(issuer.url, { rules: rules("@shop.example", "groups=payments"), scopes: ["groups"] }),
    )
  })
  afterAll(() => issuer.close())

  /** Types name and password at the provider. */
  async function signIn(
    browser: Browser,
    login: string,
    { to = "/history?page=2", until = (_: string): boolean => false } = {},
  ) {
    const page = await browser.open(`${DASHBOARD}${to}`)
    const [, start = ""] = /id="sign-in" href="([^"]+)"/.exec(page.text) ?? []
    const form = await browser.open(new URL(start.replaceAll("&amp;", "&"), page.url).href, { from: page.url })
    expect(form.url).toContain(`${issuer.url}/interaction/`)
    const body = `prompt=login&login=${login}&password=x`
    return await browser.open(form.url, { method: "POST", body, from: form.url, until })
  }

  it("leads a listed person back to the page that was asked for, and names the person on it", async () => {
    const browser = browserOf(dashboard)
    const page = await signIn(browser, "mei")
    expect(page.url).toBe(`${DASHBOARD}/history?page=2`)
    expect(page.text).toContain(READS)
    expect(page.text).toContain("Signed in as Mei &lt;b&gt;Lin&lt;/b&gt;")
    expect(await browser.open(`${DASHBOARD}/`)).toMatchObject({ text: expect.stringContaining("Signed in as Mei") })
  })

  it("asks for a code with PKCE, state and nonce, and sends no secret through the browser", async () => {
    const browser = browserOf(dashboard)
    const { visited } = await signIn(browser, "mei")
    const start = await browser.open(`${DASHBOARD}/sign-in/start`, { until: () => true })
    const asked = new URL(start.visited.at(-1) ?? "").searchParams
    expect(Object.fromEntries(asked)).toEqual({
      client_id: CLIENT.id,
      response_type: "code",
      redirect_uri: `${DASHBOARD}/sign-in/callback`,
      scope: "openid email profile groups",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(visited.join(" ")).not.toContain(encodeURIComponent(CLIENT.secret))
    const set = [start.headers["set-cookie"]].flat().join()
    expect(set).toMatch(/^__Host-tollgate-login-443=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  })

  it("admits by a claim without an e-mail address that is verified", async () => {
    expect((await signIn(browserOf(dashboard), "kim")).text).toContain("Signed in as kim@partner.example")
  })

  it("refuses a person who is not on the list: the page says who they are and whom to ask", async () => {
    const browser = browserOf(dashboard)
    const page = await signIn(browser, "bo")
    expect(page.status).toBe(403)
    expect(page.text).toMatch(/You are signed in at localhost:\d+ as <strong>Bo Chen<\/strong> \(bo@evil\.example\)/)
    expect(page.text).toContain("Ask the people who run this dashboard")
    expect(page.text).toContain("/sign-in/start?to=%2F&amp;again=yes")
    expect(sessionOf(browser)).toBeUndefined()
    expect(reported.map(wordsOf)).toEqual([expect.stringContaining("oidc-refused: bo@evil.example of localhost")])
    const again = await browser.open(`${DASHBOARD}/sign-in/start?again=yes`, { until: () => true })
    expect(new URL(again.visited.at(-1) ?? "").searchParams.get("prompt")).toBe("login")
  })

  it("refuses an e-mail address that the provider has not verified", async () => {
    const browser = browserOf(dashboard)
    const page = await signIn(browser, "an")
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining("the provider has not verified") })
    expect(sessionOf(browser)).toBeUndefined()
  })

  it("makes a new session each time, whatever id the browser had, and ends the one before", async () => {
    const browser = browserOf(dashboard)
    const planted = "A".repeat(43)
    browser.cookies.set("dash.example __Host-tollgate-443", { value: planted, sameSite: "Strict" })
    await signIn(browser, "mei")
    const first = sessionOf(browser)
    expect(first).not.toBe(planted)
    // the provider remembers the person
    await browser.open(`${DASHBOARD}/sign-in/start`, { from: `${DASHBOARD}/` })
    expect(sessionOf(browser)).not.toBe(first)
    for (const [id, status] of [
      [planted, 401],
      [first, 401],
      [sessionOf(browser), 503],
    ] as const) {
      const headers = { cookie: `__Host-tollgate-443=${id}` }
      expect((await browserOf(dashboard).open(`${DASHBOARD}/`, { headers })).status).toBe(status)
    }
  })

  it("keeps its session from scripts, other sites and plain text, and for 12 hours at most", async () => {
    const browser = browserOf(dashboard)
    const answer = await signIn(browser, "mei", { until: (url) => url === `${DASHBOARD}/history?page=2` })
    const [session] = [answer.headers["set-cookie"]].flat().filter((set) => set?.startsWith("__Host-tollgate-443"))
    expect(session).toMatch(/^[^=]+=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      "strict-transport-security": "max-age=31536000",
    })
  })

  it("ends with the sign-out, for everyone who has the cookie", async () => {
    const browser = browserOf(dashboard)
    await signIn(browser, "mei")
    const headers = { cookie: `__Host-tollgate-443=${sessionOf(browser)}` }
    const out = { method: "POST", from: `${DASHBOARD}/` } as const
    expect(await browser.open(`${DASHBOARD}/sign-out`, out)).toMatchObject({ url: `${DASHBOARD}/sign-in`, status: 200 })
    expect((await browserOf(dashboard).open(`${DASHBOARD}/`, { headers })).status).toBe(401)
  })

  it("takes an answer once: the same one again signs nobody in", async () => {
    const browser = browserOf(dashboard)
    const { visited } = await signIn(browser, "mei")
    const callback = visited.find((url) => url.includes("/sign-in/callback")) ?? ""
    const stranger = browserOf(dashboard)
    const before = new Map(browser.cookies)
    for (const one of [browser, stranger]) {
      const page = await one.open(callback, { from: issuer.url })
      expect(page).toMatchObject({ status: 403, text: expect.stringContaining("You are not signed in") })
    }
    expect(sessionOf(stranger)).toBeUndefined()
    expect(browser.cookies).toEqual(before)
  })

  it("takes an answer from the browser that started alone: nobody is signed in with another one's account", async () => {
    const isAnswer = (url: string) => url.startsWith(`${DASHBOARD}/sign-in/callback`)
    const attack = (await signIn(browserOf(dashboard), "mei", { until: isAnswer })).visited.at(-1) ?? ""
    expect(new URL(attack).searchParams.get("code")).not.toBeNull()
    const victim = browserOf(dashboard)
    expect((await victim.open(attack, { from: "https://evil.example/" })).status).toBe(403)
    // with an attempt of its own, and with the attacker's code in it
    const own = (await signIn(victim, "bo", { until: isAnswer })).visited.at(-1) ?? ""
    expect((await victim.open(attack, { from: "https://evil.example/" })).status).toBe(403)
    const mixed = new URL(own)
    mixed.searchParams.set("code", new URL(attack).searchParams.get("code") ?? "")
    const page = await victim.open(mixed.href, { from: "https://evil.example/" })
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining("refused the sign-in: invalid_grant") })
    expect(sessionOf(victim)).toBeUndefined()
  })

  it("says what the provider refused, and not in words of another site's link", async () => {
    const browser = browserOf(dashboard)
    const start = await browser.open(`${DASHBOARD}/sign-in/start`, { until: () => true })
    const query = new URLSearchParams({
      error: "access_denied",
      iss: issuer.url,
      state: "",
      error_description: "<b>call",
    })
    const callback = () => `${DASHBOARD}/sign-in/callback?${query}`
    expect((await browser.open(callback())).text).not.toContain("access_denied")
    query.set("state", new URL(start.visited.at(-1) ?? "").searchParams.get("state") ?? "")
    const page = await browser.open(callback())
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining("refused the sign-in: access_denied.") })
    expect(page.text).not.toContain("<b>call")
  })

  it("leads to no other site, and a program that only looks uses up no answer", async () => {
    const browser = browserOf(dashboard)
    await signIn(browser, "mei")
    for (const to of ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-in/start"]) {
      const start = `${DASHBOARD}/sign-in/start?to=${encodeURIComponent(to)}`
      expect((await browser.open(start, { from: `${DASHBOARD}/` })).url, to).toBe(`${DASHBOARD}/`)
    }
    expect((await browser.open(`${DASHBOARD}/sign-in/callback`, { method: "HEAD" })).status).toBe(405)
  })

  it("is the only one: a link signs nobody in unless it was asked for", async () => {
    const browser = browserOf(dashboard)
    const token = new URL(dashboard.newLink()).searchParams.get("token")
    const post = (one: Browser) =>
      one.open(`${DASHBOARD}/sign-in`, { method: "POST", body: `token=${token}`, from: `${DASHBOARD}/` })
    expect((await browser.open(`${DASHBOARD}/sign-in?token=${token}`)).text).not.toContain(String(token))
    expect((await post(browser)).status).toBe(401)
    const both = await dashboardOf(oidcSettings(issuer.url), true)
    const page = await browserOf(both).open(`${DASHBOARD}/`)
    expect(page.text).toContain("Or open the link")
    const link = new URL(both.newLink()).searchParams.get("token")
    const signed = await browserOf(both).open(`${DASHBOARD}/sign-in`, {
      method: "POST",
      body: `token=${link}`,
      from: `${DASHBOARD}/`,
    })
    expect(signed.text).toContain(READS)
    expect(signed.text).not.toContain("Signed in as")
  })
})

describe("a token", () => {
  const issuer = new FalseIssuer()
  let dashboard: Dashboard

  beforeAll(async () => {
    await issuer.start()
    dashboard = await dashboardOf(oidcSettings(issuer.url, { rules: rules("mei@shop.example") }))
  })
  afterAll(() => issuer.close())

  /** @returns the page after the provider's answer */
  async function answered(change: FalseIssuer["change"]): Promise<Seen & { signedIn: boolean }> {
    issuer.change = change
    const browser = browserOf(dashboard)
    const start = await browser.open(`${DASHBOARD}/sign-in/start`, { until: () => true })
    const asked = new URL(start.visited.at(-1) ?? "").searchParams
    issuer.nonce = asked.get("nonce") ?? ""
    const page = await browser.open(`${DASHBOARD}/sign-in/callback?code=c&state=${asked.get("state")}`, {
      from: issuer.url,
    })
    return { ...page, signedIn: sessionOf(browser) !== undefined }
  }

  const claims = (more: Record<string, unknown>) => (good: Forged) => ({ ...good, claims: { ...good.claims, ...more } })
  const seconds = (from: number) => Math.floor(Date.now() / 1000) + from

  it("that is good signs in, also when the clocks differ by less than a minute", async () => {
    expect(await answered((good) => good)).toMatchObject({ signedIn: true, url: `${DASHBOARD}/` })
    expect((await answered(claims({ exp: seconds(-30) }))).signedIn).toBe(true)
    expect((await answered(claims({ nbf: seconds(30) }))).signedIn).toBe(true)
  })

  it.each<[string, FalseIssuer["change"]]>([
    ["is signed with another key", (good) => ({ ...good, key: issuer.other.privateKey })],
    ["is not signed", (good) => ({ ...good, header: { alg: "none" } })],
    ["names a key that the issuer does not have", (good) => ({ ...good, header: { alg: "ES256", kid: "other" } })],
    ["is of another issuer", claims({ iss: "https://evil.example" })],
    ["is for another client", claims({ aud: "another" })],
    ["is for several clients, and made for another", claims({ aud: [CLIENT.id, "another"], azp: "another" })],
    ["has no nonce", claims({ nonce: undefined })],
    ["has the nonce of another attempt", claims({ nonce: "A".repeat(43) })],
    ["is missing", () => null],
    ["has no account", claims({ sub: undefined })],
  ])("that %s signs nobody in", async (_, change) => {
    const page = await answered(change)
    expect(page).toMatchObject({ signedIn: false, status: 403, text: expect.stringContaining("You are not signed in") })
    expect(reported.map(wordsOf)).toEqual([expect.stringContaining("oidc-sign-in")])
    expect(wordsOf(reported[0])).not.toContain(CLIENT.secret)
  })

  it("of another time signs nobody in, and the page names the clocks", async () => {
    for (const time of [{ exp: seconds(-90) }, { nbf: seconds(90) }, { iat: seconds(3600), nbf: seconds(3600) }]) {
      const page = await answered(claims(time))
      expect(page).toMatchObject({ signedIn: false, text: expect.stringContaining("differ by more than 60 s") })
    }
  })

  it("whose address is verified in words alone signs nobody in", async () => {
    const page = await answered(claims({ email_verified: "true" }))
    expect(page).toMatchObject({ signedIn: false, status: 403, text: expect.stringContaining("has not verified") })
  })

  it("that the provider does not send signs nobody in, and the page says that it does not answer", async () => {
    const passing = await new FalseIssuer().start()
    const own = await dashboardOf(oidcSettings(passing.url, { rules: rules("mei@shop.example") }))
    await passing.close()
    const browser = browserOf(own)
    const start = await browser.open(`${DASHBOARD}/sign-in/start`, { until: () => true })
    const { searchParams } = new URL(start.visited.at(-1) ?? "")
    const page = await browser.open(`${DASHBOARD}/sign-in/callback?code=c&state=${searchParams.get("state")}`)
    expect(page).toMatchObject({ status: 503, text: expect.stringContaining("ECONNREFUSED") })
    expect(page.text).toContain("Sign in again in a minute.")
    expect(reported.map(wordsOf)).toEqual([expect.stringContaining("oidc-sign-in")])
  })

  it("is not asked for without the state of an attempt", async () => {
    const before = issuer.exchanges
    await browserOf(dashboard).open(`${DASHBOARD}/sign-in/callback?code=c&state=${"A".repeat(43)}`)
    expect(issuer.exchanges).toBe(before)
  })
})

describe("a provider that cannot be used stops the start", () => {
  const issuer = new FalseIssuer()

  beforeAll(() => issuer.start())
  beforeEach(() => {
    issuer.configuration = (good) => good
  })
  afterAll(() => issuer.close())

  const failure = (url: string, patience?: number) =>
    openProvider(oidcSettings(url), patience).then(
      () => "it started",
      (error: unknown) => wordsOf(error),
    )

  it("when it is unreachable", async () => {
    const gone = await silentServer()
    await gone.close()
    const words = await failure(gone.url)
    expect(words).toMatch(
      /^oidc-unreachable: Could not read .* http:\/\/127\.0\.0\.1:\d+\/\.well-known\/.*ECONNREFUSED/,
    )
    expect(words).toContain("Check that --oidc-issuer")
  })

  it("when it does not answer", async () => {
    const silent = await silentServer()
    try {
      expect(await failure(silent.url, 0.2)).toContain("no answer within 0.2 s")
    } finally {
      await silent.close()
    }
  })

  it("when its address is another one's", async () => {
    expect(await failure(`${issuer.url}/realms/shop`)).toContain("it answered HTTP 404")
    issuer.configuration = (good) => ({ ...good, issuer: "https://login.example" })
    expect(await failure(issuer.url)).toMatch(/^oidc-issuer: .* says that it is another issuer/)
  })

  it("when its configuration lacks what a sign-in needs", async () => {
    issuer.configuration = ({ token_endpoint: _, jwks_uri: __, ...good }) => good
    expect(await failure(issuer.url)).toMatch(/^oidc-configuration: .* has no token_endpoint, no jwks_uri/)
  })
})

async function silentServer(): Promise<Issuer> {
  const { createServer } = await import("node:net")
  const { onLoopback } = await import("../loopback.js")
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((socket) => void sockets.add(socket))
  const port = await onLoopback(server)
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
