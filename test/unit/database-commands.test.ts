import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { isDjango } from "../../core/database/alembic/migration-tool.js"
import {
  effectsOf,
  keepsBooks,
  type LogLine,
  lastError,
  lastingStatements,
  onlyAsks,
  tablesNamed,
} from "../../core/database/commands/logged-statements.js"
import {
  pendingRevision,
  revisionLines,
  scriptOf,
  steadyScript,
  stepName,
} from "../../core/database/commands/pending-commands.js"
import { decideUndo } from "../../core/database/migrate/undo.js"
import { judgeCommands } from "../../core/database/plan/rules/commands.js"

const line = (message: string, more: Partial<LogLine> = {}): LogLine => ({
  session: "a",
  transaction: "3/1",
  severity: "LOG",
  sqlstate: "00000",
  message,
  detail: null,
  hint: null,
  query: null,
  ...more,
})
const BOOKS = ["schema_migrations"]

describe("what a copy's log says that a command did", () => {
  it("is what was committed: transactions that were rolled back, failed or never ended are left out, and so are statements that failed by themselves", () => {
    const lines = [
      line("statement: BEGIN"),
      line("statement: CREATE TABLE a ()"),
      line("statement: COMMIT"),
      line("statement: BEGIN"),
      line("statement: CREATE TABLE b ()"),
      line("statement: ROLLBACK"),
      line("statement: begin"),
      line("statement: CREATE TABLE c ()"),
      line("it is there", { severity: "ERROR", sqlstate: "42P07" }),
      line("statement: COMMIT"),
      line("statement: CREATE TABLE d ()", { transaction: "3/9" }),
      line("no", { severity: "ERROR", transaction: "3/9" }),
      line("statement: CREATE TABLE e ()", { transaction: "3/10" }),
      line("statement: START TRANSACTION", { session: "b" }),
      line("statement: CREATE TABLE f ()", { session: "b" }),
    ]
    expect(lastingStatements(lines).map(({ text }) => text)).toEqual(["CREATE TABLE a ()", "CREATE TABLE e ()"])
  })

  it("has the values that a driver sent apart from the statement", () => {
    const detail = "parameters: $1 = 'it''s', $2 = NULL, $10 = '7'"
    expect(
      lastingStatements([line("execute <unnamed>: INSERT INTO a VALUES ($1, $2, $10)", { detail })])[0]?.text,
    ).toBe("INSERT INTO a VALUES ('it''s', NULL, '7')")
  })

  it("is a failure in the database's own words, with the statement, and not what only follows from it", () => {
    const failed = line('column "x" is missing', {
      severity: "ERROR",
      sqlstate: "42703",
      hint: "add it",
      query: "SELECT\n  x",
    })
    const follows = line("current transaction is aborted", { severity: "ERROR", sqlstate: "25P02" })
    expect(lastError([failed, follows])).toEqual({
      sqlstate: "42703",
      message: 'column "x" is missing\nHINT: add it\nin SELECT x',
    })
    expect(lastError([line("statement: SELECT 1")])).toBeNull()
  })

  it("names the tables that were asked, as whole words", () => {
    const tables = [
      ["public", "schema_migrations"],
      ["public", "migrations"],
      ["public", "payments"],
    ] as const
    expect(tablesNamed([line('statement: SELECT max(v) FROM "schema_migrations"')], tables)).toEqual([
      ["public", "schema_migrations"],
    ])
  })
})

it.each([
  ["SELECT max(version) FROM schema_migrations", true],
  ["SET lock_timeout = '3s'", true],
  ["SELECT c.relname FROM pg_catalog.pg_class c WHERE pg_catalog.pg_table_is_visible(c.oid)", true],
  ["SELECT close_accounts()", false],
  ["SELECT pg_terminate_backend(1)", false],
  ["SELECT 1; DROP TABLE payments", false],
  ["WITH gone AS (DELETE FROM payments RETURNING 1) SELECT count(*) FROM gone", false],
  ["SELECT * INTO copied FROM payments", false],
])("%s only asks: %s", (text, expected) => {
  expect(onlyAsks(text)).toBe(expected)
})

it("tells what the tool notes for itself from what it does for the service", () => {
  expect(keepsBooks("INSERT INTO public.\"schema_migrations\" VALUES ('0002')", BOOKS)).toBe(true)
  expect(keepsBooks("INSERT INTO payments VALUES (1)", BOOKS)).toBe(false)
  expect(keepsBooks("INSERT INTO schema_migrations VALUES ('1'); DELETE FROM payments", BOOKS)).toBe(false)
})

