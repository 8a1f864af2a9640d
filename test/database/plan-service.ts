import { randomUUID } from "node:crypto"
import { type Directory, dag } from "@dagger.io/dagger"
import { makePlan } from "../../core/database/plan/make-plan.js"
import type { Finding, MigrationPlan } from "../../core/database/plan/plan.js"
import type { PlanDatabase } from "./plan-database.js"

const FOLDER = new URL("fixtures/plan/", import.meta.url).pathname
const SETTINGS = `app: { path: . }
qa:
  runner: run.py
  services: { postgres: false, redis: false }
  suites:
    none: { files: [tests/test_none.py] }
`

/** Files of the fixture to add or replace (a text), or to remove (null); `settings`: more of tollgate.yaml. */
export function planService(files: Record<string, string | null>, settings = ""): Directory {
  let folder = dag.host().directory(FOLDER, { exclude: ["**/__pycache__"] })
  for (const [path, text] of Object.entries(files))
    folder = text === null ? folder.withoutFile(path) : folder.withNewFile(path, text)
  return folder.withNewFile("tollgate.yaml", SETTINGS + settings)
}

/** A revision's file, by its functions. */
export function revision(
  id: string,
  down: string,
  upgrade: string,
  downgrade = "raise NotImplementedError('one way')",
  more = "",
): Record<string, string> {
  const indented = (body: string): string =>
    body
      .trim()
      .split("\n")
      .map((line) => `    ${line}`)
      .join("\n")
  return {
    [`migrations/versions/${id}_test.py`]: `"""what ${id} does"""

import sqlalchemy as sa
from alembic import context, op

revision = "${id}"
down_revision = "${down}"
${more}

def upgrade():
${indented(upgrade)}


def downgrade():
${indented(downgrade)}
`,
  }
}

export async function planOf(database: PlanDatabase, source: Directory, running?: Directory): Promise<MigrationPlan> {
  const secrets = dag.setSecret(`plan-${randomUUID()}`, `DATABASE_URL=${database.url}\n`)
  return makePlan(source, { environment: "production", secrets, runningSource: running, entryPoint: "cli" })
}

/** The findings of one revision by code, without Squawk's matters of taste. */
export function findingsOf(plan: MigrationPlan, id: string | null): Finding[] {
  return plan.findings.filter(({ revision, severity }) => revision === id && severity !== "note")
}

export function codes(plan: MigrationPlan, id: string | null): string[] {
  return [...new Set(findingsOf(plan, id).map(({ severity, code }) => `${severity} ${code}`))].sort()
}
