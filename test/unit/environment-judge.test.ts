import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { checkConfig } from "../../core/environment/check.js"
import { configDigest } from "../../core/environment/digest.js"
import { entropyBits } from "../../core/environment/entropy.js"
import { mask } from "../../core/environment/mask.js"
import type { ConfigResult } from "../../core/environment/result.js"

const production = {
  DATABASE_URL: "postgresql://payments:s8Kd-2m_Xq4PzT@db.internal:5432/payments_production",
  REDIS_URL: "rediss://:Zk3vQ9rTf1Lw@cache.internal:6379/0",
  ECPAY_MERCHANT_ID: "3466445",
  ECPAY_HASH_KEY: "aB3dE5fG7hJ9kL1m",
  ECPAY_HASH_IV: "nP2qR4sT6uV8wX0y",
  ADMIN_WEBHOOK_TOKEN: "5f2b8c1de0a94763b8f1c2d3e4a5b697",
  SENTRY_DSN: "https://0123abcd4567@o12.ingest.sentry.io/345",
}

const staging = {
  DATABASE_URL: "postgres://payments:q7Rt5yU8iO2p@db.internal:5432/payments_staging",
  REDIS_URL: "redis://cache-staging.internal:6379/0",
  ECPAY_MERCHANT_ID: "3002607",
  ECPAY_HASH_KEY: "pwFHCqoQZGmho4w6",
  ADMIN_WEBHOOK_TOKEN: "d91c47a2f08b4e6d8a35b1c7f2e96d40",
}

type Values = Record<string, string | null>
const written = (values: Values) =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}='${value}'`]))
    .join("\n")

interface Question {
  environment?: string
  given?: string
  against?: string
  example?: string
  yaml?: string
}

function check({
  environment = "production",
  given = written(production),
  against,
  example,
  yaml = "{}",
}: Question): ConfigResult {
  const settings = parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: ${yaml}\n`)
  return checkConfig(settings, environment, { given, against: against ?? null, example: example ?? null })
}

/** `NAME code` of everything that is wrong. */
function wrong(result: ConfigResult): string[] {
  return [...result.variables, ...result.unused]
    .flatMap(({ name, problems }) => problems.map(({ code }) => `${name} ${code}`))
    .concat(result.file.map(({ code }) => code))
}

const wrongIn = (changes: Values, more: Question = {}) =>
  wrong(check({ given: written({ ...(more.environment === "staging" ? staging : production), ...changes }), ...more }))

describe("a configuration that is right", () => {
  it.each([
    ["production", production],
    ["staging", staging],
  ])("of %s has nothing wrong with it", (environment, values) => {
    const result = check({ environment, given: written(values) })
    expect(wrong(result)).toEqual([])
    expect(result.verdict).toEqual({ kind: "passed" })
  })

  it("says of each variable where its value comes from", () => {
    const sources = Object.fromEntries(
      check({ given: `${written(production)}\nLOG_LEVEL=warning` }).variables.map(({ name, source, shown }) => [
        name,
        `${source} ${shown}`,
      ]),
    )
    expect(sources).toMatchObject({
      DATABASE_URL: "given •••• 64 or more",
      LOG_LEVEL: "given •••• under 16",
      DEBUG: "default false",
      ALERT_WEBHOOK_URL: "none ",
    })
  })

  it("may share values that are not secret with the other environment", () => {
    const common = "\nLOG_LEVEL=INFO\nBACKUP_SCHEDULE='0 3 * * *'\nGIT_SHA=5f2b8c1de0a94763b8f1c2d3e4a5b697aabbccdd"
    expect(wrong(check({ given: written(production) + common, against: written(staging) + common }))).toEqual([])
  })
})

