import { describe, expect, it } from "vitest"
import { pendingRevisions } from "../../core/database/alembic/pending.js"
import { type BackupFile, backupName, expiredBackups } from "../../core/database/backup/backup-file.js"
import { stateOf } from "../../core/database/backup/list-backups.js"
import {
  likePassword,
  parseAddress,
  rewriteUrl,
  withHostInPlace,
  withoutPassword,
} from "../../core/database/connect/address.js"
import { type AppliedRecord, changedRevisions } from "../../core/database/copy/hash-chain.js"
import { isProtected } from "../../core/database/copy/observe.js"
import { judgePreflight, type Preflight } from "../../core/database/migrate/preflight.js"
import { brokenBefore, validate } from "../../core/database/migrate/validate.js"
import { revision as sample } from "./plan-samples.js"

const revision = (id: string, down: string[]) => sample(id, { down, sha256: id })
const record = (...applied: [revision: string, sha256: string][]): AppliedRecord => ({
  kind: "chain",
  revisions: applied.map(([id, sha256]) => ({ revision: id, sha256, appliedAt: "2026-11-22" })),
  broken: null,
})
const source = [revision("1", []), revision("2", ["1"]), revision("3", ["2"])]

describe("a database's URL", () => {
  it("is read with SQLAlchemy's driver in it, and with what is written as %XX", () => {
    expect(
      parseAddress("postgresql+psycopg://app:p%40ss@db.example:6543/shop?sslmode=require", "DATABASE_URL"),
    ).toEqual({
      host: "db.example",
      port: 6543,
      user: "app",
      password: "p@ss",
      database: "shop",
      tls: "require",
      options: "",
    })
  })

  it.each([
    ["mysql://app:secret-1@db/shop", "is not the URL of a Postgres database"],
    ["postgresql:///shop?host=/run", "names no host"],
    [
      "postgresql+psycopg://app:secret-1@/shop?host=/cloudsql/acme:asia:main",
      "names no host: a socket's folder cannot be reached",
    ],
    ["postgresql://app:secret-1@/shop", "names no host"],
    ["postgresql://app:secret-1@db1:5432,db2:5432/shop", "names several hosts"],
    ["postgresql://app:secret-1@db", "names no database"],
    ["postgresql://app:secret-1@db/shop?sslmode=maybe", "sslmode"],
    ["postgresql://app:secret-1@db:port/shop", "cannot be read"],
  ])("is refused without being repeated: %s", (url, why) => {
    let message = ""
    try {
      parseAddress(url, "DATABASE_URL")
    } catch (error) {
      message = error instanceof Error ? error.message : ""
    }
    expect(message).toContain(why)
    expect(message).not.toContain("secret-1")
  })

  it("may name its host in a parameter, as libpq and SQLAlchemy take it", () => {
    expect(
      parseAddress("postgresql+psycopg://app:pw@/shop?host=db.example&port=6543&sslmode=require", "DATABASE_URL"),
    ).toMatchObject({ host: "db.example", port: 6543, database: "shop", tls: "require" })
    expect(parseAddress("postgresql://app:pw@:6543/shop?host=db.example&x=1", "DATABASE_URL")).toMatchObject({
      host: "db.example",
      port: 6543,
    })
    expect(withHostInPlace("postgresql://app:pw@:6543/shop?host=db.example&x=1")).toBe(
      "postgresql://app:pw@db.example:6543/shop?x=1",
    )
    expect(withHostInPlace("postgresql://app:pw@db/shop?host=other")).toBe("postgresql://app:pw@db/shop?host=other")
  })

  it("has a stand-in whose password has the same special characters, and nothing else of the real one", () => {
    expect(likePassword("postgresql://app:p%40y-2%25-off@db/shop", { password: "p@y-2%-off" })).toBe("@-%")
    expect(likePassword("postgresql://app:p%21y@db/shop", { password: "p!y" })).toBe("!@")
    expect(likePassword("postgresql://app:pay@db/shop", { password: "pay" })).toBe("")
  })

  it("keeps its driver, password and options when host and database are others", () => {
    expect(rewriteUrl("postgresql+asyncpg://app:p%40ss@db:5432/shop?ssl=1", { host: "copy", database: "shop_2" })).toBe(
      "postgresql+asyncpg://app:p%40ss@copy:5432/shop_2?ssl=1",
    )
  })

  it("leaves no text with the password in it", () => {
    const address = parseAddress("postgresql://app:p%40ss%2F@db/shop", "DATABASE_URL")
    expect(withoutPassword("p@ss/ and p%40ss%2F", address)).toBe("*** and ***")
    const written = "postgresql://app:%70%40ss%2f@db/shop"
    expect(withoutPassword(`error in ${written}`, parseAddress(written, "DATABASE_URL"), written)).toBe(
      "error in postgresql://app:***@db/shop",
    )
    expect(withoutPassword("the app at app, application", { password: "app" })).toBe("the *** at ***, application")
  })
})

