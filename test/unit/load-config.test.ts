import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"
import { settingsOf } from "./load-samples.js"

/** The problems of a file whose `load` and its one scenario have these keys besides the necessary ones. */
function problems(more: {
  load?: string
  scenario?: string
  thresholds?: string
  check?: string
  rate?: string
  duration?: string
  path?: string
}): string[] {
  const { rate = "20/s", duration = "20s", path = "/orders", check = "contains: order" } = more
  try {
    parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
load:
  ${more.load ?? ""}
  scenarios:
    orders:
      path: ${path}
      rate: ${rate}
      duration: ${duration}
      checks: { answer: { ${check} } }
      ${more.thresholds === undefined ? "" : `thresholds: { ${more.thresholds} }`}
      ${more.scenario ?? ""}
`)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(
      ({ path, message, suggestion }) =>
        `${path.replace("load.scenarios.orders.", "")} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
    )
  }
}

describe("a load section", () => {
  it("needs no more than a path, a rate, a duration and a check", () => {
    const load = settingsOf(
      "scenarios: { orders: { path: /orders, rate: 300/m, duration: 1m, checks: { answer: { contains: order } } } }",
    )
    expect(load).toMatchObject({
      warmUp: 5,
      timeout: 10_000,
      maxVirtualUsers: 50,
      maxRequests: 50_000,
      maxTime: 600,
      env: {},
      before: [],
      secrets: [],
      staging: [],
    })
    expect(load.scenarios["orders"]).toMatchObject({
      method: "GET",
      headers: {},
      rate: { count: 300, seconds: 60 },
      duration: 60,
      thresholds: { errors: 0, rate: 98 },
    })
  })

  it("without a scenario sends nothing", () => {
    expect(() => settingsOf("scenarios: {}")).toThrow("load.scenarios  lists no scenario: nothing would be sent")
  })

  it("bounds a run: what would be sent and how long is computed beforehand", () => {
    expect(problems({ rate: "2000/s", duration: "1m" })).toEqual([
      "load.maxRequests is 50000, and the scenarios would send up to 130002 → lower a rate or a duration, or raise maxRequests",
    ])
    expect(problems({ duration: "20m", rate: "1/s" })).toEqual([
      "load.maxTime is 10 min 0 s, and the scenarios would take 20 min 5 s → lower a duration, or raise maxTime",
    ])
    expect(problems({ rate: "2000/s", duration: "1m", load: "maxRequests: 140000" })).toEqual([])
  })

  it("does not send the service to another database", () => {
    expect(problems({ load: "env: { DATABASE_URL: postgresql://prod, CACHE: x }" })).toEqual([
      "load.env.DATABASE_URL is set by qa.services.postgres → leave it out",
    ])
  })

  it("names addresses of staging by scheme, host and port alone", () => {
    expect(problems({ load: 'staging: ["https://staging.shop.example/", "http://10.0.0.7:8080"]' })).toEqual([])
    expect(
      settingsOf(
        'staging: ["https://Staging.shop.example:443/"]\nscenarios: { orders: { path: /, rate: 1/s, duration: 5s, checks: { a: { contains: a } } } }',
      ).staging,
    ).toEqual(["https://staging.shop.example"])
    expect(
      problems({ load: "staging: [staging.shop.example, https://shop.example/api, 'https://user:pw@shop.example']" }),
    ).toEqual([
      'load.staging[0] expected an address such as https://staging.shop.example, got "staging.shop.example" → write https://staging.shop.example',
      'load.staging[1] expected an address such as https://staging.shop.example, got "https://shop.example/api" → leave out what follows the host and port',
      'load.staging[2] expected an address such as https://staging.shop.example, got "https://user:pw@shop.example"',
    ])
  })
})

