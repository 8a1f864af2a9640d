import { describe, expect, test } from "vitest"
import type { Ignore } from "../../core/config/scan.js"
import { judgeFindings } from "../../core/scan/judge.js"
import type { Finding } from "../../core/scan/result.js"
import { matchesPathOrFolder } from "../../core/shared/path-pattern.js"
import { debian, defaults, NOW, trivyReport, vulnerability } from "./scan-samples.js"

const entry = (more: Partial<Ignore> = {}): Ignore => ({
  id: "CVE-2024-1135",
  reason: "behind a proxy",
  until: "2027-05-31",
  ...more,
})

const inLockfile = vulnerability("CVE-2024-1135", "gunicorn", "21.2.0", { VendorIDs: ["GHSA-w3h3-4rj7-4ph4"] })
const lockfiles = trivyReport([
  { Target: "requirements.txt", Class: "lang-pkgs", Type: "pip", Vulnerabilities: [inLockfile] },
])
const image = trivyReport(
  [
    {
      Target: "Python",
      Class: "lang-pkgs",
      Type: "python-pkg",
      Vulnerabilities: [{ ...inLockfile, PkgPath: "opt/venv/gunicorn.dist-info/METADATA" }],
    },
  ],
  debian,
)

function judge(ignore: Ignore[], more: { settings?: object; complete?: boolean; both?: boolean; now?: Date } = {}) {
  return judgeFindings({
    settings: { ...defaults, ignore, ...more.settings },
    app: "services/payments",
    reports:
      more.both === true
        ? [
            ["image", image],
            ["lockfiles", lockfiles],
          ]
        : [["lockfiles", lockfiles]],
    complete: more.complete ?? true,
    baseline: null,
    now: more.now ?? NOW,
  })
}

const dispositions = (ignore: Ignore[], more = {}) =>
  judge(ignore, more).findings.map((finding) => finding.disposition.kind)

describe("an ignore", () => {
  test("covers a finding, with its reason", () => {
    expect(judge([entry()]).findings[0]?.disposition).toEqual({
      kind: "ignored",
      reason: "behind a proxy",
      until: "2027-05-31",
    })
  })

  test.each([
    ["by an alias of its id", { id: "ghsa-w3h3-4rj7-4ph4" }],
    ["in its package, however it is spelled", { package: "Gunicorn" }],
    ["in a file", { paths: ["requirements.txt"] }],
    ["in a file, from the top of the source", { paths: ["services/**/requirements.txt"] }],
    ["in a folder", { paths: ["services/payments/"] }],
  ])("covers it %s", (_, more) => expect(dispositions([entry(more)])).toEqual(["ignored"]))

  test.each([
    ["another id", { id: "CVE-2024-11350" }],
    ["another package", { package: "uvicorn" }],
    ["another file", { paths: ["requirements-test.txt"] }],
    ["a part of the package name", { package: "gunicor" }],
  ])("of %s does not cover it, and is not used", (_, more) => {
    const { findings, warnings } = judge([entry(more)])
    expect(findings[0]?.disposition.kind).toBe("blocking")
    expect(warnings).toMatchObject([{ code: "ignore-unused" }])
  })

  test("of one place does not cover the other: the finding in the image still blocks", () => {
    expect(dispositions([entry({ paths: ["requirements.txt"] })], { both: true })).toEqual(["blocking"])
    expect(
      dispositions([entry({ paths: ["requirements.txt"] }), entry({ paths: ["opt/venv/**"] })], { both: true }),
    ).toEqual(["ignored"])
  })

  test("is valid through its last day, in UTC, and fails the gate on the next", () => {
    const until = { until: "2026-11-22" }
    expect(dispositions([entry(until)], { now: new Date("2026-11-22T23:59:59Z") })).toEqual(["ignored"])
    const { findings, reasons } = judge([entry(until)], { now: new Date("2026-11-23T00:00:00Z") })
    expect(findings[0]?.disposition.kind).toBe("blocking")
    expect(reasons).toMatchObject([{ code: "ignore-expired" }])
    expect(reasons[0]?.message).toBe(
      "the ignore of CVE-2024-1135 expired on 2026-11-22 (“behind a proxy”); it is still found",
    )
  })

  test("that has expired fails the gate even if its finding is gone", () => {
    expect(judge([entry({ id: "CVE-1999-0001", until: "2026-01-01" })]).reasons).toMatchObject([
      {
        code: "ignore-expired",
        message: expect.stringContaining("no longer found"),
        next: "remove it from scan.ignore",
      },
    ])
  })

  test("that has expired is not called unneeded if a scan did not complete", () => {
    const [reason] = judge([entry({ id: "CVE-1999-0001", until: "2026-01-01" })], { complete: false }).reasons
    expect(reason?.message).toContain("not every scan completed, so it may still be there")
    expect(reason?.next).not.toContain("remove")
  })

  test("is a warning from two weeks before it expires", () => {
    const warning = (until: string) => judge([entry({ until })]).warnings.map((one) => one.message)
    expect(warning("2026-12-07")).toEqual([])
    expect(warning("2026-12-06")).toEqual(["the ignore of CVE-2024-1135 expires after 2026-12-06: 14 days left"])
    expect(warning("2026-11-22")).toEqual([
      "the ignore of CVE-2024-1135 expires after 2026-11-22: today is the last day",
    ])
  })

  test("is not called unused if a scan did not complete", () => {
    expect(judge([entry({ id: "CVE-1999-0001" })], { complete: false }).warnings).toEqual([])
  })
})