describe("revisions", () => {
  it("are pending from where the database is", () => {
    expect(pendingRevisions(source, ["1"]).map((one) => one.revision)).toEqual(["2", "3"])
    expect(pendingRevisions(source, []).length).toBe(3)
    expect(pendingRevisions(source, ["3"])).toEqual([])
  })

  it("that were applied with another content are found, and only those", () => {
    const changed = (...applied: [string, string][]) =>
      changedRevisions(record(...applied), source).map(({ now }) => now.revision)
    expect(changed(["2", "other"])).toEqual(["2"])
    expect(changed(["2", "2"], ["9", "x"])).toEqual([])
    // written down twice: the later one counts
    expect(changed(["2", "other"], ["2", "2"])).toEqual([])
    expect(changedRevisions({ kind: "none" }, source)).toEqual([])
  })
})

const fine: Preflight = {
  inspection: { heads: ["3"], ends: ["3"], revisions: source, current: ["2"], pending: [] },
  server: {
    major: 15,
    version: "15.1",
    recovery: false,
    readOnly: false,
    mayCreateDatabases: true,
    owns: true,
    bytes: 1e9,
    connections: 10,
    maxConnections: 97,
  },
  clientMajor: 15,
  freeBytes: 1e11,
  long: [],
  record: { kind: "none" },
  others: null,
}
const problemsOf = (change: Partial<Preflight>): string[] => judgePreflight({ ...fine, ...change }).problems

describe("the preflight", () => {
  it("lets a database through that has nothing wrong", () => {
    expect(judgePreflight(fine)).toEqual({ problems: [], warnings: [] })
  })

  it.each<[string, Partial<Preflight>, string]>([
    [
      "several heads",
      { inspection: { ...fine.inspection, heads: ["2", "3"] } },
      "2 heads: 2, 3; merge them: alembic merge 2 3.",
    ],
    [
      "a database newer than the code",
      { inspection: { ...fine.inspection, current: ["7"] } },
      "newer than the code: it is at 7",
    ],
    ["client programs older than the server", { clientMajor: 14 }, "cannot back up a newer server"],
    ["too few connections", { server: { ...fine.server, connections: 95 } }, "95 of 97 connections"],
    ["too little room", { freeBytes: 1.9e9 }, "1900 MB free"],
    [
      "a long transaction",
      { long: [{ pid: 7, name: "report", user: "bi", seconds: 300, state: "active" }] },
      "process 7 (report, user bi)",
    ],
    ["others in maintenance mode", { others: ["web"] }, "other sessions are connected: web"],
    [
      "a revision that changed after it was applied",
      { record: record(["1", "other"]) },
      "1 was applied here with other content",
    ],
    [
      "a record of applied revisions that somebody changed",
      { record: { kind: "chain", revisions: [], broken: "row 3 (revision 2) does not follow" } },
      "row 3 (revision 2) does not follow",
    ],
  ])("refuses %s", (_, change, said) => {
    expect(problemsOf(change)).toEqual([expect.stringContaining(said)])
  })

  it("says everything at once", () => {
    expect(problemsOf({ clientMajor: 14, freeBytes: 0, others: ["web"] })).toHaveLength(3)
  })

  it("warns where a restore would have to be done by hand", () => {
    expect(judgePreflight({ ...fine, server: { ...fine.server, mayCreateDatabases: false } }).warnings).toHaveLength(1)
  })
})

