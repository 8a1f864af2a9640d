import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"

const file = (environments: string) =>
  `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments:\n${environments.replace(/^/gm, "  ")}\n`
const environmentsOf = (text: string) => parseSettings(file(text)).environments

function namesOf(text: string, environment: string, need: "required" | "optional") {
  return (environmentsOf(text)[environment]?.variables ?? [])
    .filter((one) => one.need === need)
    .map(({ name }) => name)
    .sort()
}

function ruleOf(text: string, environment: string, name: string) {
  return environmentsOf(text)[environment]?.variables.find((one) => one.name === name)?.rule
}

function problems(text: string): string[] {
  try {
    parseSettings(file(text))
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(
      ({ path, message, suggestion }) => `${path} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
    )
  }
}

const five = ["ADMIN_WEBHOOK_TOKEN", "DATABASE_URL", "ECPAY_HASH_KEY", "ECPAY_MERCHANT_ID", "REDIS_URL"]

describe("what is built in for payment services", () => {
  it("for staging", () => {
    expect(namesOf("{}", "staging", "required")).toEqual(five)
    expect(namesOf("{}", "staging", "optional")).toEqual([
      "ALERT_WEBHOOK_URL",
      "BACKUP_SCHEDULE",
      "DEBUG",
      "ECPAY_HASH_IV",
      "LOG_LEVEL",
      "SENTRY_DSN",
    ])
    expect(ruleOf("{}", "staging", "ECPAY_MERCHANT_ID")).toMatchObject({
      startsWith: expect.arrayContaining(["3002", "2000132"]),
    })
    expect(ruleOf("{}", "staging", "DATABASE_URL")).toMatchObject({ contains: ["staging"] })
    expect(environmentsOf("{}")["staging"]?.ecpay).toEqual({
      endpoint: "https://payment-stage.ecpay.com.tw",
      timeout: 30,
    })
  })

  it("for production", () => {
    expect(namesOf("{}", "production", "required")).toEqual([...five, "ECPAY_HASH_IV", "SENTRY_DSN"].sort())
    expect(namesOf("{}", "production", "optional")).toEqual([
      "ALERT_WEBHOOK_URL",
      "BACKUP_SCHEDULE",
      "DEBUG",
      "LOG_LEVEL",
    ])
    expect(ruleOf("{}", "production", "ECPAY_MERCHANT_ID")).toMatchObject({ notStartsWith: ["3002"] })
    expect(ruleOf("{}", "production", "DATABASE_URL")).toMatchObject({ contains: ["production", "render.com"] })
    expect(environmentsOf("{}")["production"]?.ecpay.endpoint).toBe("https://payment.ecpay.com.tw")
  })

  it("has defaults of LOG_LEVEL and DEBUG for each", () => {
    const defaults = (environment: string) =>
      (environmentsOf("{}")[environment]?.variables ?? []).flatMap(({ name, default: value }) =>
        value === null ? [] : [`${name}=${value}`],
      )
    expect(defaults("staging")).toEqual(["LOG_LEVEL=DEBUG", "DEBUG=true"])
    expect(defaults("production")).toEqual(["LOG_LEVEL=INFO", "DEBUG=false"])
  })
})

describe("an environment in tollgate.yaml", () => {
  it("adds names, moves them and leaves them out", () => {
    const text =
      "production: { config: { required: [STRIPE_KEY, ALERT_WEBHOOK_URL], optional: [SENTRY_DSN], without: [BACKUP_SCHEDULE] } }"
    expect(namesOf(text, "production", "required")).toEqual(
      [...five, "ALERT_WEBHOOK_URL", "ECPAY_HASH_IV", "STRIPE_KEY"].sort(),
    )
    expect(namesOf(text, "production", "optional")).toEqual(["DEBUG", "LOG_LEVEL", "SENTRY_DSN"])
  })

  it("changes rules by kind: what it does not name stays", () => {
    const text =
      "production: { config: { rules: { DATABASE_URL: { contains: [rds.amazonaws.com] }, ECPAY_MERCHANT_ID: { notStartsWith: [] } } } }"
    expect(ruleOf(text, "production", "DATABASE_URL")).toEqual({
      url: expect.arrayContaining(["postgres", "postgresql"]),
      contains: ["rds.amazonaws.com"],
    })
    expect(ruleOf(text, "production", "ECPAY_MERCHANT_ID")).toMatchObject({ notStartsWith: [], pattern: "[0-9]{7,10}" })
  })

  it("has defaults as they are spelled, and a name that has one may be left out", () => {
    const text = "staging: { config: { defaults: { DEBUG: False, VERSION: 1.10, constructor: x } } }"
    const optional = environmentsOf(text)["staging"]?.variables.filter(({ need }) => need === "optional")
    expect(Object.fromEntries((optional ?? []).map(({ name, default: value }) => [name, value]))).toMatchObject({
      DEBUG: "False",
      VERSION: "1.10",
      constructor: "x",
      LOG_LEVEL: "DEBUG",
      SENTRY_DSN: null,
    })
  })

  it("may be a further one: empty, or beginning with a built-in set", () => {
    expect(environmentsOf("review: {}")["review"]).toEqual({
      target: { kind: "none" },
      operators: [],
      production: false,
      migrations: null,
      approvals: {
        required: 0,
        keys: [],
        longest: 86_400,
        clockSkew: 120,
        breakGlass: true,
        uses: 1,
        requireSeparation: false,
      },
      freeze: { zone: "UTC", once: [], weekly: [] },
      gates: ["qa", "scan", "ecpay"],
      variables: [],
      ecpay: { endpoint: "https://payment-stage.ecpay.com.tw", timeout: 30 },
    })
    expect(namesOf("sandbox: { config: { extends: staging } }", "sandbox", "required")).toEqual(five)
    expect(
      namesOf("production: { config: { extends: none, required: [DATABASE_URL] } }", "production", "required"),
    ).toEqual(["DATABASE_URL"])
    // what the name means stays
    expect(ruleOf("eu: { config: { required: [DATABASE_URL] } }", "eu", "DATABASE_URL")).toEqual({
      url: expect.arrayContaining(["postgres", "postgresql"]),
    })
  })
})

describe("mistakes in an environment are named with their place:", () => {
  it.each([
    ["prod: { confg: {} }", "environments.prod.confg is not a known key → did you mean `config`?"],
    [
      "Prod: {}",
      "environments.Prod is not a name for an environment: expected lower-case letters, digits and -, beginning with a letter → write prod",
    ],
    [
      "staging: { config: { required: [A-B] } }",
      'environments.staging.config.required[0] expected a name of an environment variable: letters, digits and _, not beginning with a digit, got "A-B"',
    ],
    [
      "staging: { config: { required: [A], optional: [A] } }",
      "environments.staging.config.optional[0] is under required as well",
    ],
    [
      "staging: { config: { without: [STRIPE] } }",
      "environments.staging.config.without[0] is not a built-in name of this environment → leave it out: it is not asked for",
    ],
    [
      "staging: { config: { rules: { STRIPE: { minLength: 3 } } } }",
      "environments.staging.config.rules.STRIPE is neither required nor optional here → list it under required or optional",
    ],
    [
      "staging: { config: { rules: { REDIS_URL: { pattern: '[' } } } }",
      "environments.staging.config.rules.REDIS_URL.pattern is not a regular expression that JavaScript knows → put it in single quotes, so that YAML leaves backslashes alone",
    ],
    [
      "staging: { config: { rules: { REDIS_URL: { startsWith: [3002] } } } }",
      "environments.staging.config.rules.REDIS_URL.startsWith[0] expected a beginning, got 3002 → put it in quotes to make it a text",
    ],
    [
      "staging: { config: { rules: { REDIS_URL: { url: ['redis://'] } } } }",
      'environments.staging.config.rules.REDIS_URL.url[0] expected a URL\'s scheme such as https, got "redis://" → write the scheme alone, without :// and without a driver after +',
    ],
    [
      "staging: { ecpay: { endpoint: payment-stage.ecpay.com.tw } }",
      'environments.staging.ecpay.endpoint expected an address such as https://payment-stage.ecpay.com.tw, without a path, got "payment-stage.ecpay.com.tw"',
    ],
    [
      "staging: { ecpay: { endpoint: 'http://payment.ecpay.com.tw' } }",
      "environments.staging.ecpay.endpoint is ECPay's own without TLS: write https://",
    ],
  ])("%s", (text, problem) => {
    expect(problems(text)).toEqual([problem])
  })

  it("a default of what sounds like a secret, without saying it again", () => {
    expect(problems("staging: { config: { defaults: { API_TOKEN: s3cr3t } } }")).toEqual([
      "environments.staging.config.defaults.API_TOKEN sounds like a secret: a secret's value must not be in a file → give it with --secrets, and list its name under required",
    ])
  })
})
