import { type Directory, dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import type { MigrationResult } from "../../core/database/migrate/migration-result.js"
import type { MigrationPlan } from "../../core/database/plan/plan.js"
import { screenOf } from "../../core/database/plan/screen.js"
import { withServices, withSettings } from "../../core/qa/services.js"
import { useEngine } from "../engine/session.js"
import { screen } from "./migration-shop.js"
import { APP_PASSWORD, PostgresServer, removePrograms } from "./postgres-server.js"
import { INI, migrateFor, plainEnv, planFor, revisionFile, service } from "./team-service.js"

useEngine()

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(async () => {
  await server.stop()
  await removePrograms()
})

const ids = {
  ledger: "ledger_0001_accounts_and_their_balances_of_each_day",
  billing: "billing_0001_invoices_of_merchants_by_month",
  late: "billing_0002_invoices_name_the_account_they_are_paid_from",
}

/**
 * Everything at once that a generated project does not have: alembic below the app's folder, set up by pyproject.toml; two branches
 * without a label in two folders, one of which depends on the other; wide ids in a version table of another name and schema, which env.py makes itself;
 * an async engine; a settings class that checks itself at import, with the address in parts; no offline mode; no models.
 */
function unusual(settings: string): Directory {
  return service(
    {
      "backend/pyproject.toml": `[tool.alembic]
script_location = "%(here)s/migrations"
version_locations = ["%(here)s/migrations/billing", "%(here)s/migrations/ledger"]
prepend_sys_path = ["."]
`,
      "backend/settings.py": `from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    db_host: str
    db_port: int
    db_user: str
    db_password: str
    db_name: str
    mode: str = "plain"


settings = Settings()
`,
      "backend/migrations/env.py": `import asyncio
from alembic import context
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine

from settings import settings

if context.is_offline_mode():
    raise NotImplementedError("this service has no offline mode")
assert settings.mode == "strict"


def run(connection):
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS meta"))
    connection.execute(text("CREATE TABLE IF NOT EXISTS meta.service_versions (version_num varchar(128) PRIMARY KEY)"))
    connection.commit()
    context.configure(connection=connection, target_metadata=None, version_table="service_versions", version_table_schema="meta")
    with context.begin_transaction():
        context.run_migrations()


async def main():
    url = URL.create("postgresql+asyncpg", settings.db_user, settings.db_password, settings.db_host, settings.db_port, settings.db_name)
    async with create_async_engine(url).connect() as connection:
        await connection.run_sync(run)


asyncio.run(main())
`,
      [`backend/migrations/ledger/${ids.ledger}.py`]: revisionFile(ids.ledger, {
        down: null,
        upgrade: 'op.execute("CREATE TABLE accounts (id integer PRIMARY KEY)")',
        downgrade: 'op.execute("DROP TABLE accounts")',
      }),
      [`backend/migrations/billing/${ids.billing}.py`]: revisionFile(ids.billing, {
        down: null,
        upgrade: 'op.execute("CREATE TABLE invoices (id integer PRIMARY KEY)")',
        downgrade: 'op.execute("DROP TABLE invoices")',
      }),
      [`backend/migrations/billing/${ids.late}.py`]: revisionFile(ids.late, {
        down: ids.billing,
        upgrade: 'op.execute("ALTER TABLE invoices ADD COLUMN account_id integer REFERENCES accounts")',
        downgrade: 'op.execute("ALTER TABLE invoices DROP COLUMN account_id")',
        more: `depends_on = "${ids.ledger}"`,
      }),
    },
    ["asyncpg==0.30.0", "greenlet==3.2.4", "pydantic-settings==2.11.0"],
    settings,
  )
}

const IN_PARTS =
  '  alembic: backend/pyproject.toml\n  env: { DB_HOST: "{host}", DB_PORT: "{port}", DB_USER: "{user}", DB_PASSWORD: "{password}", DB_NAME: "{database}", MODE: strict }\n'

describe("a service that has nothing as a generated project has it", () => {
  let plan: MigrationPlan
  let result: MigrationResult
  beforeAll(async () => {
    const url = await server.createDatabase("unusual")
    plan = await planFor(unusual(IN_PARTS), url)
    result = await migrateFor(unusual(IN_PARTS), url)
  })

  test("is planned by what its revisions do on the copy, in the order of what they depend on; that they cannot be printed is a warning", () => {
    expect(plan.verdict, screenOf(plan, { report: "report.html" })).toMatchObject({ kind: "ready", complete: false })
    expect(plan.revisions.map(({ revision }) => revision)).toEqual(
      expect.arrayContaining([ids.ledger, ids.billing, ids.late]),
    )
    expect(plan.revisions.find(({ revision }) => revision === ids.late)).toMatchObject({
      file: `backend/migrations/billing/${ids.late}.py`,
      held: [
        { table: "accounts", mode: "ShareRowExclusiveLock" },
        { table: "invoices", mode: "ShareRowExclusiveLock" },
      ],
    })
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        code: "sql-unprintable",
        severity: "warning",
        file: "backend/migrations/env.py",
        message: expect.stringContaining("this service has no offline mode"),
      }),
    )
  })

  test("is migrated: every branch, into its own version table", async () => {
    expect(result.outcome, screen(result)).toEqual({ kind: "migrated" })
    // what a head depends on has no row of its own
    expect(await server.query("unusual", "SELECT version_num FROM meta.service_versions")).toEqual([
      { version_num: ids.late },
    ])
    expect(await server.query("unusual", "SELECT 1 FROM invoices i JOIN accounts a ON a.id = i.account_id")).toEqual([])
    expect(screen(result)).toContain("the models could not be compared with the schema: env.py has no target_metadata")
    expect(JSON.stringify([plan, result])).not.toContain(APP_PASSWORD)
  })

  test("has all its missing settings named at once, with the file that asks for them and without a value", async () => {
    const incomplete = unusual("  alembic: backend/pyproject.toml\n  env: { DB_HOST: '{host}' }\n")
    const refused = await planFor(incomplete, server.url("unusual"))
    expect(refused.findings).toMatchObject([{ code: "env-unreadable", file: "backend/settings.py", line: 13 }])
    const said = screenOf(refused, { report: "report.html" }).replace(/\s+/g, " ")
    const all =
      "4 validation errors for Settings: db_port: Field required; db_user: Field required; db_password: Field required; db_name: Field required"
    expect(said).toContain(all)
    await expect(migrateFor(incomplete, server.url("unusual"))).rejects.toMatchObject({
      code: "alembic-failed",
      message: expect.stringMatching(new RegExp(`${all}\\s+in backend/settings\\.py:13`)),
    })
  })
})