describe("what is missing", () => {
  it("is named, all of it at once, beside everything else that is wrong", () => {
    expect(
      wrongIn({ DATABASE_URL: null, REDIS_URL: "", SENTRY_DSN: "   ", ECPAY_HASH_KEY: "short", LOG_LEVEL: "loud" }),
    ).toEqual([
      "DATABASE_URL missing",
      "REDIS_URL empty",
      "ECPAY_HASH_KEY wrong-form",
      "ECPAY_HASH_KEY too-guessable",
      "SENTRY_DSN empty",
      "LOG_LEVEL not-allowed",
    ])
  })

  it.each([
    ["ECPAY_HASHKEY", "ECPAY_HASH_KEY"],
    ["ecpay_hash_key", "ECPAY_HASH_KEY"],
    ["DATABSE_URL", "DATABASE_URL"],
    ["SENTRY_DNS", "SENTRY_DSN"],
  ])("is found under the slip %s", (slip, name) => {
    const result = check({ given: written({ ...production, [name]: null, [slip]: "x" }) })
    expect(result.unused).toEqual([expect.objectContaining({ name: slip, meant: name })])
    expect(result.variables.find((one) => one.name === name)?.problems).toEqual([
      { code: "missing", message: "is missing", next: `${slip} is set but not used: is it a typo of this name?` },
    ])
  })

  it("is everything when nothing is given, and that is said", () => {
    const found = wrong(check({ given: "# nothing yet\n" }))
    expect(found.slice(0, -1).sort()).toEqual(
      Object.keys(production)
        .map((name) => `${name} missing`)
        .sort(),
    )
    expect(found.at(-1)).toBe("nothing-given")
  })

  it("is not asked for when a default stands in for it, and the default is judged as well", () => {
    expect(wrong(check({ yaml: "{ production: { config: { defaults: { LOG_LEVEL: loud } } } }" }))).toEqual([
      "LOG_LEVEL not-allowed",
    ])
  })
})

describe("names that nothing asks for", () => {
  it("are listed, and are no problem", () => {
    const result = check({ given: `${written(production)}\nPUBLIC_BASE_URL=https://pay.shop.tw\nREDIS_URL2=x` })
    expect(result.unused.map(({ name, meant }) => [name, meant])).toEqual([
      ["PUBLIC_BASE_URL", null],
      ["REDIS_URL2", null],
    ])
    expect(result.verdict.kind).toBe("passed")
  })
})

describe("which environment it is", () => {
  it("is told by the merchant id", () => {
    expect(wrongIn({ ECPAY_MERCHANT_ID: "3002611" })).toEqual(["ECPAY_MERCHANT_ID wrong-beginning"])
    expect(wrongIn({ ECPAY_MERCHANT_ID: "3466445" }, { environment: "staging" })).toEqual([
      "ECPAY_MERCHANT_ID wrong-beginning",
    ])
  })

  const url = (host: string, database: string, user = "payments", password = "s8Kd-2m_Xq4PzT") =>
    `postgresql://${user}:${password}@${host}:5432/${database}`

  it("is told by the database's host or name, in any case", () => {
    expect(wrongIn({ DATABASE_URL: url("dpg-a1b2c3.oregon-postgres.Render.com", "payments") })).toEqual([])
    expect(wrongIn({ DATABASE_URL: url("db.internal", "Payments_Production") })).toEqual([])
    expect(wrongIn({ DATABASE_URL: url("db.internal", "payments_staging") })).toEqual(["DATABASE_URL wrong-part"])
    expect(wrongIn({ DATABASE_URL: url("db.internal", "payments_production") }, { environment: "staging" })).toEqual([
      "DATABASE_URL wrong-part",
    ])
  })

  it.each([
    ["the password", url("db.internal", "payments", "payments", "production-s8Kd2mXq4")],
    ["the user's name", url("db.internal", "payments", "production")],
    ["a parameter", `${url("db.internal", "payments")}?application_name=production`],
  ])("is not told by %s", (_, DATABASE_URL) => {
    expect(wrongIn({ DATABASE_URL })).toEqual(["DATABASE_URL wrong-part"])
  })

  it("may be told by other words, as tollgate.yaml says", () => {
    const yaml = "{ production: { config: { rules: { DATABASE_URL: { contains: [rds.amazonaws.com] } } } } }"
    expect(wrongIn({ DATABASE_URL: url("x.rds.amazonaws.com", "payments") }, { yaml })).toEqual([])
    expect(wrongIn({}, { yaml })).toEqual(["DATABASE_URL wrong-part"])
  })
})

