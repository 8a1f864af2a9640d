import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { z } from "zod"
import { codeQuality } from "../../core/ci/code-quality.js"
import { parseSettings } from "../../core/config/parse.js"
import { migrationsOutcome } from "../../core/database/plan/outcome.js"
import { type Located, pathInSource } from "../../core/gate/located.js"
import { gitlabPipeline } from "../../core/init/gitlab.js"
import { wrapperOf } from "../../core/init/wrapper.js"
import { testOutcome } from "../../core/report/outcome.js"
import { containerScanning } from "../../core/scan/gitlab.js"
import { scanOutcome } from "../../core/scan/outcome.js"
import type { JudgedFinding, ScanResult } from "../../core/scan/result.js"
import { aStatus, ended } from "./ci-samples.js"
import * as migrations from "./plan-samples.js"
import { aFailedTest, allGreen, aResult, aSuite, attack } from "./qa-result-samples.js"
import { judged, place, result, secret } from "./scan-samples.js"

/** What docs.gitlab.com/ci/testing/code_quality asks of each entry. */
const quality = z.array(
  z.strictObject({
    description: z.string().min(1),
    check_name: z.string().min(1),
    fingerprint: z.string().min(1),
    severity: z.enum(["info", "minor", "major", "critical", "blocker"]),
    location: z.strictObject({
      path: z.string().regex(/^[^/.]/),
      lines: z.strictObject({ begin: z.int().min(1) }),
    }),
  }),
)

const text = z.string().min(1)
const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/)
const url = z.string().regex(/^(https?|ftp):\/\/.+/)
const vendor = z.strictObject({ name: text })
/** The fields of container-scanning-report-format.json 15.0.7 that are used, with its limits. */
const container = z.strictObject({
  version: z.literal("15.0.7"),
  scan: z.strictObject({
    analyzer: z.strictObject({ id: text, name: text, version: text, vendor }),
    scanner: z.strictObject({ id: text, name: text, version: text, vendor }),
    type: z.literal("container_scanning"),
    start_time: time,
    end_time: time,
    status: z.enum(["success", "failure"]),
    messages: z.array(z.strictObject({ level: z.enum(["info", "warn", "fatal"]), value: text })),
  }),
  vulnerabilities: z.array(
    z.strictObject({
      id: text,
      name: z.string().max(255),
      description: z.string().max(1_048_576),
      severity: z.enum(["Info", "Unknown", "Low", "Medium", "High", "Critical"]),
      solution: z.string().max(7000).optional(),
      identifiers: z.array(z.strictObject({ type: text, name: text, value: text, url: url.optional() })).min(1),
      links: z.array(z.strictObject({ url })),
      location: z.strictObject({
        dependency: z.strictObject({ package: z.strictObject({ name: z.string() }), version: z.string() }),
        operating_system: text,
        image: text,
      }),
    }),
  ),
})

const qualityOf = (status: ReturnType<typeof aStatus>, found: Record<string, readonly Located[]>) =>
  quality.parse(JSON.parse(codeQuality(status, new Map(Object.entries(found)))))
const failing = (found: readonly Located[]) => qualityOf(aStatus(), { test: found })
const failed = (id: string, line: number, message: string) =>
  aSuite("e2e", {
    tests: [aFailedTest(id, message)],
    reasons: [{ code: "test-failed", file: "tests/test_pay.py", line, test: id, message }],
  })
const ofSuites = (...suites: ReturnType<typeof failed>[]) =>
  testOutcome(aResult(suites, { app: "services/pay" })).located ?? []
const ofScan = (...findings: JudgedFinding[]) => scanOutcome(result({ findings })).located ?? []
const found = (more: Partial<JudgedFinding> = {}): JudgedFinding => ({
  ...secret("shop/keys.py", 3),
  disposition: { kind: "blocking" },
  ...more,
})