const MODELS = "from models import Base\n\ntarget_metadata = Base.metadata"

function plain(revisions: Record<string, string>, models = ""): Directory {
  return service(
    {
      "alembic.ini": INI,
      "migrations/env.py": plainEnv(models === "" ? "target_metadata = None" : MODELS),
      ...(models === "" ? {} : { "models.py": models }),
      "helpers/__init__.py": "",
      "helpers/refunds.py":
        "def mark(op):\n    # a helper that revisions share\n    op.execute(\"UPDATE orders SET status = 'refunded'\")\n",
      "migrations/versions/0001.py": revisionFile("0001", {
        down: null,
        upgrade:
          'op.execute("CREATE TYPE order_status AS ENUM (\'open\')")\nop.execute("CREATE TABLE orders (id integer PRIMARY KEY, status order_status)")',
      }),
      ...revisions,
    },
    ["psycopg[binary]==3.3.9"],
    "",
  )
}

const AT_0001 =
  "CREATE TYPE order_status AS ENUM ('open'); CREATE TABLE orders (id integer PRIMARY KEY, status order_status); INSERT INTO orders VALUES (1, 'open'); CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('0001');"

describe("revisions that work one by one, and not in the one transaction that env.py makes", () => {
  const revisions = (add: string): Record<string, string> => ({
    "migrations/versions/0002.py": revisionFile("0002", {
      down: "0001",
      upgrade: add,
      downgrade: "raise NotImplementedError",
    }),
    "migrations/versions/0003.py": revisionFile("0003", {
      down: "0002",
      upgrade: "mark(op)",
      downgrade: "op.execute(\"UPDATE orders SET status = 'open'\")",
      more: "from helpers.refunds import mark",
    }),
  })
  const ADD = "op.execute(\"ALTER TYPE order_status ADD VALUE 'refunded'\")"
  let url: string
  beforeAll(async () => {
    url = await server.createDatabase("enum")
    await server.query("enum", AT_0001)
  })

  test("are refused by the plan and by the rehearsal, with the revision, the last line of the app's own code, and the database's words", async () => {
    const plan = await planFor(plain(revisions(ADD)), url)
    expect(plan.verdict).toMatchObject({
      kind: "red",
      errors: [
        {
          code: "upgrade-fails",
          revision: "0003",
          file: "helpers/refunds.py",
          line: 3,
          message: expect.stringMatching(/unsafe use of new value "refunded".*env\.py runs them all in one/),
        },
      ],
    })
    expect(
      plan.revisions.map(({ statements }) => statements.length),
      "what comes before is examined",
    ).toEqual([1, 1])

    const result = await migrateFor(plain(revisions(ADD)), url)
    expect(result.outcome).toMatchObject({
      kind: "refused",
      step: "rehearse",
      causes: expect.arrayContaining([
        expect.stringContaining('unsafe use of new value "refunded"'),
        "in revision 0003, helpers/refunds.py:3",
      ]),
    })
    expect(
      await server.query(
        "enum",
        "SELECT version_num, enum_range(NULL::order_status)::text AS labels FROM alembic_version",
      ),
    ).toEqual([{ version_num: "0001", labels: "{open}" }])
  })

  test("pass when the label is committed first", async () => {
    const plan = await planFor(plain(revisions(`with op.get_context().autocommit_block():\n    ${ADD}`)), url)
    expect(plan.verdict, screenOf(plan, { report: "report.html" })).toMatchObject({ kind: "ready" })
  })
})

