import type { Revision } from "../../core/database/alembic/revision.js"
import type { Change, Description, Examination, ExaminedStatement } from "../../core/database/plan/answers.js"
import type { Evidence, Finding, MigrationPlan } from "../../core/database/plan/plan.js"

export function revision(id: string, more: Partial<Revision> = {}): Revision {
  return {
    revision: id,
    down: [],
    dependsOn: [],
    labels: [],
    message: `what ${id} does`,
    file: `migrations/versions/${id}.py`,
    sha256: id.padEnd(64, "0"),
    upgrade: "work",
    downgrade: "work",
    downgradeLine: 20,
    live: [],
    ...more,
  }
}

export function change(kind: Change["kind"], table: string, more: Partial<Change> = {}): Change {
  return { kind, schema: "public", table, column: null, from: null, to: null, ...more }
}

export function statement(text: string, more: Partial<ExaminedStatement> = {}): ExaminedStatement {
  return {
    revision: "0003",
    sourceLine: 11,
    line: 4,
    lineEnd: 4,
    text,
    kind: "AlterTableStmt",
    parseError: null,
    transaction: false,
    bookkeeping: false,
    opaque: false,
    reads: false,
    removesRows: [],
    outside: null,
    timeout: null,
    locks: [],
    evidence: "observed",
    changes: [],
    error: null,
    ...more,
  }
}

export function description(revisions: Revision[], heads: string[]): Description {
  return {
    error: null,
    revisions,
    heads,
    ends: heads,
    folder: "migrations",
    warnings: [],
    environment: { error: null, schema: null, table: "alembic_version", also: [], columns: [] },
  }
}

export function evidence(
  pending: Revision[],
  examined: Partial<Examination> = {},
  more: Partial<Evidence> = {},
): Evidence {
  return {
    pending,
    tables: 1,
    printed: { pieces: [], errors: [] },
    replayed: {
      upgraded: pending.map(({ revision }) => revision),
      downgraded: [],
      upgradeError: null,
      downgradeError: null,
    },
    examined: {
      serverVersion: "15.9",
      script: "",
      statements: [],
      printedSchema: [],
      upgraded: [],
      downgraded: [],
      comparison: { revisions: [], whilePrinting: [] },
      lint: [],
      ...examined,
    },
    ...more,
  }
}

export function finding(code: string, more: Partial<Finding> = {}): Finding {
  return {
    code,
    severity: "error",
    revision: "0003",
    file: "migrations/versions/0003.py",
    line: 11,
    statement: null,
    message: "what is wrong",
    help: null,
    accepted: null,
    ...more,
  }
}

export function plan(more: Partial<MigrationPlan> = {}): MigrationPlan {
  return {
    tollgateVersion: "0.1.0",
    app: "app",
    source: "sha256:abc",
    environment: "production",
    database: { name: "payments", serverVersion: "15.9", copyVersion: "15.9" },
    current: ["0002"],
    heads: ["0003"],
    revisions: [],
    script: "BEGIN;\n",
    sqlIsComplete: true,
    findings: [],
    verdict: { kind: "ready", complete: true },
    digest: "sha256:0123456789abcdef",
    estimate: null,
    running: { kind: "known" },
    madeAt: "2026-01-02T03:04:05.000Z",
    ...more,
  }
}