describe("a URL", () => {
  it.each([
    ["without a scheme", "db.internal/payments_production"],
    ["of another kind", "mysql://u:s8Kd-2m_Xq4PzT@db.internal/payments_production"],
    ["without a host", "postgresql:///payments_production"],
    ["with a password's / as it is", "postgresql://u:s8Kd/2m@db.internal/payments_production"],
    ["with a password's @ as it is", "postgresql://u:s8Kd@2m@db.internal/payments_production"],
    ["with a % that escapes nothing", "postgresql://u:s8Kd%2m@db.internal/payments_production"],
    ["with a port beyond the last", "postgresql://u:s8Kd2mPq@db.internal:54321999/payments_production"],
    ["with nothing where its host was to be filled in", "postgresql+psycopg://u:s8Kd2mPq@/payments_production"],
    ["of a file", "sqlite:///payments_production"],
    ["with a blank in it", "postgresql://u:s8Kd 2m@db.internal/payments_production"],
    [
      "over two lines, which the platform's parser would put together",
      "postgresql://u:s8Kd2m@db.internal/\npayments_production",
    ],
  ])("%s is none of a Postgres database", (_, DATABASE_URL) => {
    expect(wrongIn({ DATABASE_URL })).toEqual(["DATABASE_URL not-a-url"])
  })

  it("may name a driver, as SQLAlchemy wants it", () => {
    expect(wrongIn({ DATABASE_URL: production.DATABASE_URL.replace("postgresql:", "postgresql+psycopg:") })).toEqual([])
  })

  it.each([
    ["through a socket", "postgresql+psycopg://u:s8Kd2mPq@/payments_production?host=/cloudsql/shop:asia-east1:main"],
    [
      "through a socket whose folder is written in place of the host",
      "postgresql://u:s8Kd2mPq@%2Frun%2Fpg/payments_production",
    ],
    ["on several hosts", "postgresql+asyncpg://u:s8Kd2mPq@one.internal:5432,two.internal:5432/payments_production"],
    ["of a service file", "postgresql:///?service=payments_production"],
    ["with a # in its password", "postgresql://u:s8Kd#2m@db.internal/payments_production"],
    ["under the name of a driver of Django", "postgis://u:s8Kd2mPq@db.internal:5432/payments_production"],
    [
      "through the socket that pg8000 names",
      "postgresql+pg8000://u:s8Kd2mPq@/payments_production?unix_sock=/run/.s.PGSQL.5432",
    ],
    ["in keywords and values", "host=/run/postgresql dbname=payments_production user=u password=s8Kd2mPq"],
  ])("may lead to a database %s", (_, DATABASE_URL) => {
    expect(wrongIn({ DATABASE_URL })).toEqual([])
    expect(wrongIn({ DATABASE_URL: DATABASE_URL.replace("production", "staging") })).toEqual([
      "DATABASE_URL wrong-part",
    ])
  })

  it("needs no host where libpq's own variable names one", () => {
    expect(wrongIn({ DATABASE_URL: "postgresql:///payments_production", PGHOST: "db.internal" })).toEqual([])
  })

  it("may have a host that begins with my-, but no such password", () => {
    expect(
      wrongIn({
        DATABASE_URL: "postgresql://u:s8Kd2mPq@my-db.internal/payments_production",
        PUBLIC_BASE_URL: "https://my_shop.tw",
      }),
    ).toEqual([])
    expect(wrongIn({ DATABASE_URL: "postgresql://u:my-password@db.internal/payments_production" })).toEqual([
      "DATABASE_URL placeholder",
    ])
    expect(wrongIn({ ADMIN_WEBHOOK_TOKEN: "my-webhook-token-of-production-1" })).toEqual([
      "ADMIN_WEBHOOK_TOKEN placeholder",
    ])
  })

  it("has no password that everybody tries first", () => {
    expect(wrongIn({ DATABASE_URL: "postgresql://postgres:postgres@db.internal/payments_production" })).toEqual([
      "DATABASE_URL placeholder",
    ])
  })
})