test("a difference from the models that was there before is a warning; one that the migration makes, or that the new code would miss, is refused", async () => {
  const url = await server.createDatabase("foreign")
  const foreign = Array.from(
    { length: 12 },
    (_, number) => `CREATE TABLE library_${number} (id integer PRIMARY KEY);`,
  ).join("\n")
  await server.query("foreign", `${AT_0001} ${foreign} ALTER TABLE orders ADD COLUMN drifted text;`)
  const models = `import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
sa.Table("orders", Base.metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("status", sa.Enum("open", name="order_status")), sa.Column("note", sa.Text))
`
  const next = (upgrade: string): Directory =>
    plain(
      {
        "migrations/versions/0002.py": revisionFile("0002", {
          down: "0001",
          upgrade,
          downgrade: 'op.drop_column("orders", "note")',
        }),
      },
      models,
    )

  const refused = await migrateFor(
    next('for number in range(130):\n    op.execute(f"CREATE TABLE more_{number} (id integer)")'),
    url,
  )
  const causes = refused.outcome.kind === "refused" ? refused.outcome.causes : []
  expect(causes, screen(refused)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/column orders\.note is in the models and not in the database/),
      expect.stringMatching(/table more_\d+ is in the database and not in the models/),
      "and 129 more of the same kind",
    ]),
  )
  expect(causes).toHaveLength(3)

  const result = await migrateFor(next('op.add_column("orders", sa.Column("note", sa.Text))'), url)
  expect(result.outcome, screen(result)).toEqual({ kind: "migrated" })
  expect(result.warnings.join()).toMatch(/^13 earlier differences between models and database: .*library_/)
  expect(result.warnings.join()).toContain("column orders.drifted is in the database and not in the models")
})