describe("gl-code-quality.json", () => {
  it("is empty for a run in which every gate passed and found nothing", () => {
    expect(qualityOf(aStatus(), { test: testOutcome(allGreen).located ?? [] })).toEqual([])
  })

  it("has a failed test at the line in the app's own code, from the top of the repository", () => {
    const [one, ...others] = failing(ofSuites(failed("tests/test_pay.py::test_once", 41, "assert 1 == 2")))
    expect(others).toEqual([])
    expect(one).toMatchObject({
      description: "e2e: tests/test_pay.py::test_once: assert 1 == 2",
      check_name: "test/test-failed",
      severity: "critical",
      location: { path: "services/pay/tests/test_pay.py", lines: { begin: 41 } },
    })
  })

  it("keeps the fingerprint of what only moved or failed with other words, and tells two findings of one kind apart", () => {
    const prints = (...found: readonly Located[]) => failing(found).map(({ fingerprint }) => fingerprint)
    const [before = ""] = prints(...ofSuites(failed("tests/test_pay.py::test_once", 41, "order 17 is unpaid")))
    expect(prints(...ofSuites(failed("tests/test_pay.py::test_once", 44, "order 18 is unpaid")))).toEqual([before])
    expect(prints(...ofSuites(failed("tests/test_pay.py::test_twice", 41, "order 17 is unpaid")))).not.toEqual([before])
    const twice = [found(), found({ places: [place("repository", "shop/keys.py", 9)] })]
    expect(new Set(prints(...ofScan(...twice))).size).toBe(2)
  })

  it("has secrets and misconfiguration of the repository by their severity, and none that is ignored or only in the image", () => {
    const entries = failing(
      ofScan(
        found(),
        found({
          kind: "misconfiguration",
          id: "DS-0002",
          severity: "high",
          places: [place("repository", "Dockerfile")],
        }),
        found({ disposition: { kind: "ignored", reason: "a test key", until: "2027-01-01" } }),
        found({ places: [place("image", "srv/key.pem", 1)] }),
        judged(),
      ),
    )
    expect(entries.map(({ check_name, severity, location }) => [check_name, severity, location])).toEqual([
      ["test/aws-access-key-id", "blocker", { path: "shop/keys.py", lines: { begin: 3 } }],
      ["test/DS-0002", "critical", { path: "Dockerfile", lines: { begin: 1 } }],
    ])
  })

  it("has the lint of new revisions, but not what is accepted or, without a base, what is of a single one", () => {
    const all = [
      migrations.finding("column-dropped"),
      migrations.finding("squawk/prefer-text-field", { severity: "warning" }),
      migrations.finding("table-dropped", { accepted: "nothing reads it" }),
      migrations.finding("several-heads", { revision: null, file: null }),
    ]
    const lint = (fromEmpty: string | null) =>
      migrationsOutcome({ plan: migrations.plan({ app: ".", findings: all }), fromEmpty }).located ?? []
    expect(lint(null).map(({ check, weight, path, line }) => [check, weight, path, line])).toEqual([
      ["column-dropped", "critical", "migrations/versions/0003.py", 11],
      ["squawk/prefer-text-field", "minor", "migrations/versions/0003.py", 11],
    ])
    expect(lint("the base is unknown")).toEqual([])
  })

  it("names each gate that did not pass and names no file, so that nothing looks resolved without a reason", () => {
    const status = aStatus({
      image: ended({ verdict: "failed", words: "1 problem" }),
      scan: ended({ verdict: "inconclusive", words: "the database is old" }),
      load: { kind: "skipped", why: "image did not pass" },
    })
    expect(
      qualityOf(status, {}).map(({ check_name, severity, description, location }) => [
        check_name,
        severity,
        description,
        location.path,
      ]),
    ).toEqual([
      ["image/failed", "critical", "image failed: 1 problem", "tollgate.yaml"],
      ["scan/inconclusive", "major", "scan is inconclusive: the database is old", "tollgate.yaml"],
      ["load/skipped", "info", "load skipped: image did not pass", "tollgate.yaml"],
    ])
  })

  it("has no file outside of the source, and no more of a message than a list can show", () => {
    expect(pathInSource(".", "/usr/lib/python3/json.py")).toBeNull()
    expect(pathInSource("services/pay", "../shared/money.py")).toBe("services/shared/money.py")
    expect(pathInSource(".", "../other/money.py")).toBeNull()
    const [one] = failing(ofSuites(failed("tests/test_pay.py::test_once", 1, `${attack}${"x".repeat(100_000)}`)))
    expect(one?.description.length).toBeLessThan(2100)
    expect(one?.description).not.toMatch(/[\n\u001b\u0000]/)
  })
})

