import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"
import { fillTemplate } from "../../core/config/template.js"
import { requireNoAddress } from "../../core/database/connect/secrets-of-database.js"
import { TollgateError } from "../../core/shared/errors.js"

function problems(more: string, qa = ""): string[] {
  try {
    parseSettings(`qa: { runner: qa.py, suites: { e2e: { files: [a.py] } }${qa} }\n${more}`)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(
      ({ path, message, suggestion }) => `${path} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
    )
  }
}

describe("a template of a database's address", () => {
  const filling = {
    host: "copy.tollgate",
    port: "5432",
    user: "sh@p",
    password: "a%40/b",
    database: "shop",
    url: "postgresql://sh%40p:a%2540%2Fb@copy.tollgate:5432/shop",
  }
  it.each([
    ["{host}", "copy.tollgate"],
    ["{password}", "a%40/b"],
    ["{user}@{host}:{port}", "sh@p@copy.tollgate:5432"],
    ["{url}", filling.url],
    [
      "postgresql+asyncpg://{user}:{password}@{host}:{port}/{database}",
      "postgresql+asyncpg://sh%40p:a%2540%2Fb@copy.tollgate:5432/shop",
    ],
    ["plain", "plain"],
    ["{{host}} of {host}", "{host} of copy.tollgate"],
    ['{"pool": {"size": 3}}', '{"pool": {"size": 3}}'],
  ])("is filled in: %s", (template, value) => {
    expect(fillTemplate(template, filling)).toBe(value)
  })

  it("puts an IPv6 address of a URL in brackets, and leaves it alone elsewhere", () => {
    expect(fillTemplate("http://{host}/", { ...filling, host: "::1" })).toBe("http://[::1]/")
    expect(fillTemplate("{host}", { ...filling, host: "::1" })).toBe("::1")
  })
})

describe("database.env", () => {
  it("takes plain values and templates", () => {
    const { database } = parseSettings(
      'qa: { runner: qa.py, suites: { e2e: { files: [a.py] } } }\ndatabase: { env: { DB_HOST: "{host}", DEBUG: false, PORT: 8000 } }',
    )
    expect(database.env).toEqual({ DB_HOST: "{host}", DEBUG: "false", PORT: "8000" })
  })

  it("says everything at once: unknown placeholders, and names that are set elsewhere", () => {
    expect(
      problems(
        'database: { secrets: [KEY, DATABASE_URL], env: { A: "{hots}", B: "{schema}", KEY: x, DATABASE_URL: "{url}" } }',
      ),
    ).toEqual([
      "database.secrets[1] is set by database.url → leave it out here",
      "database.env.A has the unknown placeholder {hots} → did you mean {host}?; write {{hots}} for the text {hots}",
      "database.env.B has the unknown placeholder {schema} → known here: {host} {port} {user} {password} {database} {url}; write {{schema}} for the text {schema}",
      "database.env.KEY is in database.secrets as well → remove it from one of them: a secret's value must not be in a file",
      "database.env.DATABASE_URL is set by database.url → leave it out, or give database.url another name in --secrets",
    ])
  })

  it("has -x arguments beside it, with the same placeholders", () => {
    expect(
      parseSettings(
        'qa: { runner: qa.py, suites: { e2e: { files: [a.py] } } }\ndatabase: { x: { url: "{url}", tenant: north, dry: "" } }',
      ).database.x,
    ).toEqual({ url: "{url}", tenant: "north", dry: "" })
    expect(problems('database: { x: { url: "{urls}", -x: a } }')).toEqual([
      "database.x.url has the unknown placeholder {urls} → did you mean {url}?; write {{urls}} for the text {urls}",
      'database.x["-x"] is not a name of an -x argument: expected letters, digits and . _ -, beginning with a letter',
    ])
  })

  it("may set the name that is free when the URL has another", () => {
    expect(problems('database: { url: PAYMENTS_URL, env: { DATABASE_URL: "{url}" } }')).toEqual([])
  })
})

describe("qa.env", () => {
  it("takes the address of the suites' Postgres, for every suite and for one", () => {
    expect(
      problems("", ', env: { DB_HOST: "{host}", DB_URL: "postgresql+asyncpg://{user}:{password}@{host}/{database}" }'),
    ).toEqual([])
    expect(problems("", ', env: { DB: "{db}" }')).toEqual([
      "qa.env.DB has the unknown placeholder {db} → known here: {host} {port} {user} {password} {database} {url}; write {{db}} for the text {db}",
    ])
  })

  it("has no placeholder where there is no Postgres", () => {
    expect(problems("", ', services: { postgres: false }, env: { DB_HOST: "{host}" }')).toEqual([
      "qa.env.DB_HOST has the placeholder {host}, but there is no database: qa.services.postgres is false → write {{host}} for the text {host}",
    ])
  })
})

describe("image.env and load.env", () => {
  const load = (env: string): string =>
    `load: { env: ${env}, scenarios: { one: { path: /, rate: 10/s, duration: 10s, checks: { answer: { contains: x } } } } }`

  it("take the address of the Postgres that the image is run with", () => {
    expect(
      problems(`image: { env: { DB_HOST: "{host}", DB_URL: "{url}" } }\n${load('{ DB_PORT: "{port}" }')}`),
    ).toEqual([])
    expect(problems(`image: { env: { DB: "{hots}" } }\n${load('{ DB: "{db}" }')}`)).toEqual([
      "image.env.DB has the unknown placeholder {hots} → did you mean {host}?; write {{hots}} for the text {hots}",
      "load.env.DB has the unknown placeholder {db} → known here: {host} {port} {user} {password} {database} {url}; write {{db}} for the text {db}",
    ])
  })

  it("have no placeholder where the image is run without a Postgres, whichever section says so", () => {
    expect(problems(`image: { env: { DB: "{host}" } }`, ", services: { postgres: false }")).toEqual([
      "image.env.DB has the placeholder {host}, but there is no database: qa.services.postgres is false → write {{host}} for the text {host}",
    ])
    expect(problems(`image: { services: { postgres: false } }\n${load('{ DB: "{host}" }')}`)).toEqual([
      "load.env.DB has the placeholder {host}, but there is no database: image.services.postgres is false → write {{host}} for the text {host}",
    ])
    expect(problems('image: { env: { DB: "{host}" }, services: {} }', ", services: { postgres: false }")).toEqual([])
  })
})

describe("database.secrets", () => {
  const address = {
    host: "db.shop.internal",
    port: 5432,
    user: "app",
    password: "correct-horse",
    database: "shop",
    tls: "prefer" as const,
    options: "" as const,
  }
  const refused = (others: [string, string][], at = address): string => {
    try {
      requireNoAddress(others, at)
      return ""
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error
      return error.message
    }
  }

  it.each([
    ["DB_HOST", "db.shop.internal", "host"],
    ["DB_HOST", "DB.shop.internal:5432", "host"],
    ["DB_PASSWORD", "correct-horse", "password"],
    ["DSN", "host=db.shop.internal user=app", "host"],
    ["DSN", "user=app password=correct-horse", "password"],
    ["READ_URL", "postgresql://other:x@db.shop.internal/shop", "url"],
    ["ASYNC_URL", "postgresql+asyncpg://app:correct-horse@elsewhere/shop", "url"],
  ])("refuses %s=%s, and says what to set instead", (name, value, part) => {
    const message = refused([[name, value]])
    expect(message).toContain(`${name} holds the database's ${part}`)
    expect(message).toContain(`    ${name}: "{${part}}"`)
    expect(message).not.toContain("correct-horse")
  })

  it("names all of them at once", () => {
    expect(
      refused([
        ["DB_HOST", "db.shop.internal"],
        ["KEY", "fine"],
        ["DB_PASSWORD", "correct-horse"],
      ]),
    ).toMatch(/DB_HOST holds[^]*DB_PASSWORD holds/)
  })

  it.each([
    ["a key", "sk_live_1234"],
    ["another host", "replica.db.shop.internal.example"],
    ["Redis on the same host", "redis://db.shop.internal:6379/0"],
    ["nothing", ""],
  ])("takes %s", (_, value) => {
    expect(refused([["KEY", value]])).toBe("")
  })

  it("does not take a word for a short password or a short host", () => {
    expect(refused([["KEY", "application of db"]], { ...address, host: "db", password: "app" })).toBe("")
    expect(refused([["DB_PASSWORD", "app"]], { ...address, host: "db", password: "app" })).toContain(
      "DB_PASSWORD holds the database's password",
    )
  })
})
