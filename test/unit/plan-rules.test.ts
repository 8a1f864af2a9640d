import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { planPending } from "../../core/database/alembic/pending.js"
import { readChain } from "../../core/database/copy/hash-chain.js"
import { planDigest } from "../../core/database/plan/digest.js"
import { judge } from "../../core/database/plan/judge.js"
import { modeName, plannedLocks, strongestLocks } from "../../core/database/plan/locks.js"
import type { RunningUse } from "../../core/database/plan/plan.js"
import { accept } from "../../core/database/plan/rules/accept.js"
import { judgeCompleteness } from "../../core/database/plan/rules/complete.js"
import { judgeDestructive } from "../../core/database/plan/rules/destructive.js"
import { judgeDowngrades } from "../../core/database/plan/rules/downgrade.js"
import { narrows } from "../../core/database/plan/rules/narrowing.js"
import { judgeApplied, judgeRevisions } from "../../core/database/plan/rules/revisions.js"
import { judgeLint } from "../../core/database/plan/rules/squawk.js"
import { judgeStatements } from "../../core/database/plan/rules/statements.js"
import { change, description, evidence, finding, revision, statement } from "./plan-samples.js"

const unknown: RunningUse = { kind: "unknown", why: "nobody said" }
const known: RunningUse = {
  kind: "known",
  tables: [{ schema: null, table: "payments", columns: ["id", "memo"] }],
  mentions: new Map([["forgotten", [{ file: "app/report.py", line: 3 }]]]),
}

describe("a type is narrowed", () => {
  it.each([
    ["character varying(40)", "character varying(20)"],
    ["character varying", "character varying(20)"],
    ["text", "character varying(200)"],
    ["bigint", "integer"],
    ["integer", "smallint"],
    ["numeric(10,2)", "numeric(10,4)"],
    ["numeric(10,2)", "numeric(8,2)"],
    ["numeric(10,2)", "integer"],
    ["bigint", "numeric(5,2)"],
    ["double precision", "real"],
    ["integer", "double precision"],
    ["timestamp(6) with time zone", "timestamp(3) with time zone"],
    ["timestamp with time zone", "timestamp without time zone"],
    ["jsonb", "text"],
    ["text", "uuid"],
    ["text[]", "character varying(3)[]"],
    ["character varying(200)", "character varying(100)"],
    ["character(10)", "character varying(5)"],
  ])("from %s to %s", (from, to) => expect(narrows(from, to)).toBe(true))

  it.each([
    ["character varying(20)", "character varying(40)"],
    ["character varying(20)", "character varying"],
    ["character varying(20)", "text"],
    ["smallint", "bigint"],
    ["integer", "numeric"],
    ["numeric(8,2)", "numeric(10,2)"],
    ["numeric(8,2)", "numeric"],
    ["real", "double precision"],
    ["date", "timestamp without time zone"],
    ["text[]", "text[]"],
  ])("but not from %s to %s", (from, to) => expect(narrows(from, to)).toBe(false))
})