describe("a blocking finding", () => {
  const only = (more: object, settings: object) =>
    judgeFindings({
      settings: { ...defaults, ...settings },
      app: ".",
      complete: true,
      baseline: null,
      now: NOW,
      reports: [
        [
          "lockfiles",
          trivyReport([
            { Target: "r.txt", Class: "lang-pkgs", Vulnerabilities: [vulnerability("CVE-1", "a", "1", more)] },
          ]),
        ],
      ],
    }).findings[0]?.disposition.kind

  test.each([
    ["CRITICAL", "critical", "blocking"],
    ["HIGH", "critical", "below-threshold"],
    ["UNKNOWN", "critical", "below-threshold"],
    ["HIGH", "high", "blocking"],
    ["MEDIUM", "high", "below-threshold"],
    ["LOW", "low", "blocking"],
    ["UNKNOWN", "low", "below-threshold"],
    ["UNKNOWN", "unknown", "blocking"],
  ])("%s with failOn %s is %s", (Severity, failOn, kind) => expect(only({ Severity }, { failOn })).toBe(kind))

  test("may have no fix, unless scan.ignoreUnfixed is set", () => {
    expect(only({ FixedVersion: "" }, {})).toBe("blocking")
    expect(only({ FixedVersion: "" }, { ignoreUnfixed: true })).toBe("unfixed")
    expect(only({}, { ignoreUnfixed: true })).toBe("blocking")
  })

  test("may be a secret, which never has a fixed version", () => {
    const reports: Parameters<typeof judgeFindings>[0]["reports"] = [
      [
        "repository",
        trivyReport([{ Target: "a.py", Class: "secret", Secrets: [{ RuleID: "private-key", Severity: "CRITICAL" }] }]),
      ],
    ]
    const { findings } = judgeFindings({
      settings: { ...defaults, ignoreUnfixed: true },
      app: ".",
      complete: true,
      baseline: null,
      now: NOW,
      reports,
    })
    expect(findings[0]?.disposition.kind).toBe("blocking")
  })
})

describe("a pattern of files", () => {
  test.each([
    ["tests/keys/a.pem", "tests/keys/*.pem", true],
    ["tests/keys/deep/a.pem", "tests/keys/*.pem", false],
    ["tests/keys/deep/a.pem", "tests/**/*.pem", true],
    ["tests/a.pem", "tests/**/*.pem", true],
    ["tests/keys/a.pem", "tests", true],
    ["tests/keys/a.pem", "tests/", true],
    ["tests2/a.pem", "tests", false],
    ["a/b/c", "**", true],
    ["a/b/c", "**/c", true],
    ["app/a+b.py", "app/a+b.py", true],
    ["app/aab.py", "app/a+b.py", false],
    ["a1.txt", "a?.txt", true],
    ["x/key", "**/keys/**", false],
    ["app/[slug]/page.ts", "app/[slug]", true],
    ["app/s/page.ts", "app/[slug]", false],
    ["app/(shop)/page.ts", "app/(shop)/*.ts", true],
  ])("%s against %s: %s", (path, pattern, expected) => expect(matchesPathOrFolder(path, pattern)).toBe(expected))
})

