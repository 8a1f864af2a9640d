import { describe, expect, it } from "vitest"
import { rewriteUrl } from "../../core/database/connect/address.js"
import { readAddress } from "../../core/environment/address.js"
import { readConnectionUrl, readKeywords } from "../../core/shared/connection-url.js"

function read(text: string): string {
  const keywords = readKeywords(text)
  const reading = keywords === null ? readConnectionUrl(text) : { kind: "read" as const, url: keywords }
  if (reading.kind === "unreadable") return reading.why
  const { user, password, hosts, database } = reading.url
  return [
    user,
    password,
    hosts.map(({ host, port }) => (port === "" ? host : `${host} ${port}`)).join(","),
    database,
  ].join("|")
}

describe("a connection's URL", () => {
  // each as PQconninfoParse of libpq 15 reads it
  it.each([
    ["postgresql://till:s3@/till?host=/run/postgresql", "till|s3|/run/postgresql|till"],
    ["postgresql://till:s3@%2Frun%2Fpg:5433/till", "till|s3|/run/pg 5433|till"],
    ["postgresql:///till?host=/run/pg&user=till&password=s%403", "till|s@3|/run/pg|till"],
    ["postgresql://one,two:5433/till", "||one,two 5433|till"],
    ["postgresql://[2001:db8::7]:5432,[::1]/till", "||2001:db8::7 5432,::1|till"],
    ["postgresql://till:s#3?x@db/till", "till|s#3?x|db|till"],
    ["postgresql://till:a:b@db/till", "till|a:b|db|till"],
    ["postgresql://t%40ll:s3@db/t%20ll", "t@ll|s3|db|t ll"],
    ["postgresql://till:s3@db?dbname=till", "till|s3|db|till"],
    ["postgresql://till:s3@/till?host=one,two&port=1,2", "till|s3|one 1,two 2|till"],
    ["postgresql://till:s3@db/till?host=other", "till|s3|other|till"],
    ["postgresql://till:s3@%40abstract/till", "till|s3|@abstract|till"],
    [String.raw`host=/run/pg user = till password='a b\'c' dbname=till`, "till|a b'c|/run/pg|till"],
  ])("is read as libpq reads it: %s", (text, parts) => {
    expect(read(text)).toBe(parts)
  })

  it.each([
    ["postgresql+psycopg://till:a/b@db:5432/till", "till|a/b|db 5432|till"],
    ["postgresql+asyncpg://till:50%off@db/till", "till|50%off|db|till"],
    ["postgresql+psycopg2://till:s3@/till?host=one:5432&host=two:5433", "till|s3|one 5432,two 5433|till"],
    [
      "postgresql+psycopg://till:s3@/till?host=/cloudsql/pay:asia-east1:main",
      "till|s3|/cloudsql/pay:asia-east1:main|till",
    ],
    [
      "postgresql+pg8000://till:s3@/till?unix_sock=/cloudsql/pay:a:main/.s.PGSQL.5432",
      "till|s3|/cloudsql/pay:a:main|till",
    ],
  ])("with a driver is read as SQLAlchemy reads it: %s", (text, parts) => {
    expect(read(text)).toBe(parts)
  })

  it.each([
    ["postgresql://till:a/b@db/till", "has an invalid port"],
    ["postgresql://till:a@b@db/till", "second @"],
    ["postgresql://till:50%off@db/till", "contains a %"],
    ["postgresql://db:70000/till", "has an invalid port"],
    ["postgresql://[::1/till", "characters in its host"],
    ["host=db colour=red", "is not a URL"],
    ["jdbc:postgresql://db:5432/till", "is a JDBC URL: remove jdbc:"],
    ["postgresql://till:s3@%2Fcloudsql%2Fpay:asia-east1:main/till", "write that : as %3A"],
    ["db.internal/till", "is not a URL"],
  ])("that nobody reads as it was meant is none, with the reason: %s", (text, why) => {
    expect(read(text)).toContain(why)
  })

  it("leads to the same server whether its default port is written or not", () => {
    expect(readAddress("postgres://DB.internal/till")?.servers).toEqual(
      readAddress("postgresql+asyncpg://db.internal:5432/till")?.servers,
    )
    expect(readAddress("unix:///run/redis.sock?db=3")).toMatchObject({ hosts: ["/run/redis.sock"], database: "3" })
    expect(readAddress("redis+socket:///run/redis.sock")).toMatchObject({ scheme: "redis", hosts: ["/run/redis.sock"] })
    expect(readAddress("rediss://:s3@one:6379,two:6379/0")?.hosts).toEqual(["one", "two"])
  })

  it("is rewritten where its host stands among the parameters", () => {
    expect(
      rewriteUrl("postgresql+psycopg://till:a%40b@/till?host=db&port=5433&sslmode=require", { host: "127.0.0.1" }),
    ).toBe("postgresql+psycopg://till:a%40b@127.0.0.1:5433/till?sslmode=require")
    expect(rewriteUrl("postgresql://till:a#b@[::1]:5433/till", { database: "copy 2" })).toBe(
      "postgresql://till:a#b@[::1]:5433/copy%202",
    )
    expect(rewriteUrl("postgresql://till@db?dbname=till", { database: "copy" })).toBe("postgresql://till@db/copy")
    expect(rewriteUrl("postgresql://till@db/till", { host: "::1", port: 6000 })).toBe(
      "postgresql://till@[::1]:6000/till",
    )
  })
})
