import { describe, expect, it } from "vitest"
import { elsewhereProblem, missesWithheld } from "../../core/database/alembic/elsewhere.js"
import { copyUrl, parseAddress } from "../../core/database/connect/address.js"
import { namesDatabase } from "../../core/database/connect/secrets-of-database.js"
import type { Likeness } from "../../core/database/copy/likeness.js"
import {
  databaseScript,
  databaseSettingsScript,
  extensionsScript,
  rolesScript,
} from "../../core/database/copy/likeness-script.js"
import { outsideTransactions } from "../../core/database/plan/rules/outside.js"
import { statement } from "./plan-samples.js"

const role = {
  superuser: false,
  inherit: true,
  createRole: false,
  createDatabase: false,
  login: true,
  bypassRls: false,
}
const like: Likeness = {
  user: "app",
  roles: [
    { ...role, name: "app" },
    { ...role, name: "owner", login: false },
  ],
  members: [{ role: "owner", member: "app", admin: false, inherit: null, set: null }],
  settings: [
    { role: "app", ofDatabase: false, values: ['search_path=billing, "$user"', "session_preload_libraries=audit"] },
    { role: "app", ofDatabase: true, values: ["TimeZone=Asia/Taipei"] },
    { role: null, ofDatabase: true, values: ["lock_timeout=5s", "default_transaction_read_only=on"] },
  ],
  server: { TimeZone: "UTC" },
  database: {
    name: "shop",
    owner: "owner",
    encoding: "UTF8",
    collate: "zh_TW.UTF-8",
    type: "zh_TW.UTF-8",
    icuLocale: null,
    privileges: "{=c/owner}",
  },
  extensions: [
    { name: "plpgsql", version: "1.0", schema: "pg_catalog" },
    { name: "pg_trgm", version: "1.6", schema: "public" },
    { name: "postgis", version: "3.4", schema: "geo" },
  ],
}