describe("ignores that end", () => {
  const gone = { id: "CVE-1999-0001" }
  const messages = (ignore: Ignore[], complete = true) => {
    const { reasons, warnings } = judge(ignore, { complete })
    return [...reasons.map(({ message, next }) => `${message} → ${next}`), ...warnings.map(({ message }) => message)]
  }
  const REMOVE = "remove it from scan.ignore"
  const UPDATE = "update the package, or set a later day in scan.ignore"

  test.each<[string, Partial<Ignore>, boolean, string, string]>([
    ["a finding that is still there", {}, true, "it is still found", UPDATE],
    ["a finding of a scan that did not complete", {}, false, "it is still found", UPDATE],
    ["a finding that is gone", gone, true, "it is no longer found", REMOVE],
    ["one that may be gone", gone, false, "not every scan completed, so it may still be there", UPDATE],
  ])("have an action when they have ended: %s", (_, more, complete, still, next) => {
    const ended = entry({ ...more, until: "2026-11-21" })
    expect(messages([ended], complete)).toEqual([
      `the ignore of ${ended.id} expired on 2026-11-21 (“behind a proxy”); ${still} → ${next}`,
    ])
  })

  test("are told apart from those that hold: one that has ended fails the gate, the others warn", () => {
    const [ended, soon] = [entry({ until: "2026-11-21" }), entry({ until: "2026-11-23", package: "gunicorn" })]
    for (const both of [
      [ended, soon],
      [soon, ended],
    ]) {
      const { findings, reasons, warnings } = judge(both)
      expect(findings[0]?.disposition.kind).toBe("ignored")
      expect(reasons.map(({ code }) => code)).toEqual(["ignore-expired"])
      expect(warnings).toEqual([
        {
          code: "ignore-ends-soon",
          message: "the ignore of CVE-2024-1135 in gunicorn expires after 2026-11-23: 1 day left",
        },
      ])
    }
  })

  test("are named with their package, also where their finding is gone", () => {
    expect(messages([entry({ ...gone, package: "gunicorn" })])).toEqual([
      "CVE-1999-0001 in gunicorn is no longer found: remove it from scan.ignore",
    ])
    // nothing is soon of one that is not needed
    expect(messages([entry({ ...gone, until: "2026-11-23" })])).toEqual([
      "CVE-1999-0001 is no longer found: remove it from scan.ignore",
    ])
    expect(messages([entry({ ...gone, until: "2026-11-23" })], false)).toEqual([])
  })
})

describe("the change since a baseline", () => {
  const since = (baseline: Finding[] | null) =>
    judgeFindings({
      settings: defaults,
      app: ".",
      reports: [["lockfiles", lockfiles]],
      complete: true,
      baseline: baseline === null ? null : { format: 2, startedAt: "2026-11-20T09:14:00Z", findings: baseline },
      now: NOW,
    }).change
  test("is what came and what went, and nothing without one", () => {
    expect(since([])).toMatchObject({ since: "2026-11-20T09:14:00Z", added: [{ id: "CVE-2024-1135" }], gone: [] })
    expect(since(judge([]).findings)).toMatchObject({ added: [], gone: [] })
    expect(since(null)).toBeNull()
  })
})

test("only a vulnerability may be without a fix: a misconfiguration blocks though it has none", () => {
  const { findings } = judgeFindings({
    settings: { ...defaults, ignoreUnfixed: true },
    app: ".",
    complete: true,
    baseline: null,
    now: NOW,
    reports: [
      [
        "repository",
        trivyReport([
          {
            Target: "Dockerfile",
            Class: "config",
            Misconfigurations: [{ ID: "DS-0002", Severity: "CRITICAL", Status: "FAIL", Message: "no USER" }],
          },
        ]),
      ],
    ],
  })
  expect(findings.map(({ disposition }) => disposition.kind)).toEqual(["blocking"])
})
