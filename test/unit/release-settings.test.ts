import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"
import { releaseId } from "../../core/release/session/release-id.js"
import { planOf } from "../../core/targets/compose/plan.js"

const [ONE, TWO] = [
  "ed25519:aHvArW02RGsttjtW/Z+REKTK9vbbCLSO4FgfR8sJ3s0=",
  "ed25519:Y+Ryr6affTQJ+CVa4ji7xPQOj3GJPb+xrPlFhDs205Y=",
]

const file = (more: string) => `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\n${more}\n`
const production = (more: string) => file(`environments: { production: { ${more} } }`)

function problems(text: string): string[] {
  try {
    parseSettings(text)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(
      ({ path, message, suggestion }) => `${path} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
    )
  }
}

describe("approvals", () => {
  const approvals = (more: string) => problems(production(`approvals: { ${more} }`))
  const at = "environments.production.approvals"

  it("are not asked for where nothing is said", () => {
    expect(parseSettings(file("")).environments["production"]?.approvals).toEqual({
      required: 0,
      keys: [],
      longest: 86_400,
      clockSkew: 120,
      breakGlass: true,
      uses: 1,
      requireSeparation: true,
    })
    expect(parseSettings(file("")).environments["staging"]?.approvals.requireSeparation).toBe(false)
  })

  it("may come from people with several keys, of which one is revoked", () => {
    expect(
      approvals(`required: 1, keys: [{ name: Mei, key: "${ONE}", revoked: 2026-10-01 }, { name: Mei, key: "${TWO}" }]`),
    ).toEqual([])
  })

  it.each([
    [
      "required: 1",
      `${at}.required asks for more approvals than there are approvers: 0 → list a key for each approver under keys`,
    ],
    [
      `required: 2, keys: [{ name: Mei, key: "${ONE}" }, { name: Mei, key: "${TWO}" }]`,
      `${at}.required asks for more approvals than there are approvers: 1 → list a key for each approver under keys`,
    ],
    [
      `required: 1, keys: [{ name: Mei, key: "${ONE}", revoked: 2026-10-01 }]`,
      `${at}.required asks for more approvals than there are approvers: 0 → list a key for each approver under keys`,
    ],
    [
      `keys: [{ name: Mei, key: "${ONE}" }, { name: Bo, key: "${ONE}" }]`,
      `${at}.keys[1].key is the key of [0] as well → one key belongs to one person`,
    ],
    [
      `keys: [{ name: Mei }]`,
      `${at}.keys[0].key is required: expected an approver's public key such as ed25519:…, as \`tollgate approval-key\` prints it`,
    ],
    [
      `keys: [{ name: Mei, key: abc }]`,
      `${at}.keys[0].key expected an approver's public key such as ed25519:…, as \`tollgate approval-key\` prints it, got a value that is not shown here`,
    ],
    [
      `keys: [{ name: Mei, key: "-----BEGIN PRIVATE KEY-----" }]`,
      `${at}.keys[0].key expected an approver's public key such as ed25519:…, as \`tollgate approval-key\` prints it, got a value that is not shown here → that is the private key: it must not be in a file; make a new one`,
    ],
    [`keys: [{ name: Mei, key: "${ONE}", revoked: 2026-02-31 }]`, null],
    [`keys: [{ name: Mei, key: "${ONE}", revoked: soon }]`, null],
    ["required: -1", `${at}.required expected a whole number of approvals, 0 to 20, got -1`],
    ["required: 1.5", `${at}.required expected a whole number of approvals, 0 to 20, got 1.5`],
    ["longst: 4h", `${at}.longst is not a known key → did you mean \`longest\`?`],
  ])("are refused as %s", (more, problem) => {
    const found = approvals(more)
    if (problem === null) expect(found).toHaveLength(1)
    else expect(found).toContain(problem)
  })

  it.each([
    "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=",
    "7P///////////////////////////////////////38=",
    "JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU=",
    "xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA3o=",
  ])("take no key of a kind that any signature fits: %s", (key) => {
    expect(approvals(`keys: [{ name: Mei, key: "ed25519:${key}" }]`)).toEqual([
      `${at}.keys[0].key is a key that any signature fits`,
    ])
  })
})