describe("whether a failed upgrade that shows nothing has changed nothing", () => {
  const did = (...texts: string[]) =>
    effectsOf(
      texts.map((text, index) => ({ text, transaction: String(index), explicit: false })),
      BOOKS,
    )

  it("holds when its first transaction changes the schema or the revision", () => {
    expect(
      did("SELECT 1 FROM payments", "ALTER TABLE payments ADD COLUMN note text", "UPDATE payments SET note = ''")
        .firstIsSeen,
    ).toBe(true)
    expect(did("INSERT INTO schema_migrations VALUES ('0002')").firstIsSeen).toBe(true)
    expect(did("CREATE TABLE IF NOT EXISTS schema_migrations ()", "DROP TABLE payments")).toMatchObject({
      firstIsSeen: true,
      transactions: ["1"],
    })
  })

  it("does not hold when rows may have been changed first, or the statement may have done nothing", () => {
    expect(did("UPDATE payments SET amount = 0", "ALTER TABLE payments ADD COLUMN note text").firstIsSeen).toBe(false)
    expect(did("CREATE TABLE IF NOT EXISTS payments ()").firstIsSeen).toBe(false)
    expect(did("SELECT tidy_up()", "ALTER TABLE payments ADD COLUMN note text").firstIsSeen).toBe(false)
    expect(did("CREATE INDEX CONCURRENTLY i ON payments (id)")).toMatchObject({
      firstIsSeen: false,
      outside: ["CREATE INDEX CONCURRENTLY i ON payments (id)"],
    })
  })

  it("decides that nothing needs to be undone; otherwise it is restored", () => {
    const at = { revision: ["0001"], schema: "a" }
    const rehearsed = {
      after: { revision: ["0002"], schema: "b", rows: {}, broken: {}, unchanged: {} },
      commits: [],
      seconds: 1,
      oneTransaction: false,
      known: null,
      modelWarnings: [],
      downgrade: { kind: "proven" as const, seconds: 1 },
    }
    expect(decideUndo({ before: at, now: at, journal: null, rehearsed: { ...rehearsed, firstIsSeen: true } }).way).toBe(
      "nothing",
    )
    expect(
      decideUndo({ before: at, now: at, journal: null, rehearsed: { ...rehearsed, firstIsSeen: false } }).way,
    ).toBe("restore")
    expect(
      decideUndo({
        before: at,
        now: { ...at, schema: "c" },
        journal: null,
        rehearsed: { ...rehearsed, firstIsSeen: true },
      }).way,
    ).toBe("restore")
  })
})

describe("a step from one revision to another", () => {
  const commands = { migrate: "up", revision: "at", rollback: "down" }

  it("is called by what is new, whatever else the command prints", () => {
    expect(revisionLines("\n shop.0001 \nauth.0012\n")).toEqual(["shop.0001", "auth.0012"])
    expect(revisionLines(" \n")).toEqual([])
    expect(stepName(["auth.0012", "shop.0001"], ["auth.0012", "shop.0002"])).toBe("shop.0002")
    expect(pendingRevision(commands, [], null, []).revision).toBe("next")
  })

  it("is a script of what it changed: without questions and the tool's own notes, several statements of one message in one transaction", () => {
    const one = (text: string, transaction: string, explicit = false) => ({ text, transaction, explicit })
    const statements = [
      one("SELECT 1 FROM payments", "1"),
      one("CREATE TABLE a ();", "2", true),
      one("CREATE TABLE b ()", "2", true),
      one("INSERT INTO schema_migrations VALUES ('1')", "2", true),
      one("VACUUM", "3"),
      one("CREATE TABLE c (); CREATE TABLE d ()", "4"),
    ]
    expect(scriptOf(statements, BOOKS)).toEqual([
      "BEGIN;\n",
      "CREATE TABLE a ();\n",
      "CREATE TABLE b ();\n",
      "COMMIT;\n",
      "VACUUM;\n",
      "BEGIN;\n",
      "CREATE TABLE c (); CREATE TABLE d ();\n",
      "COMMIT;\n",
    ])
  })

  it("is the same one when only times and ids that the tool makes up differ, and another when a command or a statement does", () => {
    const script = (at: string, amount = 1): string[] => [`INSERT INTO a VALUES ('${at}', ${amount});\n`]
    const [first, second] = ["2026-01-02 03:04:05.678+00", "2026-02-03T04:05:06Z"]
    expect(steadyScript(script(first))).toBe(steadyScript(script(second)))
    const digest = (pieces: string[], own = commands) => pendingRevision(own, ["1"], ["2"], pieces).sha256
    expect(digest(script(first))).toBe(digest(script(second)))
    expect(digest(script(first))).not.toBe(digest(script(first, 2)))
    expect(digest(script(first))).not.toBe(digest(script(first), { ...commands, migrate: "other" }))
  })

  it("names in the plan what is compared after the commit only, and what undoes it", () => {
    const { rollback: _, ...without } = commands
    expect(judgeCommands(pendingRevision(commands, [], ["1"], []), "t").at(-1)).toMatchObject({
      code: "compared-after-commit",
      severity: "note",
      help: expect.stringContaining("rollback, if the rehearsal ran it"),
    })
    expect(judgeCommands(pendingRevision(without, [], ["1"], []), "t").at(-1)).toMatchObject({
      help: expect.stringContaining("database.commands has no rollback"),
    })
  })
})

describe("settings", () => {
  const QA = "qa: { runner: run.py, suites: { none: { files: [tests/test_none.py] } } }\n"

  it("name all problems of the commands at once", () => {
    const text = `${QA}database: { alembic: db/alembic.ini, commands: { migrate: "", image: "Not An Image" } }\n`
    expect(() => parseSettings(text)).toThrow(
      expect.objectContaining({
        problems: expect.arrayContaining([
          expect.objectContaining({
            path: "database.alembic",
            message: "cannot be set together with database.commands",
          }),
          expect.objectContaining({ path: "database.commands.migrate" }),
          expect.objectContaining({
            path: "database.commands.revision",
            message: expect.stringContaining("is required"),
          }),
          expect.objectContaining({ path: "database.commands.image" }),
        ]),
      }),
    )
  })

  it("need neither rollback nor image", () => {
    expect(parseSettings(`${QA}database: { commands: { migrate: up, revision: at } }\n`).database.commands).toEqual({
      migrate: "up",
      revision: "at",
    })
  })
})

it("knows a manage.py as Django's", () => {
  expect(isDjango('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")')).toBe(true)
  expect(isDjango("import flask_script")).toBe(false)
})