describe("a destructive change", () => {
  const judged = (changes: ReturnType<typeof change>[], contract: string[], running: RunningUse) =>
    judgeDestructive(
      [{ revision: revision("0003"), changes: changes.map((one) => ({ change: one, line: 11, statement: "SQL" })) }],
      contract,
      running,
    ).map(({ severity, code }) => `${severity} ${code}`)

  it("is an error as long as nothing is known of the running version", () => {
    expect(judged([change("column-dropped", "payments", { column: "memo" })], [], unknown)).toEqual([
      "error column-dropped",
    ])
    expect(judged([change("relation-dropped", "payments")], [], unknown)).toEqual(["error table-dropped"])
    expect(judged([change("relation-renamed", "payments", { to: "charges" })], [], unknown)).toEqual([
      "error table-renamed",
    ])
    expect(judged([change("function-dropped", "refund(integer)")], [], unknown)).toEqual(["error function-dropped"])
  })

  it("is a note when its revision is marked as contract phase", () =>
    expect(judged([change("column-dropped", "payments", { column: "memo" })], ["0003"], unknown)).toEqual([
      "note column-dropped",
    ]))

  it("is an error in spite of the mark when the running version's models map it", () =>
    expect(judged([change("column-dropped", "payments", { column: "memo" })], ["0003"], known)).toEqual([
      "error contract-too-early",
    ]))

  it("is an error when only a query names it, and a warning with the mark", () => {
    expect(judged([change("column-dropped", "payments", { column: "forgotten" })], [], known)).toEqual([
      "error column-dropped",
    ])
    expect(judged([change("column-dropped", "payments", { column: "forgotten" })], ["0003"], known)).toEqual([
      "warning column-dropped",
    ])
  })

  it("is a warning when nothing names it", () =>
    expect(judged([change("column-dropped", "payments", { column: "unused" })], [], known)).toEqual([
      "warning column-dropped",
    ]))

  it("is none on a table that the plan itself makes", () =>
    expect(
      judged(
        [
          change("relation-created", "draft"),
          change("column-dropped", "draft", { column: "x" }),
          change("relation-renamed", "draft", { to: "final" }),
          change("relation-dropped", "final"),
        ],
        [],
        unknown,
      ),
    ).toEqual([]))

  it("is followed through the plan's own renames", () => {
    const changes = [
      change("relation-renamed", "payments", { to: "charges" }),
      change("column-renamed", "charges", { column: "memo", to: "remark" }),
      change("column-dropped", "charges", { column: "remark" }),
    ]
    expect(judged(changes, [], known)).toEqual(["error table-renamed", "error column-renamed", "error column-dropped"])
  })

  it("is a column that must have a value, which the running version does not write", () => {
    expect(judged([change("column-required", "payments", { column: "currency", to: "new" })], [], known)).toEqual([
      "error column-required",
    ])
    expect(judged([change("column-required", "payments", { column: "memo" })], [], known)).toEqual([
      "error column-required",
    ])
  })

  it("is no new type that everything fits", () =>
    expect(
      judged([change("column-type", "payments", { column: "id", from: "integer", to: "bigint" })], [], unknown),
    ).toEqual([]))
})

describe("pending revisions", () => {
  const chain = [revision("a"), revision("b", { down: ["a"] }), revision("c", { down: ["b"] })]
  it("are those between the database and the head, in order", () => {
    expect(planPending(chain, ["c"], ["a"])).toMatchObject({
      kind: "pending",
      from: "a",
      to: "c",
      revisions: [{ revision: "b" }, { revision: "c" }],
    })
    expect(planPending(chain, ["c"], [])).toMatchObject({ from: "base" })
    expect(planPending(chain, ["c"], ["c"])).toEqual({ kind: "nothing" })
  })
  it("are unknown when there is no one way", () => {
    expect(planPending(chain, ["c"], ["z"])).toEqual({ kind: "no-way", reason: "unknown-current" })
    expect(planPending(chain, [], [])).toEqual({ kind: "no-way", reason: "no-revision" })
    expect(planPending([...chain, revision("d", { down: ["b"] })], ["c", "d"], ["a"])).toEqual({
      kind: "no-way",
      reason: "several-heads",
    })
  })
  it("include both sides of a merge, and what one depends on", () => {
    const merged = [
      revision("a"),
      revision("b", { down: ["a"] }),
      revision("c", { down: ["a"] }),
      revision("m", { down: ["b", "c"] }),
    ]
    expect(planPending(merged, ["m"], ["b"])).toMatchObject({ revisions: [{ revision: "c" }, { revision: "m" }] })
  })
  it("lead from several revisions to a merge of them", () => {
    const merged = [
      revision("a"),
      revision("b", { down: ["a"] }),
      revision("c", { down: ["a"] }),
      revision("m", { down: ["b", "c"] }),
    ]
    expect(planPending(merged, ["m"], ["b", "c"])).toMatchObject({
      kind: "pending",
      from: "b,c",
      to: "m",
      target: "head",
      revisions: [{ revision: "m" }],
    })
  })
  it("lead to several heads where each branch has a label of its own, and nowhere else", () => {
    const [billing, ledger] = [revision("b", { labels: ["billing"] }), revision("l", { labels: ["ledger"] })]
    expect(planPending([billing, ledger], ["b", "l"], [])).toMatchObject({
      kind: "pending",
      target: "heads",
      revisions: [{ revision: "b" }, { revision: "l" }],
    })
    for (const other of [revision("l"), revision("l", { labels: ["billing"] })])
      expect(planPending([billing, other], ["b", "l"], [])).toEqual({ kind: "no-way", reason: "several-heads" })
  })
  it("lead to several heads without labels where each branch begins by itself in a folder of its own", () => {
    const billing = [
      revision("b1", { file: "billing/b1.py" }),
      revision("b2", { file: "billing/b2.py", down: ["b1"], dependsOn: ["l1"] }),
    ]
    const ledger = [revision("l1", { file: "ledger/l1.py" })]
    expect(planPending([...ledger, ...billing], ["b2", "l1"], [])).toMatchObject({
      kind: "pending",
      target: "heads",
      revisions: [{ revision: "l1" }, { revision: "b1" }, { revision: "b2" }],
    })
    // two of one branch are still an accident, and only they are named
    const twice = [...ledger, ...billing, revision("b3", { file: "billing/b3.py", down: ["b1"] })]
    expect(planPending(twice, ["b2", "b3", "l1"], [])).toEqual({ kind: "no-way", reason: "several-heads" })
    const [found] = judgeRevisions(description(twice, ["b2", "b3", "l1"]), [], {
      kind: "no-way",
      reason: "several-heads",
    })
    expect(found).toMatchObject({
      message: expect.stringContaining("There are 2 heads: b2 (billing/b2.py), b3 (billing/b3.py)."),
      help: expect.stringContaining("alembic merge b2 b3."),
    })
    // from one first revision, whatever folders they are in
    expect(
      planPending(
        [revision("a"), revision("x", { file: "x/x.py", down: ["a"] }), revision("y", { file: "y/y.py", down: ["a"] })],
        ["x", "y"],
        [],
      ),
    ).toEqual({ kind: "no-way", reason: "several-heads" })
  })
  it("that have several heads are named with their files", () => {
    const found = judgeRevisions(description([...chain, revision("d")], ["c", "d"]), [], {
      kind: "no-way",
      reason: "several-heads",
    })
    expect(found[0]?.message).toContain("c (migrations/versions/c.py), d (migrations/versions/d.py)")
  })
})

