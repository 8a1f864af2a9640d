import { type Directory, dag } from "@dagger.io/dagger"

/** Services whose migrations are not alembic's, each from a few files. */

const QA =
  "qa: { runner: run.py, services: { postgres: false, redis: false }, suites: { none: { files: [tests/test_none.py] } } }\n"
/** One installation for all of them. */
const REQUIREMENTS = "Django==5.2.19\npsycopg[binary]==3.3.9\n"
/** A name for backups of its own: those of an earlier run of the tests are not this one's. */
const started = Date.now().toString(36)

function service(files: Record<string, string>, settings: string): Directory {
  const tree = Object.entries(files).reduce((folder, [path, text]) => folder.withNewFile(path, text), dag.directory())
  return tree
    .withNewFile("requirements.txt", REQUIREMENTS)
    .withNewFile(
      "tollgate.yaml",
      `${QA}database:\n  backup: { to: "directory:commands-${started}" }\n  lease: 10s\n${settings}`,
    )
}

/** migrate.py: files with SQL in the order of their numbers, each in a transaction of its own. */
export const RUNNER = `import os
import pathlib
import sys

import psycopg

BOOK = "schema_migrations"


def revision(db):
    return [row[0] for row in db.execute(f"SELECT version FROM {BOOK} ORDER BY version DESC LIMIT 1")]


def run(db, path, book, version):
    with db.transaction():
        db.execute(path.read_text())
        db.execute(book, [version])


with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
    if sys.argv[1] == "revision":
        print(*revision(db))
        sys.exit()
    db.execute(f"CREATE TABLE IF NOT EXISTS {BOOK} (version text PRIMARY KEY)")
    at = revision(db)[0] if revision(db) else ""
    if sys.argv[1] == "migrate":
        for path in sorted(pathlib.Path("sql").glob("*.up.sql")):
            if path.name[:4] > at:
                run(db, path, f"INSERT INTO {BOOK} (version) VALUES (%s)", path.name[:4])
    if sys.argv[1] == "rollback":
        for path in sorted(pathlib.Path("sql").glob("*.down.sql"), reverse=True):
            if os.environ["TOLLGATE_REVISION"] < path.name[:4] <= at:
                run(db, path, f"DELETE FROM {BOOK} WHERE version = %s", path.name[:4])
`

export const COMMANDS =
  "  commands:\n    migrate: python migrate.py migrate\n    revision: python migrate.py revision\n"
export const ROLLBACK = "    rollback: python migrate.py rollback\n"

/** What the numbered files of the plain service hold, by their names without .sql. */
export function plainService(sql: Record<string, string>, settings = COMMANDS + ROLLBACK): Directory {
  const files = Object.fromEntries(Object.entries(sql).map(([name, text]) => [`sql/${name}.sql`, text]))
  return service({ "migrate.py": RUNNER, ...files }, settings)
}

/** The plain service's database before the first file that a test adds. */
export const PLAIN = `CREATE TABLE payments (id integer PRIMARY KEY, amount integer NOT NULL);
  INSERT INTO payments SELECT n, n FROM generate_series(1, 500) AS n;
  CREATE TABLE schema_migrations (version text PRIMARY KEY);
  INSERT INTO schema_migrations VALUES ('0001');`

/** SQL that does something in the real database alone: what a rehearsal cannot see. */
export function onlyForReal(sql: string): string {
  return `DO $do$ BEGIN IF current_setting('cluster_name') <> 'tollgate-copy' THEN ${sql}; END IF; END $do$`
}

function migration(_name: string, dependency: string | null, operations: string): string {
  return `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [${dependency === null ? "" : `("shop", "${dependency}")`}]
    operations = [${operations}]
`
}

/** As \`django-admin startproject\` makes it, with the address in parts; the second migration adds a column. */
export function djangoService(settings = ""): Directory {
  return service(
    {
      "manage.py": `import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings.base")
    execute_from_command_line(sys.argv)
`,
      "site_settings/__init__.py": "",
      "site_settings/base.py": `import os

SECRET_KEY = os.environ["SECRET_KEY"]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", **{key: os.environ[f"DB_{key}"] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
print("settings may print")
`,
      "shop/__init__.py": "",
      "shop/models.py": `from django.db import models


class Payment(models.Model):
    amount = models.IntegerField()
    note = models.TextField(null=True)
`,
      "shop/migrations/__init__.py": "",
      "shop/migrations/0001_initial.py": migration(
        "0001_initial",
        null,
        `migrations.CreateModel("Payment", [("id", models.BigAutoField(primary_key=True)), ("amount", models.IntegerField())])`,
      ),
      "shop/migrations/0002_note.py": migration(
        "0002_note",
        "0001_initial",
        `migrations.AddField("payment", "note", models.TextField(null=True))`,
      ),
    },
    `  env: { DB_HOST: "{host}", DB_PORT: "{port}", DB_USER: "{user}", DB_PASSWORD: "{password}", DB_NAME: "{database}", SECRET_KEY: for-tests }\n${settings}`,
  )
}