describe("a value that is not one", () => {
  it.each([
    "changeme",
    "CHANGE-ME-NOW-please-0123456789",
    "xxx",
    // in two parts: the whole of it is a secret to every scanner
    `sk_live_${"x".repeat(12)}`,
    "your-token-here",
    "<token>",
    "<your admin token>",
    "${ADMIN_TOKEN}",
    "{{ token }}",
    "example-token",
    "todo",
    "replace_me",
    "************",
    "password",
    "secret",
    "insert_key",
    "1111111111111111",
  ])("is a placeholder: %s", (ADMIN_WEBHOOK_TOKEN) => {
    expect(wrongIn({ ADMIN_WEBHOOK_TOKEN })).toContain("ADMIN_WEBHOOK_TOKEN placeholder")
  })

  it("is the one of .env.example, unless it may be", () => {
    const example =
      "ADMIN_WEBHOOK_TOKEN=d91c47a2f08b4e6d8a35b1c7f2e96d40\nECPAY_HASH_KEY=pwFHCqoQZGmho4w6\nLOG_LEVEL=INFO\n"
    const given = written({ ...staging, LOG_LEVEL: "INFO" })
    expect(wrong(check({ environment: "staging", given, example }))).toEqual(["ADMIN_WEBHOOK_TOKEN example-value"])
    expect(wrongIn({ ECPAY_HASH_KEY: "pwFHCqoQZGmho4w6" }, { example })).toEqual([
      "ECPAY_HASH_KEY published",
      "ECPAY_HASH_KEY example-value",
    ])
  })

  it("is one with blanks around, quotes inside or characters that cannot be seen", () => {
    expect(
      wrong(
        check({
          given: `${written({ ...production, SENTRY_DSN: null, ECPAY_HASH_IV: null, ECPAY_MERCHANT_ID: null })}\nSENTRY_DSN=" ${production.SENTRY_DSN}"\nECPAY_HASH_IV="'nP2qR4sT6uV8wX0y'"\nECPAY_MERCHANT_ID=3466445\u200b\n`,
        }),
      ),
    ).toEqual([
      "ECPAY_MERCHANT_ID hidden-characters",
      "ECPAY_MERCHANT_ID wrong-form",
      "ECPAY_HASH_IV quotes-inside",
      "ECPAY_HASH_IV wrong-form",
      "SENTRY_DSN blanks-around",
      "SENTRY_DSN not-a-url",
    ])
  })
})

describe("what dotenv does without a word", () => {
  it("is told: lines that it skips, names given twice, values that a # cuts, quotes left open", () => {
    const given = `${written({ ...production, SENTRY_DSN: null, REDIS_URL: null })}\nmy notes\nSENTRY_DSN=${production.SENTRY_DSN}#prod\nREDIS_URL=redis://one.internal/0\nREDIS_URL=${production.REDIS_URL}\nLOG_LEVEL="info\n`
    const result = check({ given })
    expect(wrong(result)).toEqual([
      "REDIS_URL repeated",
      "SENTRY_DSN cut-at-hash",
      "LOG_LEVEL quote-left-open",
      "LOG_LEVEL not-allowed",
      "malformed-line",
    ])
    expect(result.file[0]?.message).toBe("line 6 is not an assignment; dotenv silently skips it")
  })

  it("is told: a quote left open that swallows the names after it", () => {
    const others = written({ ...production, SENTRY_DSN: null }).replaceAll("'", "")
    const result = check({ given: `SENTRY_DSN="${production.SENTRY_DSN}\n${others}\nLOG_LEVEL=INFO"` })
    expect(wrong(result)).toContain("SENTRY_DSN swallows-lines")
    expect(wrong(result)).toContain("DATABASE_URL missing")
  })
})