test("schemas of tenants, each with a version table of its own, are brought to the head together, from wherever each of them is", async () => {
  const url = await server.createDatabase("tenants")
  const tenant = (
    name: string,
    version: string,
  ): string => `CREATE SCHEMA ${name}; CREATE TABLE ${name}.payments (id integer PRIMARY KEY); INSERT INTO ${name}.payments VALUES (1);
    CREATE TABLE ${name}.alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO ${name}.alembic_version VALUES ('${version}');`
  await server.query(
    "tenants",
    `${tenant("north", "0001")} ${tenant("south", "0002")} ALTER TABLE south.payments ADD COLUMN note text; CREATE SCHEMA west;`,
  )
  const source = service(
    {
      "alembic.ini": INI,
      "migrations/env.py": `import os
from alembic import context
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
with engine.connect() as connection:
    for tenant in ("north", "south", "west"):
        connection.execute(text(f"SET search_path TO {tenant}"))
        connection.commit()
        connection.dialect.default_schema_name = tenant
        context.configure(connection=connection, target_metadata=None)
        with context.begin_transaction():
            context.run_migrations()
`,
      "migrations/versions/0001.py": revisionFile("0001", {
        down: null,
        upgrade: 'op.execute("CREATE TABLE payments (id integer PRIMARY KEY)")',
        downgrade: 'op.execute("DROP TABLE payments")',
      }),
      "migrations/versions/0002.py": revisionFile("0002", {
        down: "0001",
        upgrade: 'op.execute("ALTER TABLE payments ADD COLUMN note text")',
        downgrade: 'op.execute("ALTER TABLE payments DROP COLUMN note")',
      }),
      "migrations/versions/0003.py": revisionFile("0003", {
        down: "0002",
        upgrade: 'op.execute("ALTER TABLE payments ADD COLUMN amount integer")',
        downgrade: 'op.execute("ALTER TABLE payments DROP COLUMN amount")',
      }),
    },
    ["psycopg[binary]==3.3.9"],
    "",
  )
  const plan = await planFor(source, url)
  expect(plan.verdict, screenOf(plan, { report: "report.html" })).toMatchObject({ kind: "ready" })
  expect(plan).toMatchObject({
    current: ["0001", "0002"],
    revisions: [{ revision: "0001" }, { revision: "0002" }, { revision: "0003" }],
  })
  expect(plan.revisions.flatMap(({ held }) => held ?? []).map(({ schema }) => schema)).toEqual(
    expect.arrayContaining(["north", "south", "west"]),
  )

  const result = await migrateFor(source, url)
  expect(result.outcome, screen(result)).toEqual({ kind: "migrated" })
  const columns = await server.query(
    "tenants",
    "SELECT table_schema AS tenant, string_agg(column_name, ' ' ORDER BY column_name) AS columns FROM information_schema.columns WHERE table_name = 'payments' GROUP BY 1 ORDER BY 1",
  )
  expect(columns).toEqual(["north", "south", "west"].map((name) => ({ tenant: name, columns: "amount id note" })))
  expect(
    await server.query(
      "tenants",
      "SELECT version_num FROM north.alembic_version UNION ALL SELECT version_num FROM south.alembic_version UNION ALL SELECT version_num FROM west.alembic_version",
    ),
  ).toEqual(Array(3).fill({ version_num: "0003" }))
})

test("a suite finds its own Postgres in the parts that qa.env names", async () => {
  const { qa } = parseSettings(`qa:
  runner: qa.py
  services: { postgres: { user: shop }, redis: false }
  suites: { e2e: { files: [a.py], env: { DB_PORT: "{port}" } } }
  env: { DB_HOST: "{host}", DB_USER: "{user}", DB_PASSWORD: "{password}", DSN: "postgresql+psycopg://{user}:{password}@{host}:{port}/{database}", PATTERN: "/users/{{id}}" }
`)
  const env = qa.suites["e2e"]?.env ?? {}
  const suite = withSettings(
    withServices(dag.container().from("postgres:15"), qa.services, `address ${Date.now()}`),
    env,
    qa.services,
  )
  const said = await suite
    .withExec([
      "sh",
      "-euc",
      'PGPASSWORD="$DB_PASSWORD" psql -h "$DB_HOST" -p "$DB_PORT" -U "$DB_USER" -d app -Atc "SELECT current_user"; echo "$DSN $PATTERN"',
    ])
    .stdout()
  expect(said).toBe("shop\npostgresql+psycopg://shop:app@postgres:5432/app /users/{id}\n")
})
