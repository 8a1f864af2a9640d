import { type Directory, dag } from "@dagger.io/dagger"
import { SHOP } from "./migration-shop.js"

/** env.py as services have it: each finds its database in another way. */

/** How the real database is reached, for a style that has it written down. */
export interface Real {
  url: string
  host: string
  port: number
  password: string
  database: string
}

export interface Style {
  name: string
  /** Files of the service, env.py among them. */
  files(real: Real): Record<string, string>
  /** Further lines of `database` in tollgate.yaml. */
  settings?: string
  /** Further lines of --secrets. */
  secrets?: (real: Real) => string
  /** What the refusal says; left out: it works. */
  refused?: RegExp
  /** What the plan's findings and the migration's screen say of it besides. */
  reported?: (real: Real) => RegExp
  /** On the real database it would do there what it means to do. */
  planOnly?: boolean
}

const ENV = "migrations/env.py"

/** @param connection Python, after which `url` is there */
function online(connection: string, metadata = "from models import Base"): string {
  return `import os
from alembic import context
from sqlalchemy import create_engine, pool
${metadata}
${connection}
url = url.replace("postgresql://", "postgresql+psycopg://")
if context.is_offline_mode():
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()
`
}

const FIVE = `from urllib.parse import quote
part = os.environ.__getitem__
url = f"postgresql://{quote(part('DB_USER'))}:{quote(part('DB_PASSWORD'), safe='')}@{part('DB_HOST')}:{part('DB_PORT')}/{part('DB_NAME')}"`
const FIVE_SETTINGS = `  env: { DB_HOST: "{host}", DB_PORT: "{port}", DB_USER: "{user}", DB_PASSWORD: "{password}", DB_NAME: "{database}" }\n`
const INI = (url: string): string =>
  `[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = %(here)s\npath_separator = os\nsqlalchemy.url = ${url.replaceAll("%", "%%")}\n`