describe("a freeze", () => {
  const freeze = (more: string) => problems(production(`freeze: { ${more} }`))
  const at = "environments.production.freeze"
  it.each([
    [
      "zone: Asia/Taipeh",
      `${at}.zone expected a time zone of the IANA database such as Asia/Taipei or UTC, got "Asia/Taipeh"`,
    ],
    [
      "once: [{ reason: x, from: 2027-02-05, until: 2027-02-06 09:00 }]",
      `${at}.once[0].from expected a day and time such as 2026-12-24 18:00, in the time zone of freeze.zone, got "2027-02-05"`,
    ],
    [
      "once: [{ reason: x, from: 2027-02-06 09:00, until: 2027-02-06T09:00 }]",
      `${at}.once[0].until is not after \`from\``,
    ],
    [
      "once: [{ from: 2027-02-05 09:00, until: 2027-02-06 09:00 }]",
      `${at}.once[0].reason is required: expected a reason`,
    ],
    ["weekly: [{ reason: x, days: [] }]", `${at}.weekly[0].days lists no day: leave the window out`],
    [
      "weekly: [{ reason: x, days: [Fri] }]",
      `${at}.weekly[0].days[0] expected one of monday, tuesday, wednesday, thursday, friday, saturday, sunday, got "Fri" → write friday`,
    ],
    [
      'weekly: [{ reason: x, days: [friday], from: "24:00" }]',
      `${at}.weekly[0].from is the end of a day → write 00:00, and the next day`,
    ],
    [
      'weekly: [{ reason: x, days: [friday], from: "5pm" }]',
      `${at}.weekly[0].from expected a time of day such as 17:00, got "5pm"`,
    ],
  ])("is refused as %s", (more, problem) => expect(freeze(more)).toContain(problem))
})

describe("notifications", () => {
  const told = (more: string) => problems(file(`notifications: { ${more} }`))
  it.each([
    [
      "slack: { on: [failed] }",
      'notifications.slack.on[0] expected one of start, success, failure, rollback, approval-needed, break-glass, ci-failed, ci-recovered, got "failed" → write failure',
    ],
    ["email: { from: a@b.example }", "notifications.email.to is required: expected a list of e-mail addresses"],
    [
      "email: { from: nobody, to: [a@b.example] }",
      'notifications.email.from expected an e-mail address such as releases@shop.example, got "nobody"',
    ],
    [
      "webhook: { url: A, secret: A }",
      "notifications.webhook.secret is the name of the address as well → two values have two names",
    ],
    ["wait: 60", "notifications.wait expected a whole number of seconds from 1 to 10, got 60"],
  ])("are refused as %s", (more, problem) => expect(told(more)).toContain(problem))

  it("never hold an address", () => {
    expect(told("slack: { url: https://hooks.example/T000/secret-word }")).toHaveLength(1)
  })
})

describe("names that Docker, DNS and a registry must all take", () => {
  const of = (length: number) => `n${"a".repeat(length - 1)}`
  const containerOf = (text: string) => {
    const { service } = planOf(parseSettings(text), {
      network: "tollgate",
      folder: "/var/lib/tollgate",
      proxy: { host: null, tls: false, httpPort: 80, httpsPort: 443, image: "proxy" },
    })
    return `${service}-web-${releaseId(new Date())}`
  }

  it("make a host name of a container, at their longest", () => {
    expect(containerOf(file(`release: { name: ${of(38)} }`))).toHaveLength(63)
    expect(containerOf(file(`image: { name: "ghcr.io/acme/${of(60)}" }`))).toHaveLength(63)
    expect(containerOf(file(`image: { name: "ghcr.io/acme/${of(37)}-${of(9)}" }`))).toMatch(/^na{36}-web-/)
  })

  it.each([
    [
      `release: { name: ${of(39)} }`,
      "at most 38 characters",
      "it has 39 characters: with -web- and a release's id it is a container's host name, which may have 63",
    ],
    ["release: { name: shop- }", "ending with a letter or digit", ""],
    [`image: { name: "ghcr.io/${of(130)}/${of(130)}" }`, "image.name has 269 characters: a registry takes 255", ""],
    [`image: { name: "${of(64)}.example/shop" }`, "image.name its registry has a part of 64 characters", ""],
    ["image: { name: 'registry.example:70000/shop' }", "image.name its registry has no port from 1 to 65535", ""],
    [
      `environments: { production: { target: { hosts: ["${of(64)}.example"] } } }`,
      "hosts[0] has a part of 64 characters",
      "",
    ],
    ["environments: { production: { target: { hosts: ['app1..example'] } } }", "hosts[0] is no host name", ""],
    [
      "environments: { production: { target: { hosts: [a.example], jump: ['ops@b.example:0'] } } }",
      "jump[0] has no port",
      "",
    ],
    [
      `environments: { production: { target: { hosts: [a.example], proxy: { host: ${`${of(60)}.`.repeat(5)}example } } } }`,
      "proxy.host has 312 characters: a host name may have 253",
      "",
    ],
    [`environments: { ${of(64)}: {} }`, "at most 63", ""],
    [
      `release: { smoke: { ${of(64)}: { path: / } } }`,
      "is too long for a name of a smoke check: it has 64 characters, at most 63 are allowed",
      "",
    ],
  ])("are refused with the limit: %s", (text, why, hint) => {
    const found = problems(file(text))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(why)
    expect(found[0]).toContain(hint)
  })

  it("may have another host on the way for each user", () => {
    const { target } =
      parseSettings(
        production("target: { hosts: ['app1:2222'], user: deploy, jump: [ops@bastion.example, 'inner:2200'] }"),
      ).environments["production"] ?? {}
    expect(target).toMatchObject({
      hosts: [{ host: "app1", port: 2222 }],
      jump: [
        { host: "bastion.example", port: 22, user: "ops" },
        { host: "inner", port: 2200, user: "deploy" },
      ],
    })
  })
})