const scan = (more: Partial<ScanResult>, imageName: string | null = "ghcr.io/acme/shop") => {
  const written = containerScanning({ result: result(more), imageName, endedAt: "2026-11-22T12:01:30.250Z" })
  return written === null ? null : container.parse(JSON.parse(written))
}
const inImage = (more: Partial<JudgedFinding> = {}) => judged({ places: [place("image", "debian 12.15")], ...more })

describe("gl-container-scanning.json", () => {
  it("has the image's vulnerabilities in the form of GitLab's schema, with the version that fixes each", () => {
    const report = scan({ findings: [inImage()] })
    expect(report?.scan).toMatchObject({
      scanner: { id: "trivy", version: "0.69.0" },
      start_time: "2026-11-22T12:00:00",
      end_time: "2026-11-22T12:01:30",
      status: "success",
      messages: [],
    })
    expect(report?.vulnerabilities).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        name: "Gunicorn: request smuggling",
        description: "Gunicorn: request smuggling",
        severity: "Critical",
        solution: "Upgrade gunicorn to 22.0.0.",
        identifiers: [
          {
            type: "cve",
            name: "CVE-2024-1135",
            value: "CVE-2024-1135",
            url: "https://avd.aquasec.com/nvd/cve-2024-1135",
          },
          { type: "ghsa", name: "GHSA-w3h3-4rj7-4ph4", value: "GHSA-w3h3-4rj7-4ph4" },
        ],
        links: [{ url: "https://avd.aquasec.com/nvd/cve-2024-1135" }],
        location: {
          dependency: { package: { name: "gunicorn" }, version: "21.2.0" },
          operating_system: "debian 12.15",
          image: "ghcr.io/acme/shop",
        },
      },
    ])
  })

  it("has no finding of a lockfile alone, no secret, and none that scan.ignore accepts", () => {
    const report = scan({
      findings: [
        judged(),
        found({ places: [place("image", "srv/key.pem", 1)] }),
        inImage({ disposition: { kind: "ignored", reason: "not reachable", until: "2027-01-01" } }),
        inImage({ id: "CVE-1", severity: "unknown", fixed: null, url: null, disposition: { kind: "unfixed" } }),
      ],
    })
    expect(
      report?.vulnerabilities.map(({ identifiers, severity, solution }) => [identifiers[0]?.value, severity, solution]),
    ).toEqual([["CVE-1", "Unknown", undefined]])
  })

  it("is not written where no image was scanned, and says of an incomplete scan that it failed", () => {
    expect(scan({ image: null })).toBeNull()
    const stale = scan({ reasons: [{ code: "database-stale", message: "it is 9 days old", next: "Retry." }] })
    expect(stale?.scan).toMatchObject({
      status: "failure",
      messages: [{ level: "fatal", value: "database-stale: it is 9 days old" }],
    })
    expect(scan({ scanned: [], trivyVersion: "" })?.scan).toMatchObject({ status: "failure" })
    const expired = [{ code: "ignore-expired" as const, message: "the ignore of X expired", next: "" }]
    expect(scan({ reasons: expired })?.scan.status).toBe("success")
  })

  it("is valid whatever an advisory says, and without an image's name or an operating system", () => {
    const report = scan({ findings: [inImage({ title: attack.repeat(50), url: "javascript:alert(1)" })] }, null)
    expect(report?.vulnerabilities[0]?.links).toEqual([])
    expect(report?.vulnerabilities[0]?.location.image).toBe("examples/payments")
    const [image] = result().scanned
    const none = scan({ scanned: image === undefined ? [] : [{ ...image, os: null }], findings: [inImage()] })
    expect(none?.vulnerabilities[0]?.location.operating_system).toBe("unknown")
  })
})

it("GitLab's pipeline passes both on as reports, from where the report has them", () => {
  const settings = parseSettings("qa: { suites: { e2e: { files: [tests/test_a.py] } } }\n")
  const pipeline = parse(
    gitlabPipeline(wrapperOf(settings, { module: "github.com/acme/tollgate@1", dagger: "0.21.8" })),
  )
  expect(pipeline.tollgate.artifacts.reports).toMatchObject({
    codequality: "tollgate-report/ci/gl-code-quality.json",
    container_scanning: "tollgate-report/ci/scan/gl-container-scanning.json",
  })
})
