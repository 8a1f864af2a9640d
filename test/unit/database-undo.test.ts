import { describe, expect, it } from "vitest"
import type { Rehearsed } from "../../core/database/migrate/rehearse.js"
import { decideUndo, mayRestore, writtenSince } from "../../core/database/migrate/undo.js"

const before = { revision: ["0002"], schema: "old" }
const after = { revision: ["0003"], schema: "new", rows: {}, broken: {}, unchanged: {} }
const nothing = { transactions: [], outside: [], statements: 3 }
const proven: Rehearsed = {
  after,
  commits: [],
  seconds: 1,
  oneTransaction: true,
  known: [],
  modelWarnings: [],
  downgrade: { kind: "proven", seconds: 1 },
}
const oneWay: Rehearsed = { ...proven, downgrade: { kind: "not-proven", why: "0003 has no downgrade" } }

describe("a migration that failed", () => {
  it("needs nothing when the database is as before and nothing was committed", () => {
    expect(decideUndo({ before, now: before, journal: nothing, rehearsed: null }).way).toBe("nothing")
  })

  it("needs nothing when alembic was killed and the whole upgrade is one transaction", () => {
    expect(decideUndo({ before, now: before, journal: null, rehearsed: proven }).way).toBe("nothing")
  })

  it("is restored when alembic was killed and statements may have lasted without a trace in the schema", () => {
    expect(
      decideUndo({ before, now: before, journal: null, rehearsed: { ...proven, oneTransaction: false } }).way,
    ).toBe("restore")
    expect(decideUndo({ before, now: before, journal: null, rehearsed: null }).way).toBe("restore")
    expect(
      decideUndo({ before, now: before, journal: { ...nothing, outside: ["UPDATE payments …"] }, rehearsed: proven })
        .way,
    ).toBe("restore")
  })

  it("is restored when a part of a revision lasted: alembic does not know that it did", () => {
    const half = { revision: ["0002"], schema: "half" }
    expect(decideUndo({ before, now: half, journal: nothing, rehearsed: proven })).toMatchObject({
      way: "restore",
      why: expect.stringContaining("a part of a revision"),
    })
  })

  it("goes back by the downgrade that the rehearsal proved", () => {
    expect(
      decideUndo({ before, now: after, journal: { ...nothing, transactions: ["7"] }, rehearsed: proven }).way,
    ).toBe("downgrade")
    expect(decideUndo({ before, now: after, journal: null, rehearsed: proven }).way).toBe("downgrade")
  })

  it("goes back from between two revisions only when nothing ran outside of a transaction", () => {
    const between = { revision: ["0002b"], schema: "between" }
    expect(
      decideUndo({ before, now: between, journal: { ...nothing, transactions: ["7"] }, rehearsed: proven }).way,
    ).toBe("downgrade")
    expect(
      decideUndo({ before, now: between, journal: { ...nothing, outside: ["CREATE INDEX …"] }, rehearsed: proven }).way,
    ).toBe("restore")
    expect(decideUndo({ before, now: between, journal: null, rehearsed: proven }).way).toBe("restore")
  })

  it("is restored when no downgrade was rehearsed well, and says why", () => {
    expect(decideUndo({ before, now: after, journal: nothing, rehearsed: oneWay })).toEqual({
      way: "restore",
      why: "0003 has no downgrade",
    })
    expect(decideUndo({ before, now: after, journal: nothing, rehearsed: null }).way).toBe("restore")
  })
})

describe("what was written since the backup", () => {
  const table = (backedUp: number | null, rows: number, unchanged: number, byMigration = 0) =>
    writtenSince([{ table: "payments", backedUp, now: { rows, unchanged, byMigration } }])

  it("is nothing when every row is the one that was backed up", () => {
    expect(table(100, 100, 100)).toEqual([])
  })

  it("counts new rows, changed rows and rows that are gone", () => {
    expect(table(100, 103, 100)).toMatchObject([{ rows: 3 }])
    expect(table(100, 100, 96)).toMatchObject([{ rows: 4 }])
    expect(table(100, 95, 95)).toMatchObject([{ rows: 5 }])
    expect(table(null, 2, 0)).toMatchObject([{ rows: 2 }])
  })

  it("does not take the migration's own rows for others', but says that others' may hide behind them", () => {
    expect(table(100, 100, 0, 100)).toEqual([{ table: "payments", rows: 0, alsoByMigration: true }])
    expect(table(100, 102, 0, 102)).toEqual([{ table: "payments", rows: 2, alsoByMigration: true }])
    expect(table(null, 50, 0, 50)).toEqual([])
  })

  it("cannot be told of a table that the migration has dropped", () => {
    expect(writtenSince([{ table: "payments", backedUp: 5, now: null }])).toEqual([
      { table: "payments", rows: 0, alsoByMigration: true },
    ])
  })

  it("keeps a restore from going on without a word", () => {
    const asked = { maintenance: false, discard: false }
    expect(mayRestore([], asked)).toEqual({ kind: "go", lost: 0 })
    expect(mayRestore(table(100, 103, 100), asked)).toMatchObject({
      kind: "ask",
      why: expect.stringContaining("3 rows were written"),
    })
    expect(mayRestore(table(100, 100, 0, 100), asked)).toMatchObject({
      kind: "ask",
      why: expect.stringContaining("the migration itself wrote to payments"),
    })
  })

  it("may be discarded with --discard-writes, and is counted", () => {
    expect(mayRestore(table(100, 103, 100), { maintenance: true, discard: false })).toEqual({ kind: "go", lost: 3 })
    expect(mayRestore(table(100, 103, 100), { maintenance: false, discard: true })).toEqual({ kind: "go", lost: 3 })
  })
})