describe("a rate", () => {
  const expected = "rate expected an arrival rate such as 20/s or 300/m, got"
  it.each([
    ["20", `${expected} 20 → add a unit: 20/s or 20/m`],
    ["20 per second", `${expected} "20 per second" → write 20/s`],
    ["20rps", `${expected} "20rps" → write 20/s`],
    ["300/min", `${expected} "300/min" → write 300/m`],
    ["0.5/s", `${expected} "0.5/s" → use whole numbers: 30/m`],
    ["0/s", `${expected} "0/s" → a scenario without requests proves nothing`],
    ["-5/s", `${expected} "-5/s"`],
    ["fast", `${expected} "fast"`],
  ])("is refused as %s", (rate, problem) => {
    expect(problems({ rate })).toEqual([problem])
  })

  it("must send something within the duration", () => {
    expect(problems({ rate: "1/m", duration: "20s" })).toContain(
      "rate sends no request within the duration → raise rate or duration",
    )
  })
})

describe("a threshold", () => {
  const expected = "thresholds.p95 expected a time such as 500ms or 1s, got"
  it.each([
    ["500", `${expected} 500 → add a unit: 500ms or 500s`],
    ["500 ms", `${expected} "500 ms" → write 500ms`],
    ["2 sec", `${expected} "2 sec" → write 2s`],
    ["1m", `${expected} "1m" → seconds are the largest unit`],
    ["0ms", `${expected} "0ms" → no answer takes no time at all`],
  ])("of time is refused as %s", (written, problem) => {
    expect(problems({ thresholds: `p95: ${written}` })).toEqual([problem])
  })

  it("of a share has a percent sign", () => {
    expect(problems({ thresholds: "errors: 0.1" })).toEqual([
      "thresholds.errors expected a share such as 0.1%, got 0.1 → write 0.1%",
    ])
    expect(problems({ thresholds: "rate: 101%" })).toEqual([
      'thresholds.rate expected a share of at most 100%, got "101%"',
    ])
    expect(problems({ thresholds: "errors: 0.1%, rate: 99.5%" })).toEqual([])
  })

  it("must be below the time-out, as which failures count", () => {
    expect(problems({ thresholds: "p95: 10s" })).toEqual([
      "thresholds.p95 is not below load.timeout, as which a request without a right answer counts → ask for less than 10.0 s, or raise load.timeout",
    ])
  })

  it("on a percentile needs enough requests to be judged with", () => {
    expect(problems({ rate: "10/s", duration: "20s", thresholds: "p95: 1s, p99: 1s" })).toEqual([
      "thresholds.p99 cannot be judged by 200 requests: p99 needs 299 → raise rate or duration, or ask for a lower percentile",
    ])
    expect(problems({ rate: "299/m", duration: "1m", thresholds: "p99: 1s" })).toEqual([])
    expect(problems({ rate: "58/m", duration: "1m", thresholds: "p50: 1s, p95: 1s, max: 2s" })).toEqual([
      "thresholds.p95 cannot be judged by 58 requests: p95 needs 59 → raise rate or duration, or ask for a lower percentile",
    ])
  })

  it("with another name is not known", () => {
    expect(problems({ thresholds: "p96: 1s" })[0]).toContain("thresholds.p96 is not a known key → did you mean `p9")
  })
})

describe("checks", () => {
  it("that are none leave every page right", () => {
    expect(() => settingsOf("scenarios: { orders: { path: /, rate: 1/s, duration: 5s, checks: {} } }")).toThrow(
      "lists no check: an error page that comes with a right status would do",
    )
    expect(() => settingsOf("scenarios: { orders: { path: /, rate: 1/s, duration: 5s } }")).toThrow(
      "load.scenarios.orders.checks  is required",
    )
  })

  it("say one thing each", () => {
    expect(problems({ check: "json: status" })).toEqual([
      "checks.answer does not say what must be there → add one of equals, contains, matches",
    ])
    expect(problems({ check: "equals: 1, contains: x" })).toEqual([
      "checks.answer has equals and contains → write a check for each",
    ])
    expect(problems({ check: "json: 'items[0].id', equals: null" })).toEqual([])
    expect(problems({ check: 'equals: ""' })).toEqual([])
  })

  it("have places and patterns that can be used", () => {
    expect(problems({ check: "json: a..b, equals: 1" })).toEqual([
      "checks.answer.json is not a place in a JSON document → for example checks.postgres or items[0].id",
    ])
    expect(problems({ check: 'matches: "("' })).toEqual([
      "checks.answer.matches is not a regular expression: /(/: Unterminated group",
    ])
    expect(problems({ check: "equals: [1]" })).toEqual([
      "checks.answer.equals expected a text, a number, true/false or null, got a list",
    ])
  })
})