describe("the chain of applied revisions", () => {
  const row = (number: number, id: string, before: string) => {
    const sha256 = id.padEnd(64, "0")
    return {
      number,
      revision: id,
      sha256,
      chain: createHash("sha256").update(`${before}\n${id}\n${sha256}`).digest("hex"),
      at: "2026-01-01 00:00 UTC",
    }
  }
  const first = row(1, "a", "")
  const second = row(2, "b", first.chain)

  it("holds", () => expect(readChain([first, second])).toMatchObject({ kind: "chain", broken: null }))
  it("breaks where a row was changed, taken out or put in", () => {
    expect(readChain([{ ...first, sha256: "1".repeat(64) }, second])).toMatchObject({
      broken: expect.stringContaining("row 1 (revision a)"),
    })
    expect(readChain([second])).toMatchObject({ broken: expect.stringContaining("row 2") })
    expect(readChain([first, row(3, "x", ""), second])).toMatchObject({ broken: expect.stringContaining("row 3") })
  })
  it("counts the last time that a revision was applied", () => {
    const again = { ...row(3, "a", second.chain), sha256: "9".repeat(64) }
    const found = judgeApplied(description([revision("a")], ["a"]), {
      kind: "chain",
      broken: null,
      revisions: [first, again].map(({ revision, sha256 }) => ({ revision, sha256, appliedAt: "then" })),
    })
    expect(found).toMatchObject([
      { code: "applied-revision-changed", severity: "error", file: "migrations/versions/a.py" },
    ])
    expect(judgeApplied(description([revision("a")], ["a"]), { kind: "none" })).toEqual([])
  })
})

describe("a downgrade", () => {
  const of = (downgrade: "missing" | "empty" | "raises" | "work", upgrade: "empty" | "work" = "work") =>
    judgeDowngrades(evidence([revision("0003", { downgrade, upgrade })])).map(
      ({ severity, code }) => `${severity} ${code}`,
    )
  it("that is empty or missing is an error, unless there is nothing to undo", () => {
    expect(of("empty")).toEqual(["error downgrade-empty"])
    expect(of("missing")).toEqual(["error downgrade-empty"])
    expect(of("empty", "empty")).toEqual([])
  })
  it("that refuses is a warning", () => expect(of("raises")).toEqual(["warning downgrade-refused"]))
  it("that leaves something is a warning that names it", () => {
    const found = judgeDowngrades(
      evidence([revision("0003")], {
        downgraded: [{ revision: "0003", lost: ["column public.payments.memo text"], left: [], didNothing: false }],
      }),
    )
    expect(found).toMatchObject([
      {
        code: "downgrade-differs",
        severity: "warning",
        message: expect.stringContaining("not back: column public.payments.memo text"),
      },
    ])
  })
})

