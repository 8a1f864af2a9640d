import { describe, expect, it } from "vitest"
import type { Rehearsed } from "../../core/database/migrate/rehearse.js"
import { decideUndo, type Failure, mayRestore, writtenSince } from "../../core/database/migrate/undo.js"

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

describe("the way back is the backup", () => {
  const same = { revision: ["0002"], schema: "old" }
  const committed = { ...nothing, transactions: ["7"] }
  const decided = (now: typeof same, journal: Failure["journal"], rehearsed: Rehearsed | null) => {
    const { way, why } = decideUndo({ before, now, journal, rehearsed })
    return `${way}: ${why}`
  }

  it("where a transaction was committed, though neither the schema nor the revision shows it", () => {
    const why = "restore: statements outside of a transaction may have changed rows, and no downgrade begins there"
    expect(decided(same, committed, proven)).toBe(why)
    expect(decided(same, { ...nothing, outside: ["UPDATE payments …"] }, null)).toBe(why)
    // the journal counts, and not what the rehearsal would suggest without one
    expect(decided(same, committed, { ...proven, firstIsSeen: true })).toBe(why)
  })

  it("where the revision is as before and the schema is not, whatever the rehearsal says of its transactions", () => {
    const half = { revision: ["0002"], schema: "half" }
    for (const journal of [nothing, null])
      for (const rehearsed of [proven, { ...proven, firstIsSeen: true }, null])
        expect(decided(half, journal, rehearsed)).toBe(
          "restore: a part of a revision was committed, and no downgrade begins in the middle of one",
        )
  })

  it("where the revision has changed and the schema has not, unless the downgrade was rehearsed", () => {
    const moved = { revision: ["0003"], schema: "old" }
    expect(decided(moved, nothing, null)).toBe("restore: no downgrade was rehearsed")
    expect(decided(moved, null, { ...oneWay, firstIsSeen: true })).toBe("restore: 0003 has no downgrade")
    expect(decided(moved, null, proven)).toBe("restore: the database is in a state that the rehearsal never reached")
    expect(decided(moved, nothing, proven)).toMatch(/^downgrade: /)
  })

  it("where the end of the rehearsal was reached in the schema alone, or in the revision alone", () => {
    const never = "restore: the database is in a state that the rehearsal never reached"
    expect(decided({ revision: ["0002b"], schema: "new" }, null, proven)).toBe(never)
    expect(decided({ revision: ["0003"], schema: "other" }, null, proven)).toBe(never)
    expect(decided({ revision: ["0003", "0004"], schema: "new" }, null, proven)).toBe(never)
  })
})

it("nothing needs to be undone when the rehearsal shows that the first transaction would have left a trace", () => {
  const seen = { ...proven, oneTransaction: false, firstIsSeen: true }
  expect(decideUndo({ before, now: before, journal: null, rehearsed: seen })).toMatchObject({
    way: "nothing",
    why: expect.stringContaining("neither has changed"),
  })
  for (const firstIsSeen of [false, undefined])
    expect(decideUndo({ before, now: before, journal: null, rehearsed: { ...seen, firstIsSeen } }).way).toBe("restore")
})

describe("what a restore would lose", () => {
  const counted = (backedUp: number | null, rows: number, unchanged: number, byMigration = 0) =>
    writtenSince([{ table: "payments", backedUp, now: { rows, unchanged, byMigration } }])[0]

  it("is the larger of what came and what changed, and never less than nothing", () => {
    expect(counted(100, 105, 97)).toMatchObject({ rows: 8, alsoByMigration: false })
    expect(counted(100, 97, 90)).toMatchObject({ rows: 10 })
    expect(counted(100, 90, 10, 85)).toEqual({ table: "payments", rows: 0, alsoByMigration: true })
    expect(counted(100, 110, 50, 20)).toMatchObject({ rows: 40, alsoByMigration: true })
    expect(counted(100, 110, 90, 20)).toMatchObject({ rows: 10, alsoByMigration: true })
  })

  it("is counted in a table that the migration made, which may have rows of both", () => {
    expect(counted(null, 7, 0, 5)).toEqual({ table: "payments", rows: 2, alsoByMigration: true })
    expect(counted(null, 2, 0)).toEqual({ table: "payments", rows: 2, alsoByMigration: false })
    expect(counted(null, 0, 0)).toBeUndefined()
  })

  it("is nothing of a table that the migration made and dropped", () => {
    expect(writtenSince([{ table: "drafts", backedUp: null, now: null }])).toEqual([])
  })

  const asked = { maintenance: false, discard: false }
  const orders = { table: "orders", rows: 3, alsoByMigration: false }
  const payments = { table: "payments", rows: 0, alsoByMigration: true }

  it("is summed over the tables, and each is named that has lost a row or may have", () => {
    expect(mayRestore([orders, payments, { ...orders, table: "refunds", rows: 2 }], asked)).toEqual({
      kind: "ask",
      why: "5 rows were written, changed or removed since the backup (orders: 3, refunds: 2); the migration itself wrote to payments: changes by others cannot be told apart from its own there",
    })
    expect(mayRestore([orders], asked)).toEqual({
      kind: "ask",
      why: "3 rows were written, changed or removed since the backup (orders: 3)",
    })
    expect(mayRestore([payments, { ...payments, table: "refunds" }], asked)).toEqual({
      kind: "ask",
      why: "the migration itself wrote to payments, refunds: changes by others cannot be told apart from its own there",
    })
  })

  it("is lost without a question only when the operator said so", () => {
    for (const allowed of [
      { maintenance: true, discard: false },
      { maintenance: false, discard: true },
    ])
      expect(mayRestore([orders, payments], allowed)).toEqual({ kind: "go", lost: 3 })
  })
})