describe("a request", () => {
  it.each([
    ["orders", 'path expected a path that begins with /, got "orders" → write /orders'],
    [
      "https://shop.example/orders",
      'path expected a path that begins with /, got "https://shop.example/orders" → write the path alone: the host is the built image\'s, or the one given with --url',
    ],
    ["'/my orders'", 'path expected a path that begins with /, got "/my orders" → write a space as %20'],
  ])("has a path and no more: not %s", (path, problem) => {
    expect(problems({ path })).toEqual([problem])
  })

  it("has one body at most, and a method that goes with it", () => {
    expect(problems({ scenario: "body: x" })).toEqual(["body does not go with GET → add  method: POST"])
    expect(problems({ scenario: "method: POST\n      body: x\n      json: {}" })).toEqual([
      "body is given beside json → keep one of them",
    ])
    expect(problems({ scenario: "method: post" })).toEqual([
      'method expected one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, got "post" → write POST',
    ])
  })

  it("has headers that are its own to set", () => {
    expect(problems({ scenario: "headers: { Host: shop, 'X Y': z }" })).toEqual([
      "headers.Host is written by the load generator → leave it out",
      'headers["X Y"] is not a name of a header',
    ])
  })

  it("has placeholders that are known, wherever they stand", () => {
    const known = "known here: {{uuid}} {{iteration}} {{run}} {{secret.NAME}}"
    expect(
      problems({
        path: "'/orders/{{id}}'",
        scenario:
          "method: POST\n      headers: { X-Id: '{{uid}}' }\n      json: { deep: ['{{ uuid }}', { er: '{{now}}' }] }",
      }),
    ).toEqual([
      `path has the unknown placeholder {{id}} → ${known}`,
      `headers.X-Id has the unknown placeholder {{uid}} → ${known}`,
      `json has the unknown placeholder {{now}} → ${known}`,
    ])
  })
})

describe("a secret", () => {
  it("stands in no file: headers that carry credentials have a name in them, which is never repeated with a value", () => {
    expect(
      problems({ scenario: "headers: { Authorization: Bearer abc123, X-Api-Key: 7, Idempotency-Key: '{{uuid}}' }" }),
    ).toEqual([
      "headers.Authorization is a credential: its value must not be in a file → list a name for it in load.secrets, and write {{secret.NAME}} here",
      "headers.X-Api-Key expected a text, got a value that is not shown here → put it in quotes to make it a text",
    ])
  })

  it("is listed where it is used, and used where it is listed", () => {
    expect(
      problems({ load: "secrets: [TOKEN]", scenario: "headers: { Authorization: 'Bearer {{secret.TOKN}}' }" }),
    ).toEqual([
      "load.secrets[0] is used by no scenario → write {{secret.TOKEN}} into a header or a body, or leave it out",
      "headers uses the secret TOKN, which load.secrets does not list → add TOKN to load.secrets",
    ])
    expect(
      problems({ load: "secrets: [TOKEN]", scenario: "headers: { Authorization: 'Bearer {{secret.TOKEN}}' }" }),
    ).toEqual([])
  })

  it("does not go into an address", () => {
    expect(
      problems({
        load: "secrets: [TOKEN]",
        path: "'/orders?token={{secret.TOKEN}}'",
        scenario: "headers: { X-Token: '{{secret.TOKEN}}' }",
      }),
    ).toEqual(["path has a secret in it: addresses end in the logs of servers and proxies → send it in a header"])
  })
})