describe("completeness", () => {
  it("is judged by what the server was sent", () => {
    const found = judgeCompleteness(
      evidence([revision("0003")], {
        comparison: {
          revisions: [{ revision: "0003", notPrinted: ["UPDATE payments SET memo = NULL"], notRun: [] }],
          whilePrinting: [],
        },
      }),
    )
    expect(found).toMatchObject([
      {
        code: "sql-incomplete",
        severity: "warning",
        message: expect.stringContaining("UPDATE payments SET memo = NULL"),
      },
    ])
  })
  it("fails when the printed SQL leads to another schema", () => {
    const upgraded = [
      {
        revision: "0003",
        changes: [],
        locks: [],
        schemaChanged: true,
        schema: ["table public.a", "table public.alembic_version"],
      },
    ]
    expect(
      judgeCompleteness(evidence([revision("0003")], { upgraded, printedSchema: ["table public.b"] })),
    ).toMatchObject([{ code: "sql-differs", severity: "error" }])
    expect(judgeCompleteness(evidence([revision("0003")], { upgraded, printedSchema: ["table public.a"] }))).toEqual([])
  })
})

describe("single statements", () => {
  const of = (more: Parameters<typeof statement>[1]) =>
    judgeStatements(evidence([revision("0003")], { statements: [statement("SQL", more)] })).map(
      ({ severity, code }) => `${severity} ${code}`,
    )
  it.each(["0", "0ms", "0s", "default"])("take a time-out away by %s", (value) =>
    expect(of({ timeout: { name: "lock_timeout", value, local: false } })).toEqual(["error timeout-removed"]),
  )
  it("may set one", () => expect(of({ timeout: { name: "lock_timeout", value: "5s", local: true } })).toEqual([]))
  it("that can do anything are reported", () => expect(of({ opaque: true })).toEqual(["warning effect-unseen"]))
  it("of alembic itself are not judged", () => expect(of({ revision: null, opaque: true })).toEqual([]))
})

describe("Squawk's findings", () => {
  const tables = [{ schema: "public", table: "payments", rows: 5000, exact: false, bytes: 1 }]
  const lock = { schema: "public", table: "payments", mode: "ShareLock" as const }
  const of = (rule: string, bigTable: number, locks = [lock], level = "Warning", rows: number | null = 5000) =>
    judgeLint(
      [{ rule, level, message: "Said.", help: null, line: 4 }],
      [statement("SQL", { locks })],
      [revision("0003")],
      tables.map((table) => ({ ...table, rows })),
      bigTable,
      [],
    ).map(({ severity, message }) => `${severity} ${message}`)

  it("about locks are weighed by the table's rows", () => {
    expect(of("require-concurrent-index-creation", 1000)).toEqual(["error Said. payments has about 5000 rows."])
    expect(of("require-concurrent-index-creation", 10_000)).toEqual([
      "warning Said. payments has about 5000 rows, less than the 10000 from which this is an error.",
    ])
  })
  it("are warnings where there is no database to count rows in", () =>
    expect(of("require-concurrent-index-creation", 0, [lock], "Warning", null)).toEqual([
      "warning Said. From 0 rows of payments this is an error: migration-plan counts them.",
    ]))
  it("about a new table are notes", () =>
    expect(of("require-concurrent-index-creation", 0, [{ ...lock, table: "new" }])).toEqual([
      "note Said. The same plan creates the table, so nothing uses it yet.",
    ]))
  it("about taste are notes, about time-outs errors", () => {
    expect(of("prefer-text-field", 0)).toEqual(["note Said."])
    expect(of("require-lock-timeout", 1e9)).toEqual(["error Said."])
    expect(of("syntax-error", 1e9, [lock], "Error")).toEqual(["error Said."])
  })
  it("say nothing of what our own rule has judged, and of alembic's own lines", () => {
    const drop = { rule: "ban-drop-column", level: "Warning", message: "Said.", help: null, line: 4 }
    const lint = [drop]
    expect(
      judgeLint(lint, [statement("SQL")], [revision("0003")], tables, 1, [
        finding("column-dropped", { statement: "SQL" }),
      ]),
    ).toEqual([])
    expect(judgeLint(lint, [statement("SQL")], [revision("0003")], tables, 1, [])).toHaveLength(1)
    expect(judgeLint([{ ...drop, line: 99 }], [statement("SQL")], [revision("0003")], tables, 1, [])).toEqual([])
  })
})

