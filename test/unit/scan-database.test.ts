import { describe, expect, test } from "vitest"
import { downloadProblem, hours, isSmallDatabase, judgeDatabase } from "../../core/scan/database-verdict.js"
import { NOW } from "./scan-samples.js"

const PLACE = "ghcr.io/aquasecurity/trivy-db:2"
const metadata = (UpdatedAt: string, Version = 2) =>
  JSON.stringify({ Version, UpdatedAt, NextUpdate: "2026-11-23T00:00:00Z", DownloadedAt: "2026-11-22T11:59:00Z" })

function judge(text: string | null, maxAge = 24) {
  const verdict = judgeDatabase(PLACE, text, maxAge, NOW)
  return verdict.kind === "ready" ? verdict.database : `${verdict.reason.code}: ${verdict.reason.message}`
}

describe("a vulnerability database", () => {
  test("that is recent enough is used, with its age", () => {
    expect(judge(metadata("2026-11-22T06:00:00.060322886Z"))).toMatchObject({
      repository: PLACE,
      ageHours: expect.closeTo(6, 3),
    })
  })

  test("is judged by when it was built, not by when it was downloaded", () => {
    expect(judge(metadata("2026-11-21T11:00:00Z"))).toBe(
      `database-stale: the database ${PLACE} is 25 h old; scan.maxDatabaseAge is 24 h. It has no vulnerabilities published since`,
    )
    expect(judge(metadata("2026-11-21T11:00:00Z"), 48)).toMatchObject({ ageHours: 25 })
  })

  test("of exactly scan.maxDatabaseAge is used", () => {
    expect(judge(metadata("2026-11-21T12:00:00Z"))).toMatchObject({ ageHours: 24 })
  })

  test("with a build time in the future is not used, because it would never become too old", () => {
    expect(judge(metadata("2099-01-01T00:00:00Z"))).toContain("database-ahead")
    expect(judge(metadata("2026-11-22T12:30:00Z")), "a clock may run slightly behind").toMatchObject({ ageHours: -0.5 })
  })

  test("with another schema version is not used", () => {
    expect(judge(metadata("2026-11-22T06:00:00Z", 1))).toBe(
      `database-schema: the database ${PLACE} has schema version 1; Trivy 0.69 reads version 2`,
    )
    expect(judge(metadata("2026-11-22T06:00:00Z", 3))).toContain("database-schema")
  })

  test.each([
    ["no metadata.json", null],
    ["something else", "<html>"],
    ["nothing", ""],
    ["an empty object", "{}"],
    ["no time", '{"Version":2}'],
    ["an invalid time", '{"Version":2,"UpdatedAt":"yesterday"}'],
  ])("with %s is not one", (_, text) =>
    expect(judge(text)).toContain(`database-unreadable: ${PLACE} is not a Trivy vulnerability database`),
  )
})

describe("a download that failed", () => {
  const fatal = (message: string) =>
    `2026-11-22T12:46:10Z\tINFO\t[vulndb] Downloading vulnerability DB...\n2026-11-22T12:46:10Z\tFATAL\tFatal error\trun error: init error: DB error: failed to download vulnerability DB: OCI artifact error: failed to download vulnerability DB: failed to download artifact from any source: ${message}\n`
  test.each([
    [
      "database-unreachable",
      '1 error occurred:\n\t* Get "http://10.88.0.1:5001/v2/": dial tcp 10.88.0.1:5001: connect: connection refused\n\n',
    ],
    ["database-unreachable", 'Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 10.88.0.1:53: no such host'],
    [
      "database-unreachable",
      'Get "https://ghcr.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
    ["database-missing", "GET http://10.88.0.1:5000/v2/tollgate/none/manifests/2: MANIFEST_UNKNOWN: manifest unknown"],
    [
      "database-missing",
      "GET http://10.88.0.1:5000/v2/tollgate/none/manifests/2: NAME_UNKNOWN: repository name not known to registry",
    ],
    ["database-denied", "GET https://ghcr.io/token?scope=repository: DENIED: denied"],
    ["database-denied", "GET https://ghcr.io/v2/aquasecurity/trivy-db/manifests/2: TOOMANYREQUESTS: retry-after: 1ms"],
    ["database-unreadable", "unacceptable media type: application/vnd.oci.image.layer.v1.tar+gzip"],
    ["database-unreadable", "OCI artifact must be a single layer"],
  ])("says %s of %s", (code, message) => {
    const reason = downloadProblem(PLACE, fatal(message))
    expect(reason.code).toBe(code)
    expect(reason.message).toContain(PLACE)
    expect(reason.message).not.toMatch(/\n|FATAL|INFO/)
    expect(reason.next).not.toBe("")
  })

  test("keeps the end of Trivy's error, which is the cause", () => {
    expect(
      downloadProblem(PLACE, fatal('Get "http://h:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused')).message,
    ).toMatch(/connect: connection refused$/)
  })
})

test("ages are in minutes, hours or days", () => {
  expect([0.2, 0, 1, 3.26, 25, 47.9, 72, 720].map(hours)).toEqual([
    "12 min",
    "0 min",
    "1 h",
    "3.3 h",
    "25 h",
    "48 h",
    "3 days",
    "30 days",
  ])
})

test("the small database is recognised by the name under which the engine publishes it", () => {
  expect(isSmallDatabase("10.88.0.1:5000/tollgate/small-trivy-db:2")).toBe(true)
  expect(isSmallDatabase(PLACE)).toBe(false)
})
