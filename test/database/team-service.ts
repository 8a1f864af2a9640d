import { randomUUID } from "node:crypto"
import { type Directory, dag } from "@dagger.io/dagger"
import { migrateSource } from "../../core/database/migrate/migrate.js"
import type { MigrationResult } from "../../core/database/migrate/migration-result.js"
import { makePlan } from "../../core/database/plan/make-plan.js"
import type { MigrationPlan } from "../../core/database/plan/plan.js"
import { newRun } from "./migration-shop.js"

/** Services as teams have them, each from a few files. */

const QA =
  "qa: { runner: run.py, services: { postgres: false, redis: false }, suites: { none: { files: [tests/test_none.py] } } }\n"

/** A name for backups of its own: those of an earlier run of the tests are not this one's. */
const started = Date.now().toString(36)

export function service(files: Record<string, string>, requirements: readonly string[], settings: string): Directory {
  const tree = Object.entries(files).reduce((folder, [path, text]) => folder.withNewFile(path, text), dag.directory())
  return tree
    .withNewFile("requirements.txt", `${["alembic==1.20.1", "SQLAlchemy==2.1.9", ...requirements].join("\n")}\n`)
    .withNewFile(
      "tollgate.yaml",
      `${QA}database:\n  backup: { to: "directory:teams-${started}" }\n  lease: 10s\n${settings}`,
    )
}

/** env.py as alembic's template has it, for a URL in DATABASE_URL. */
export function plainEnv(models: string): string {
  return `import os
from alembic import context
from sqlalchemy import create_engine

${models}
url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")

if context.is_offline_mode():
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url).connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()
`
}

export const INI = "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n"

export interface RevisionText {
  down: string | null
  upgrade: string
  downgrade?: string
  /** Further lines of the file. */
  more?: string
}

export function revisionFile(id: string, { down, upgrade, downgrade = "pass", more = "" }: RevisionText): string {
  const body = (text: string): string =>
    text
      .trim()
      .split("\n")
      .map((line) => `    ${line}`)
      .join("\n")
  return `"""what ${id} does"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "${id}"\ndown_revision = ${down === null ? "None" : `"${down}"`}\n${more}\n\ndef upgrade():\n${body(upgrade)}\n\n\ndef downgrade():\n${body(downgrade)}\n`
}

function secrets(url: string) {
  return dag.setSecret(`team-${randomUUID()}`, `DATABASE_URL='${url}'\n`)
}

export function planFor(source: Directory, url: string): Promise<MigrationPlan> {
  return makePlan(source, {
    environment: "staging",
    secrets: secrets(url),
    runningSource: undefined,
    entryPoint: "cli",
  })
}

export function migrateFor(source: Directory, url: string): Promise<MigrationResult> {
  return migrateSource(source, {
    environment: "staging",
    secrets: secrets(url),
    entryPoint: "cli",
    maintenance: false,
    identity: undefined,
    run: newRun(),
  })
}