describe("a copy", () => {
  it("has the roles with their rights, and a password for the app's own user alone", () => {
    const script = rolesScript(like, "it's new", false)
    expect(script).toContain('CREATE ROLE "app" NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOBYPASSRLS;')
    expect(script).toContain(`ALTER ROLE "app" PASSWORD 'it''s new';`)
    expect(script).toContain('GRANT "owner" TO "app";')
    expect(script.match(/PASSWORD/g)).toHaveLength(1)
  })

  it("has their settings as the server keeps them, without what names the server's own files", () => {
    expect(rolesScript(like, "x", false)).toContain(
      `VALUES (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = 'app'), ARRAY['search_path=billing, "$user"']);`,
    )
    const ofDatabase = databaseSettingsScript(like, "shop")
    expect(ofDatabase).toContain("ARRAY['TimeZone=Asia/Taipei']")
    expect(ofDatabase).toContain("0, ARRAY['lock_timeout=5s']")
    expect(ofDatabase).not.toContain("tollgate_copy")
  })

  it("lets the user of a plan, who may only read, run what another one will", () =>
    expect(rolesScript(like, "x", true)).toContain('CREATE ROLE "app" SUPERUSER'))

  it("gives its superuser the user's settings where it runs statements in the user's place", () => {
    expect(databaseSettingsScript(like, "shop", true)).toContain(
      `rolname = 'tollgate_copy'), ARRAY['search_path=billing, "$user"', 'TimeZone=Asia/Taipei']`,
    )
  })

  it("has the database's owner and locale, and says so where the image lacks the locale", () => {
    expect(databaseScript(like)).toContain(
      `CREATE DATABASE "shop" OWNER "owner" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'zh_TW.UTF-8' LC_CTYPE 'zh_TW.UTF-8';`,
    )
    expect(databaseScript(like)).toContain("@@warning the copy sorts text by bytes")
  })

  it("has the extensions in their versions, but those whose schema the dump makes", () => {
    expect(extensionsScript(like)).toContain(`CREATE EXTENSION IF NOT EXISTS "pg_trgm" SCHEMA "public" VERSION '1.6';`)
    expect(extensionsScript(like)).not.toMatch(/plpgsql|postgis/)
  })

  it("lets a managed server's administrator do what a superuser may, so that an extension can be made", () => {
    const managed = {
      ...like,
      members: [{ role: "rds_superuser", member: "app", admin: false, inherit: true, set: true }],
    }
    expect(rolesScript(managed, "x", false)).toContain('CREATE ROLE "app" SUPERUSER')
    expect(rolesScript(managed, "x", false)).toContain('GRANT "rds_superuser" TO "app" WITH INHERIT true, SET true;')
  })

  it("is reached by a URL with the driver and the options of the real one, and without what leads to the real server", () => {
    const to = { host: "copy.tollgate", port: 5432, user: "app", password: "n&w", database: "shop" }
    expect(
      copyUrl(
        "postgresql+asyncpg://app:secret@db.internal:6432/shop?sslmode=require&sslrootcert=/ca.pem&options=-csearch_path%3Dbilling&application_name=api",
        to,
      ),
    ).toBe(
      "postgresql+asyncpg://app:n%26w@copy.tollgate:5432/shop?options=-csearch_path%3Dbilling&application_name=api",
    )
    expect(
      parseAddress("postgresql://app:secret@db.internal/shop?options=-csearch_path%3Dbilling", "DATABASE_URL").options,
    ).toBe("-csearch_path=billing")
  })

  it.each([
    "DB_HOST",
    "DATABASE_PASSWORD",
    "APP_DB_USER",
    "PGPASSWORD",
    "POSTGRES_USER",
    "db_name",
    "SQLALCHEMY_DATABASE_URI",
  ])("is not given %s of database.secrets", (name) => expect(namesDatabase(name)).toBe(true))
  it.each(["FERNET_KEY", "SENTRY_KEY", "JWT_SECRET", "FEEDBACK_TOKEN", "STRIPE_KEY"])(
    "is given %s of database.secrets",
    (name) => expect(namesDatabase(name)).toBe(false),
  )
})

describe("an env.py that is kept from another database", () => {
  it("is named with its line and where it wanted to go", () => {
    expect(
      elsewhereProblem([
        { host: "db.internal", port: 5432, database: "payments", file: "migrations/env.py", line: 12 },
      ]),
    ).toEqual([
      "migrations/env.py:12 connects to db.internal:5432, database payments; only the database of this run can be reached",
    ])
  })

  it("that lacks a variable that only the real database gets names database.env", () => {
    expect(missesWithheld(["DB_HOST", "DB_USER"], "KeyError: 'DB_HOST'")).toMatchObject({
      code: "env-withheld",
      message: expect.stringContaining('DB_HOST: "{host}"'),
    })
    expect(missesWithheld(["DB_HOST"], "1 validation error for Settings\ndb_host\n  Field required")).not.toBeNull()
    expect(missesWithheld(["DB_HOST"], "KeyError: 'API_KEY'")).toBeNull()
  })
})

describe("statements outside of a transaction", () => {
  const begin = statement("BEGIN;", { transaction: true })
  const commit = statement("COMMIT;", { transaction: true })
  const texts = (...all: ReturnType<typeof statement>[]): string[] => outsideTransactions(all).map(({ text }) => text)

  it("are those between a COMMIT and the next BEGIN", () => {
    expect(texts(begin, statement("one"), commit, statement("two"), begin, statement("three"), commit)).toEqual(["two"])
  })
  it("are all where the script begins none", () =>
    expect(texts(statement("one"), statement("UPDATE alembic_version", { bookkeeping: true }))).toEqual(["one"]))
  it("are those that Postgres refuses inside", () => {
    expect(texts(begin, statement("VACUUM", { outside: { way: "vacuum", schema: null, name: null } }), commit)).toEqual(
      ["VACUUM"],
    )
  })
})
