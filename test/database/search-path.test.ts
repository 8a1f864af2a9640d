import { type Directory, dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { migrateSource } from "../../core/database/migrate/migrate.js"
import { makePlan } from "../../core/database/plan/make-plan.js"
import { useEngine } from "../engine/session.js"
import { newRun, SHOP, useShopServer } from "./migration-shop.js"
import type { PostgresServer } from "./postgres-server.js"

useEngine()

let server: PostgresServer
useShopServer((started) => (server = started))

const FILES = {
  "models.py": `from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Payment(Base):
    __tablename__ = "payments"
    id = Column(Integer, primary_key=True)
    amount = Column(Integer, nullable=False)
    note = Column(String)
`,
  "migrations/versions/0001_payments.py": `import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade():
    op.create_table("payments", sa.Column("id", sa.Integer, primary_key=True), sa.Column("amount", sa.Integer, nullable=False))


def downgrade():
    op.drop_table("payments")
`,
  "migrations/versions/0002_note.py": `import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.add_column("payments", sa.Column("note", sa.String))
    op.execute("DELETE FROM payments WHERE amount = 0")


def downgrade():
    op.drop_column("payments", "note")
`,
  "tollgate.yaml": `qa: { runner: none.py, suites: { none: { files: [test_none.py] } } }
environments: { staging: { config: {} } }
database: { lease: 8s, longTransaction: 10s, backup: { to: "directory:tests" } }
`,
}

/** A service whose tables are in a schema that neither models nor revisions name. */
function service(): Directory {
  let folder = dag
    .host()
    .directory(SHOP, { exclude: ["**/__pycache__", "migrations/versions", "tollgate.yaml", "models.py"] })
  for (const [path, text] of Object.entries(FILES)) folder = folder.withNewFile(path, text)
  return folder
}

const ROLE_PASSWORD = "billing-of-the-test"

/** @param named SQL that says where the tables are, for the role and database of that name */
async function billing(name: string, named: string, locale = ""): Promise<string> {
  await server.query("postgres", `CREATE ROLE ${name} LOGIN CREATEDB PASSWORD '${ROLE_PASSWORD}'`, "postgres")
  await server.query("postgres", `CREATE DATABASE ${name} OWNER ${name} ${locale}`, "postgres")
  await server.query(
    name,
    `CREATE SCHEMA billing AUTHORIZATION ${name}; ${named}; SET ROLE ${name}; SET search_path = billing;
    CREATE TABLE payments (id serial PRIMARY KEY, amount integer NOT NULL);
    INSERT INTO payments (amount) VALUES (500), (0), (1200), (0), (90);
    CREATE TABLE alembic_version (version_num varchar(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
    INSERT INTO alembic_version VALUES ('0001')`,
    "postgres",
  )
  return `postgresql://${name}:${ROLE_PASSWORD}@127.0.0.1:${server.port}/${name}`
}

let count = 0

test.concurrent.each<[how: string, named: (name: string) => string, query: string]>([
  ["the role", (name) => `ALTER ROLE ${name} SET search_path = billing`, ""],
  ["the database", (name) => `ALTER DATABASE ${name} SET search_path = billing`, ""],
  ["the role in this database", (name) => `ALTER ROLE ${name} IN DATABASE ${name} SET search_path = billing`, ""],
  ["the URL's options", () => "SELECT 1", "?options=-csearch_path%3Dbilling"],
])(
  "where %s names the schema, the plan has the one revision to come, and the rehearsal is of the rows that are there",
  async (_, named, query) => {
    const name = `billing_${Date.now().toString(36)}_${(count += 1)}`
    const url = (await billing(name, named(name))) + query
    const given = {
      environment: "staging",
      secrets: dag.setSecret(`search-path-${name}`, `DATABASE_URL='${url}'\n`),
      entryPoint: "cli" as const,
    }

    const plan = await makePlan(service(), { ...given, runningSource: undefined })
    expect(plan.verdict.kind, JSON.stringify(plan.findings)).toBe("ready")
    expect(plan.revisions.map(({ revision }) => revision)).toEqual(["0002"])
    expect(plan.findings.map(({ code }) => code)).toContain("rows-removed")

    const result = await migrateSource(service(), { ...given, maintenance: false, identity: undefined, run: newRun() })
    expect(result.outcome).toMatchObject({
      kind: "refused",
      step: "rehearse",
      causes: ["the protected table billing.payments has lost 2 of 5 rows"],
    })
    expect(
      await server.query(
        name,
        "SELECT count(*)::integer AS rows, (SELECT version_num FROM billing.alembic_version) AS revision FROM billing.payments",
        "postgres",
      ),
    ).toEqual([{ rows: 5, revision: "0001" }])
    expect(await server.query(name, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", "postgres")).toEqual(
      [],
    )
  },
)

test.concurrent("a locale and the version of an extension that the copy's server lacks are named by the plan and by a rehearsal, whatever comes of it", async () => {
  server.addLocale("xx_XX.utf8")
  const name = `billing_${Date.now().toString(36)}_locale`
  const url = await billing(
    name,
    `ALTER ROLE ${name} SET search_path = billing; CREATE EXTENSION citext SCHEMA public; UPDATE pg_extension SET extversion = '0.9' WHERE extname = 'citext'`,
    "TEMPLATE template0 LC_COLLATE 'xx_XX.utf8' LC_CTYPE 'xx_XX.utf8'",
  )
  const given = {
    environment: "staging",
    secrets: dag.setSecret(`locale-${name}`, `DATABASE_URL='${url}'\n`),
    entryPoint: "cli" as const,
  }
  const named = [
    expect.stringMatching(
      /^the copy sorts text by bytes: database\.image lacks the locale of the database \(.*xx_XX\.utf8/,
    ),
    expect.stringContaining(
      "the copy has another version of the extension citext than 0.9: database.image lacks that one",
    ),
  ]

  const plan = await makePlan(service(), { ...given, runningSource: undefined })
  expect(plan.findings.filter(({ code }) => code === "copy-differs")).toEqual(
    named.map((message) => expect.objectContaining({ severity: "warning", message })),
  )
  expect(plan.revisions.map(({ revision }) => revision)).toEqual(["0002"])

  const result = await migrateSource(service(), { ...given, maintenance: false, identity: undefined, run: newRun() })
  expect(result.outcome).toMatchObject({
    kind: "refused",
    step: "rehearse",
    causes: ["the protected table billing.payments has lost 2 of 5 rows"],
  })
  expect(result.warnings).toEqual(expect.arrayContaining(named))
})