describe("ECPay's public test merchants", () => {
  const invoice = { id: "3085340", key: "HwiqPsywG1hLQNuN", iv: "YqITWD4TyKacYXpn" }

  it("are right in staging, the older ones and those of other services too", () => {
    for (const ECPAY_MERCHANT_ID of ["2000214", "2000933", invoice.id])
      expect(
        wrongIn(
          { ECPAY_MERCHANT_ID, ECPAY_HASH_KEY: invoice.key, ECPAY_HASH_IV: invoice.iv },
          { environment: "staging" },
        ),
      ).toEqual([])
  })

  it("are refused in production, and so are their keys", () => {
    expect(wrongIn({ ECPAY_MERCHANT_ID: invoice.id, ECPAY_HASH_KEY: invoice.key, ECPAY_HASH_IV: invoice.iv })).toEqual([
      "ECPAY_MERCHANT_ID published",
      "ECPAY_HASH_KEY published",
      "ECPAY_HASH_IV published",
    ])
  })

  it.each([
    ["a name that nothing asks for", "INVOICE_SIGNING", invoice.key],
    ["JSON", "ECPAY_CONFIG", `{"MerchantID":"2000933","HashKey":"${invoice.key}"}`],
    ["base64", "INVOICE_KEY_B64", Buffer.from(invoice.iv).toString("base64")],
    ["hexadecimal digits", "INVOICE_KEY_HEX", Buffer.from(invoice.key).toString("hex")],
    ["a URL", "INVOICE_URL", `ecpay://${invoice.id}:${invoice.key}@einvoice.internal/`],
    ["a merchant of another service", "LOGISTICS_MERCHANT_ID", "2000933"],
  ])("are found in %s", (_, name, value) => {
    expect(wrongIn({ [name]: value })).toEqual([`${name} published`])
  })

  it("are refused wherever real money is paid, whatever the environment is called", () => {
    const given = `ECPAY_MERCHANT_ID=2000933\n`
    for (const settings of ["{ extends: production }", "{ extends: none }"]) {
      const endpoint = settings.includes("none") ? "ecpay: { endpoint: 'https://payment.ecpay.com.tw' }," : ""
      expect(
        wrong(check({ environment: "live", given, yaml: `{ live: { ${endpoint} config: ${settings} } }` })),
      ).toContain("ECPAY_MERCHANT_ID published")
    }
    expect(wrong(check({ environment: "demo", given, yaml: "{ demo: {} }" }))).toEqual([])
  })

  it("are no part of another number", () => {
    expect(wrongIn({ ECPAY_MERCHANT_ID: "32000933" })).toEqual([])
    expect(wrongIn({ ORDER_OFFSET: "2000933" })).toEqual([])
  })
})

describe("a name", () => {
  it.each(["shop.mail.host", "PAY-KEY", "2FA_ISSUER", "UID"])("that no shell takes is refused: %s", (name) => {
    expect(wrong(check({ given: `${written(production)}\n${name}=x1` }))).toEqual([`${name} not-a-name`])
  })
})

describe("a value that a # takes away", () => {
  const yaml =
    "{ live: { config: { extends: none, required: [PASSCODE], optional: [CHANNEL, NOTE, TITLE], defaults: { CHANNEL: general } } } }"
  const problems = (given: string) => wrong(check({ environment: "live", given, yaml }))

  it("is told, as a whole or in part, required or not, with a default or without", () => {
    expect(problems("PASSCODE=#9xQ-2w\nCHANNEL=#pay\nNOTE= #late\nTITLE=Order #42\nEXTRA=#1a2b3c")).toEqual([
      "PASSCODE cut-at-hash",
      "CHANNEL cut-at-hash",
      "NOTE cut-at-hash",
      "TITLE cut-at-hash",
      "EXTRA cut-at-hash",
    ])
  })

  it("is not a comment with a blank on both sides", () => {
    expect(problems("PASSCODE=9xQ-2w # of the till\nCHANNEL= # later\nNOTE='#late' # quoted\nTITLE=")).toEqual([])
  })
})

describe("entropy", () => {
  it.each([
    ["one letter over and over", "a".repeat(40)],
    ["a word over and over", "admin".repeat(10)],
    ["the keys in their order", "abcdefghijklmnopqrstuvwxyz0123456789"],
    ["a short one, random as it is", "Zk3vQ9rTf1Lw"],
  ])("is not enough in %s", (_, ADMIN_WEBHOOK_TOKEN) => {
    expect(wrongIn({ ADMIN_WEBHOOK_TOKEN })).toContain("ADMIN_WEBHOOK_TOKEN too-guessable")
  })

  it("is what Shannon says of characters that do not follow from each other", () => {
    expect(entropyBits("")).toBe(0)
    expect(entropyBits("acegikmo")).toBeCloseTo(8 * 3)
    expect(entropyBits("aabb")).toBeCloseTo(4)
    expect(entropyBits("acac")).toBeCloseTo(2)
  })
})