describe("validation", () => {
  const before = {
    revision: ["2"],
    schema: "s",
    rows: { payments: 100, empty: 0 },
    broken: { rule: 0 },
    unchanged: { sum: "7" },
  }
  const check = (now: Partial<typeof before>, differences: string[] = []) =>
    validate({ ...before, ...now }, { revision: ["2"], schema: "s", before }, differences)

  it("finds nothing wrong where nothing changed, and where rows were added", () => {
    expect(check({})).toEqual([])
    expect(check({ rows: { payments: 101, empty: 0 } })).toEqual([])
    expect(check({ rows: { payments: 100, empty: 0 }, unchanged: {} as typeof before.unchanged })).toEqual([])
  })

  it.each<[string, Partial<typeof before>, string]>([
    ["another revision", { revision: ["3"] }, "the revision is 3, expected 2"],
    ["another schema", { schema: "t" }, "the schema is not the one from before"],
    ["a row less", { rows: { payments: 99, empty: 0 } }, "lost 1 of 100 rows"],
    [
      "a table that is gone",
      { rows: { empty: 0 } as unknown as typeof before.rows },
      "payments is gone; it had 100 rows",
    ],
    ["a broken invariant", { broken: { rule: 2 } }, "rule is broken by 2 rows"],
    [
      "an invariant that cannot be asked",
      { broken: { rule: "no column" } as unknown as typeof before.broken },
      "the query of the invariant rule failed: no column",
    ],
    ["a sum that changed", { unchanged: { sum: "8" } }, "sum has changed: 7 before, 8 now"],
  ])("finds %s", (_, now, said) => {
    expect(check(now)).toEqual([expect.stringContaining(said)])
  })

  it("finds where schema and models differ", () => {
    expect(check({}, ["add_column note"])).toEqual(["schema and models differ: add_column note"])
  })

  it("does not take an invariant for broken before that could not be asked yet", () => {
    expect(brokenBefore({ ...before, broken: { rule: "no such table" } })).toEqual([])
    expect(brokenBefore({ ...before, broken: { rule: 1 } })).toHaveLength(1)
  })
})

describe("protected tables", () => {
  it.each([
    ["payments", "public", "payments", true],
    ["*payment*", "public", "old_payments_2", true],
    ["billing.*", "billing", "invoices", true],
    ["billing.*", "public", "invoices", false],
    ["payment", "public", "payments", false],
  ])("%s fits %s.%s: %s", (pattern, schema, name, fits) => {
    expect(isProtected([pattern], schema, name)).toBe(fits)
  })
})

describe("backups", () => {
  const now = new Date("2026-11-22T12:00:00Z")
  const made = (days: number, tested = true): BackupFile => ({
    format: 1,
    name: `b${days}`,
    environment: "e",
    database: "d",
    createdAt: new Date(now.getTime() - days * 86_400_000).toISOString(),
    run: "r",
    revision: [],
    serverVersion: "15",
    file: `b${days}.dump`,
    bytes: 10,
    sha256: "abc",
    encrypted: false,
    versionTable: { name: "alembic_version", schema: null },
    rows: {},
    snapshot: "",
    tested,
  })
  const removed = (backups: BackupFile[]) => expiredBackups(backups, { keep: 2, days: 7 }, now).map(({ name }) => name)

  it("go when they are neither among the newest nor young", () => {
    expect(removed([made(1), made(3), made(5), made(8), made(30)])).toEqual(["b8", "b30"])
    expect(removed([made(20), made(30), made(40)])).toEqual(["b40"])
  })

  it("never go when it is the newest one that was tested", () => {
    expect(removed([made(20, false), made(30, false), made(40), made(50)])).toEqual(["b50"])
  })

  it("are named so that they sort by time, in letters that no shell takes for something else", () => {
    expect(backupName(now, "shop; rm -rf", ["0002"])).toBe("20261122T120000000Z_shop-rm--rf_0002")
  })

  it("are damaged when size or checksum are others, and not judged by a checksum that was not read", () => {
    expect(stateOf(made(1), 10, "abc")).toBe("whole")
    expect(stateOf(made(1), 10, undefined)).toBe("not read")
    expect(stateOf(made(1), 9, undefined)).toBe("damaged")
    expect(stateOf(made(1), 10, "abd")).toBe("damaged")
    expect(stateOf(made(1), undefined, undefined)).toBe("gone")
    expect(stateOf(made(1), 10, null)).toBe("gone")
  })
})