describe("acceptance", () => {
  it("is for a rule and its revisions, and shows its reason", () => {
    const rules = [
      { rule: "column-dropped", revisions: ["0003"], reason: "it was agreed" },
      { rule: "squawk/x-y", revisions: null, reason: "a small table" },
    ]
    expect(
      accept(
        [
          finding("column-dropped"),
          finding("column-dropped", { revision: "0004" }),
          finding("squawk/x-y"),
          finding("several-heads", { revision: null }),
        ],
        rules,
      ).map(({ accepted }) => accepted),
    ).toEqual(["it was agreed", null, "a small table", null])
  })
  it("is never for what leaves no one way to go", () =>
    expect(
      accept([finding("upgrade-fails")], [{ rule: "upgrade-fails", revisions: ["0003"], reason: "never mind" }])[0]
        ?.accepted,
    ).toBeNull())
})

describe("locks", () => {
  it("are named as SQL names them", () => expect(modeName("ShareUpdateExclusiveLock")).toBe("SHARE UPDATE EXCLUSIVE"))
  it("come from the documentation only where nothing was seen", () => {
    const outside = { way: "create-index-concurrently", schema: null, name: "payments" }
    expect(plannedLocks(statement("SQL", { outside, evidence: "unknown" }), [])).toMatchObject([
      { table: "payments", mode: "ShareUpdateExclusiveLock", evidence: "documented" },
    ])
    expect(
      plannedLocks(
        statement("SQL", { outside, locks: [{ schema: "public", table: "payments", mode: "ShareLock" }] }),
        [],
      ),
    ).toMatchObject([{ mode: "ShareLock", evidence: "observed" }])
    expect(plannedLocks(statement("SQL"), [])).toEqual([])
  })
  it("of one table are one, the strongest", () => {
    const at = (mode: "ShareLock" | "AccessExclusiveLock", table: string) => ({
      schema: "public",
      table,
      mode,
      evidence: "observed" as const,
      facts: null,
    })
    expect(
      strongestLocks([at("ShareLock", "a"), at("AccessExclusiveLock", "a"), at("ShareLock", "b")]).map(
        ({ table, mode }) => `${table} ${mode}`,
      ),
    ).toEqual(["a AccessExclusiveLock", "b ShareLock"])
  })
})

describe("the plan's digest", () => {
  const one = planDigest("a", "b", [revision("b")], "SELECT 1;\n")
  it("depends on way, files and SQL", () => {
    const others = [
      planDigest("x", "b", [revision("b")], "SELECT 1;\n"),
      planDigest("a", "b", [revision("b", { sha256: "f" })], "SELECT 1;\n"),
      planDigest("a", "b", [revision("b")], "SELECT 2;\n"),
    ]
    expect(new Set([one, ...others]).size).toBe(4)
  })
  it("depends on nothing else", () =>
    expect(
      planDigest("a", "b", [revision("b", { message: "other words", file: "elsewhere.py" })], "SELECT 1;\r\n"),
    ).toBe(one))
})

describe("the verdict", () => {
  const given = {
    settings: { contract: [], lint: { bigTable: 1000, accept: [] } },
    description: description([revision("0003")], ["0003"]),
    current: [],
    record: { kind: "none" as const },
    tables: [],
    running: unknown,
  }
  const pending = {
    kind: "pending" as const,
    from: "base",
    to: "0003",
    target: "head" as const,
    revisions: [revision("0003")],
  }

  it("is ready when no rule finds an error", () =>
    expect(judge({ ...given, pending, evidence: evidence([revision("0003")]) }).verdict).toEqual({
      kind: "ready",
      complete: true,
    }))
  it("is never ready without evidence", () =>
    expect(judge({ ...given, pending: { kind: "no-way", reason: "no-revision" }, evidence: null }).verdict.kind).toBe(
      "red",
    ))
  it("counts what only alembic's own run changed", () => {
    const upgraded = [
      {
        revision: "0003",
        changes: [change("column-dropped", "payments", { column: "memo" })],
        locks: [],
        schemaChanged: true,
        schema: [],
      },
    ]
    expect(judge({ ...given, pending, evidence: evidence([revision("0003")], { upgraded }) }).verdict).toMatchObject({
      kind: "red",
      errors: [{ code: "column-dropped", statement: null }],
    })
  })
  it("says once what the statement and the run both show", () => {
    const dropped = change("column-dropped", "payments", { column: "memo" })
    const upgraded = [{ revision: "0003", changes: [dropped], locks: [], schemaChanged: true, schema: [] }]
    expect(
      judge({
        ...given,
        pending,
        evidence: evidence([revision("0003")], { upgraded, statements: [statement("SQL", { changes: [dropped] })] }),
      }).findings.filter(({ code }) => code === "column-dropped"),
    ).toHaveLength(1)
  })
})