describe("what two environments share", () => {
  const sharing = (changes: Values) =>
    wrong(check({ given: written({ ...production, ...changes }), against: written(staging) }))

  it("is named, by names alone", () => {
    const result = check({
      given: written({ ...production, ADMIN_WEBHOOK_TOKEN: staging.ADMIN_WEBHOOK_TOKEN }),
      against: written(staging),
    })
    expect(wrong(result)).toEqual(["ADMIN_WEBHOOK_TOKEN shared"])
    expect(JSON.stringify(result)).toContain("has the same value in staging")
    expect(result.comparedWith).toBe("staging")
  })

  it("is found under another name, in quotes and with blanks around", () => {
    expect(sharing({ ADMIN_WEBHOOK_TOKEN: staging.ECPAY_HASH_KEY })).toContain("ADMIN_WEBHOOK_TOKEN shared")
    expect(sharing({ ADMIN_WEBHOOK_TOKEN: ` ${staging.ADMIN_WEBHOOK_TOKEN} ` })).toContain("ADMIN_WEBHOOK_TOKEN shared")
  })

  it("is the same database behind another user, and the same password of another database", () => {
    expect(
      sharing({ DATABASE_URL: "postgresql://other:s8Kd2mXq4PzT@db.internal:5432/payments_staging?sslmode=require" }),
    ).toContain("DATABASE_URL shared")
    expect(sharing({ DATABASE_URL: "postgresql://other:q7Rt5yU8iO2p@db.internal:5432/payments_production" })).toEqual([
      "DATABASE_URL shared",
    ])
  })

  it("is a secret under a name that nothing asks for, too", () => {
    const token = "\nLINE_TOKEN=abc\nTIME_ZONE=Asia/Taipei"
    expect(wrong(check({ given: written(production) + token, against: written(staging) + token }))).toEqual([
      "LINE_TOKEN shared",
    ])
  })

  it("may be allowed by name", () => {
    const yaml = "{ production: { config: { rules: { SENTRY_DSN: { shared: true } } } } }"
    const against = written({ ...staging, SENTRY_DSN: production.SENTRY_DSN })
    expect(wrong(check({ against }))).toEqual(["SENTRY_DSN shared"])
    expect(wrong(check({ against, yaml }))).toEqual([])
  })

  it("is nothing that was looked for when nothing was there to compare with: that is red", () => {
    expect(wrong(check({ against: "" }))).toEqual(["nothing-given"])
  })
})

describe("an environment that is not there", () => {
  it("is an error that says which there are", () => {
    expect(() => check({ environment: "prodution" })).toThrow(
      /Did you mean production\? Known environments: staging, production, sandbox\./,
    )
    expect(() => check({ environment: "constructor" })).toThrow("no environment with the name")
  })
})

describe("a mask", () => {
  it("says no more than the class of a value's length", () => {
    expect(["x", "fifteen letters", "s".repeat(16), "s".repeat(63), "s".repeat(4000)].map(mask)).toEqual([
      "•••• under 16",
      "•••• under 16",
      "•••• 16 to 31",
      "•••• 32 to 63",
      "•••• 64 or more",
    ])
  })
})

describe("a configuration's digest", () => {
  const digest = (values: [string, string][], environment = "production") => configDigest(environment, new Map(values))

  it("is the same for the same names and values in any order, and has none of them in it", () => {
    const one = digest([
      ["A", "first"],
      ["B", "second"],
    ])
    expect(
      digest([
        ["B", "second"],
        ["A", "first"],
      ]),
    ).toBe(one)
    expect(one).toMatch(/^scrypt:[0-9a-f]{64}$/)
  })

  it("is another for another value, name, environment or border between them", () => {
    const all = [
      digest([["A", "1"]]),
      digest([["A", "2"]]),
      digest([["B", "1"]]),
      digest([["A", "1"]], "staging"),
      digest([["A", '1"],["B","2']]),
      digest([
        ["A", "1"],
        ["B", "2"],
      ]),
    ]
    expect(new Set(all).size).toBe(all.length)
  })
})