export const STYLES: Style[] = [
  {
    name: "the URL in alembic.ini",
    files: ({ url }) => ({
      "alembic.ini": INI(url),
      [ENV]: online("url = context.config.get_main_option('sqlalchemy.url')"),
    }),
    refused: /migrations\/env\.py:\d+ connects to .*database\.env/s,
  },
  {
    name: "one variable",
    files: ({ password }) => ({
      [ENV]: online(`url = os.environ["DATABASE_URL"]
if "copy.tollgate" in url:
    assert not any(real in value for value in os.environ.values() for real in ${JSON.stringify([password, encodeURIComponent(password)])})`),
    }),
  },
  {
    name: "five variables, filled in by database.env",
    files: () => ({ [ENV]: online(FIVE) }),
    settings: FIVE_SETTINGS,
  },
  {
    // the user's password is another one than that of the URL: nothing in the values tells that they are the database's
    name: "five variables under database.secrets",
    files: () => ({ [ENV]: online(`${FIVE}.replace('db.by.name', os.environ.get('DB_REAL', 'db.by.name'))`) }),
    settings: "  secrets: [DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME]\n",
    secrets: ({ port, database }) =>
      `DB_HOST=db.by.name\nDB_PORT=${port}\nDB_USER=migrator\nDB_PASSWORD=another-password\nDB_NAME=${database}\n`,
    refused: /DB_USER.*database\.env/s,
  },
  {
    name: "a settings class",
    files: () => ({
      "settings.py":
        "import os\nfrom dataclasses import dataclass, field\n\n\n@dataclass\nclass Settings:\n    database_url: str = field(default_factory=lambda: os.environ['DATABASE_URL'])\n    mode: str = field(default_factory=lambda: os.environ['APP_MODE'])\n\n    def __post_init__(self):\n        if self.mode not in ('live', 'test'):\n            raise ValueError('APP_MODE')\n\n\nsettings = Settings()\n",
      [ENV]: online("from settings import settings\nurl = settings.database_url"),
    }),
    settings: "  env: { APP_MODE: live }\n",
  },
  {
    name: "a .env file in the tree that wins",
    files: ({ url }) => ({
      ".env": `DATABASE_URL=${url}\n`,
      [ENV]: online(
        "os.environ.update(line.strip().split('=', 1) for line in open('.env') if '=' in line)\nurl = os.environ['DATABASE_URL']",
      ),
    }),
    refused: /migrations\/env\.py:\d+ connects to .*database\.env/s,
  },
  {
    name: "a hard-coded host",
    files: ({ host, port, database }) => ({
      [ENV]: online(
        `from urllib.parse import urlsplit\nurl = os.environ["DATABASE_URL"]\nurl = f"postgresql://{urlsplit(url).netloc.split('@')[0]}@${host}:${port}/${database}"`,
      ),
    }),
    refused: /migrations\/env\.py:\d+ connects to .*database\.env/s,
  },
  {
    name: "an async engine",
    files: () => ({
      [ENV]: `import asyncio, os
from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine
from models import Base
url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
async def online():
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()
if context.is_offline_mode():
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(online())
`,
    }),
  },
  {
    name: "two databases",
    files: ({ url }) => ({
      [ENV]:
        online('url = os.environ["DATABASE_URL"]') +
        `
if not context.is_offline_mode():
    with create_engine("${url.replace("postgresql://", "postgresql+psycopg://")}", poolclass=pool.NullPool).begin() as second:
        context.configure(connection=second, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()
`,
    }),
    refused: /migrations\/env\.py:\d+ connects to .*database\.env/s,
  },
  {
    name: "-x arguments of database.x, and one that may be left out",
    files: () => ({
      [ENV]: online(`given = context.get_x_argument(as_dictionary=True)
assert context.get_x_argument()[1:] == ["tenant=north", "dry"] and not given.get("left-out"), context.get_x_argument()
url = given["url"]`),
    }),
    settings: '  x: { url: "{url}", tenant: north, dry: "" }\n',
  },
  {
    name: "an -x argument that must be given, and is not",
    files: () => ({
      [ENV]: online('tenant = context.get_x_argument(as_dictionary=True)["tenant"]\nurl = os.environ["DATABASE_URL"]'),
    }),
    refused: /^(?=.*env\.py.{1,10}5\D)(?=.*asks for -x tenant, which database\.x does not have)/s,
  },
  {
    name: "a schema for each tenant, as the database has them",
    files: () => ({
      [ENV]: `import os
from alembic import context
from sqlalchemy import create_engine, pool, text
from models import Base
url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
if context.is_offline_mode():
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        for (schema,) in connection.execute(text("SELECT schemaname FROM pg_tables WHERE tablename = 'alembic_version'")).all():
            connection.execute(text(f"SET search_path = {schema}"))
            connection.commit()
            context.configure(connection=connection, target_metadata=Base.metadata, version_table_schema=schema)
            with context.begin_transaction():
                context.run_migrations()
`,
    }),
  },
  {
    // a lookup and a socket of its own may fail: env.py goes on without them
    name: "a connection at import, and two attempts that no driver makes",
    files: ({ host, port }) => ({
      "known.py":
        `import contextlib
import socket
with contextlib.suppress(OSError):
    socket.gethostbyname("collector.internal")
with contextlib.suppress(OSError):
    socket.create_connection(("${host}", ${port}), 3).send(b"SELECT 1")
` +
        "import os\nimport psycopg\n\nwith psycopg.connect(os.environ['DATABASE_URL']) as connection:\n    TABLES = connection.execute('SELECT count(*) FROM pg_tables WHERE tablename = %s', ('payments',)).fetchone()[0]\nassert TABLES == 1\n",
      [ENV]: online('import known\nurl = os.environ["DATABASE_URL"]'),
    }),
    reported: ({ host, port }) =>
      new RegExp(`known\\.py:4 connects to collector\\.internal;[^]*known\\.py:6 connects to ${host}:${port};`),
  },
  {
    name: "an env.py that ignores what it is given, and whatever goes wrong",
    files: ({ host, port, password, database }) => ({
      [ENV]:
        `import psycopg
try:
    with psycopg.connect(host="${host}", port=${port}, user="app", password=${JSON.stringify(password)}, dbname="${database}", connect_timeout=3) as real:
        real.execute("ALTER TABLE payments ADD COLUMN IF NOT EXISTS gone text")
        real.execute("DELETE FROM payments")
except Exception as error:
    print("never mind:", error)
` + online('url = os.environ["DATABASE_URL"]'),
    }),
    refused: /migrations\/env\.py:\d+ connects to .*database\.env/s,
  },
  {
    // no hook of ours sees this one: the network alone keeps it away
    name: "an env.py whose program of its own goes to the real database",
    files: ({ host, port, password, database }) => ({
      "intruder.py": `import psycopg
with psycopg.connect(host="${host}", port=${port}, user="app", password=${JSON.stringify(password)}, dbname="${database}", connect_timeout=3) as real:
    real.execute("DELETE FROM payments")
`,
      [ENV]:
        `import subprocess, sys
subprocess.run([sys.executable, "intruder.py"], check=False)
` + online('url = os.environ["DATABASE_URL"]'),
    }),
    planOnly: true,
  },
]

const SETTINGS = `qa:
  runner: none.py
  suites: { none: { files: [test_none.py] } }
environments: { staging: { config: {} } }
database:
  lease: 8s
  longTransaction: 10s
  backup: { to: "directory:tests" }
`

export function serviceOf(style: Style, real: Real): Directory {
  let folder = dag.host().directory(SHOP, { exclude: ["**/__pycache__", "tollgate.yaml"] })
  for (const [path, text] of Object.entries(style.files(real))) folder = folder.withNewFile(path, text)
  folder = folder.withNewFile(
    "requirements.txt",
    "alembic==1.20.1\npsycopg[binary]==3.3.9\nSQLAlchemy[asyncio]==2.1.9\n",
  )
  return folder.withNewFile("tollgate.yaml", SETTINGS + (style.settings ?? ""))
}
