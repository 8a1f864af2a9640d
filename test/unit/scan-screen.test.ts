import { describe, expect, test } from "vitest"
import { displayWidth } from "../../core/presentation/columns.js"
import { scanHtml } from "../../core/scan/html.js"
import { scanMarkdown } from "../../core/scan/markdown.js"
import type { ReasonCode, ScanResult, WarningCode } from "../../core/scan/result.js"
import { scanScreen } from "../../core/scan/screen.js"
import { threshold, verdictLine, whyTitle } from "../../core/scan/verdict.js"
import { judged, place, result, secret } from "./scan-samples.js"

const screen = (more: Partial<ScanResult>) => scanScreen(result(more), { report: "tollgate-report/scan/report.html" })
const reason = (code: ReasonCode, message: string, next = "") => ({ code, message, next })
const hostile = "\u001b[31m##[error]\u202e<script>alert(1)</script> | `x` @somebody\n::error::"

const everything = result({
  findings: [
    ...Array.from({ length: 60 }, (_, index) =>
      judged({
        id: `CVE-2024-${1000 + index}`,
        places: [
          place("lockfiles", `very/long/folder/${"x".repeat(60)}/requirements.txt`, index + 1),
          place("image", "opt/x"),
        ],
      }),
    ),
    ...Array.from({ length: 30 }, (_, index) =>
      judged({ id: `CVE-2023-${1000 + index}`, severity: "low", disposition: { kind: "below-threshold" } }),
    ),
    judged({ id: "CVE-unfixed", disposition: { kind: "unfixed" } }),
    { ...secret(hostile, 3), title: hostile, disposition: { kind: "blocking" } },
    judged({
      id: hostile,
      package: hostile,
      title: hostile,
      installed: hostile,
      fixed: null,
      disposition: { kind: "ignored", reason: hostile, until: "2027-01-01" },
    }),
  ],
  reasons: Array.from({ length: 9 }, (_, index) =>
    reason("ignore-expired", `entry ${index} ${"had a very long explanation ".repeat(20)}`, "decide anew"),
  ),
  warnings: Array.from({ length: 20 }, (_, index): { code: WarningCode; message: string } => ({
    code: "ignore-unused",
    message: `warning ${index} ${hostile} ${"word ".repeat(60)}`,
  })),
  change: {
    since: "2026-11-20T09:14:00Z",
    added: Array.from({ length: 30 }, () => judged({})),
    gone: [judged({ package: hostile })],
  },
})

describe("the screen of a scan", () => {
  test("that passed says what was scanned, with which database, and what does not block", () => {
    const text = screen({
      findings: [
        judged({ severity: "high", disposition: { kind: "below-threshold" } }),
        judged({ id: "CVE-2", disposition: { kind: "ignored", reason: "r", until: "2027-01-01" } }),
      ],
    })
    expect(text).toBe(`Tollgate 0.1.0 · scan · examples/payments · source 111111111111 · image aaaaaaaaaaaa
image: debian 12.15, 119 system packages, 37 libraries, secrets
lockfiles: 35 packages in 1 file
repository: secrets, 1 configuration file
database: ghcr.io/aquasecurity/trivy-db:2, 3 h old, at most 24 h allowed

          critical  high  medium  low  unknown
found            1     1       0    0        0
blocking         0     0       0    0        0
ignored          1     0       0    0        0

Full report: tollgate-report/scan/report.html

PASSED: no critical finding in 156 packages of the image; 1 below the threshold, 1 ignored
`)
  })

  test("that failed shows each blocking finding with its fix and the place to fix it", () => {
    const text = screen({
      findings: [
        judged({
          places: [place("image", "opt/venv/gunicorn.dist-info/METADATA"), place("lockfiles", "requirements.txt", 3)],
        }),
        judged({
          id: "CVE-2023-45853",
          package: "zlib1g",
          installed: "1:1.2.13.dfsg-1",
          fixed: null,
          status: "will_not_fix",
          places: [place("image", "debian 12.15")],
        }),
        { ...secret("app/settings.py", 7), disposition: { kind: "blocking" } },
      ],
    })
    expect(text).toContain(`Blocking findings (critical)
severity  id                 package   installed        fixed in   where
critical  CVE-2024-1135      gunicorn  21.2.0           22.0.0     requirements.txt:3 +1
critical  CVE-2023-45853     zlib1g    1:1.2.13.dfsg-1  won't fix  image: debian 12.15
critical  aws-access-key-id  secret                                app/settings.py:7
`)
    expect(text.trimEnd().split("\n").at(-1)).toBe("FAILED: 3 critical findings")
  })

  test("is inconclusive if nothing could be scanned", () => {
    const text = screen({
      scanned: [],
      database: { repository: "db:2", updatedAt: null, ageHours: null },
      reasons: [
        reason(
          "database-unreachable",
          "could not download the vulnerability database from db:2: refused",
          "name a mirror",
        ),
      ],
    })
    expect(text).toContain("database: db:2, not usable")
    expect(text).toContain(
      "  database-unreachable: could not download the vulnerability database from db:2: refused\n    → name a mirror\n",
    )
    expect(text).toMatch(/Why it is inconclusive[^]*\nINCONCLUSIVE: the vulnerability database cannot be downloaded\n$/)
    expect(text).not.toMatch(/PASSED/)
  })

  test("says what is new and what is gone since the baseline", () => {
    expect(
      screen({
        change: {
          since: "2026-11-20T09:14:00Z",
          added: [judged({})],
          gone: [judged({ id: "CVE-1", package: "jinja2", severity: "medium" })],
        },
      }),
    ).toContain(
      "Since the baseline of 2026-11-20 09:14 UTC: 1 new, 1 gone\n  new   critical  CVE-2024-1135  gunicorn\n  gone  medium  CVE-1  jinja2\n",
    )
  })

  test("does not count packages that were not checked", () => {
    const { scanned } = result({})
    expect(
      screen({
        scanned: scanned.slice(0, 1).map((one) => ({ ...one, vulnerabilities: false, osPackages: 0, libraries: [] })),
      }),
    ).toContain("\nimage: debian 12.15, packages not checked, secrets\n")
  })

  test("says that it did not scan for vulnerabilities", () => {
    expect(screen({ database: null, scanned: [] })).toContain("database: none; not scanned for vulnerabilities")
  })

  test.each([
    ["everything", everything],
    ["nothing", result({})],
    ["reasons alone", result({ reasons: everything.reasons })],
    ["findings alone", result({ findings: everything.findings })],
  ])("of %s is one screen", (_, one) => {
    const lines = scanScreen(one, { report: "r" }).trimEnd().split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(100)
    expect(lines.at(-1)).toMatch(/^(PASSED|FAILED): /)
  })

  test("has no control characters and no CI commands", () => {
    const text = scanScreen(everything, { report: "r" })
    expect(text).not.toMatch(/[\x00-\x08\x1b\u202e]|##\[|^::/m)
  })
})

describe("the verdict", () => {
  test.each([
    ["critical", "FAILED: 1 critical finding"],
    ["high", "FAILED: 1 finding of high or above"],
    ["unknown", "FAILED: 1 finding of any severity"],
  ] as const)("with failOn %s is %s", (failOn, line) => {
    const one = result({ findings: [judged({})] })
    expect(verdictLine({ ...one, settings: { ...one.settings, failOn } })).toBe(line)
  })

  test("says in which packages there is no finding", () => {
    const { scanned, settings } = result({})
    expect(verdictLine(result({}))).toBe("PASSED: no critical finding in 156 packages of the image")
    expect(verdictLine(result({ scanned: scanned.slice(1) }))).toBe(
      "PASSED: no critical finding in 35 packages of the lockfiles",
    )
    expect(
      verdictLine(
        result({
          scanned: scanned.map((one) => ({ ...one, vulnerabilities: false })),
          settings: { ...settings, failOn: "high" },
        }),
      ),
    ).toBe("PASSED: no finding of high or above")
  })

  test("names every kind of reason once", () => {
    const reasons = [
      reason("trivy-failed", "a"),
      reason("trivy-failed", "b"),
      reason("ignore-expired", "c"),
      reason("ignore-expired", "d"),
      reason("database-stale", "e"),
    ]
    expect(verdictLine(result({ reasons }))).toBe(
      "FAILED: Trivy failed; the vulnerability database is too old; 2 ignores have expired",
    )
  })
})

describe("the words of a verdict", () => {
  const { settings, scanned } = result({})
  const failOn = (failOn: ScanResult["settings"]["failOn"], more: Partial<ScanResult> = {}) =>
    verdictLine(result({ ...more, settings: { ...settings, failOn } }))
  const blocked = [judged({}), judged({ id: "CVE-2" })]

  test("name the severities that fail the gate", () => {
    expect(
      (["critical", "high", "medium", "low", "unknown"] as const).map((one) =>
        threshold({ settings: { ...settings, failOn: one } }),
      ),
    ).toEqual(["critical", "high or above", "medium or above", "low or above", "any severity"])
    expect(failOn("critical", { findings: blocked })).toBe("FAILED: 2 critical findings")
    expect(failOn("low", { findings: blocked })).toBe("FAILED: 2 findings of low or above")
    expect(failOn("unknown", { scanned: [] })).toBe("PASSED: no finding of any severity")
    expect(failOn("critical", { scanned: [] })).toBe("PASSED: no critical finding")
  })

  test("say of a pass what was let through, and nothing of what was not there", () => {
    const letThrough = [
      judged({ disposition: { kind: "below-threshold" } }),
      judged({ id: "CVE-2", disposition: { kind: "unfixed" } }),
      judged({ id: "CVE-3", disposition: { kind: "unfixed" } }),
      judged({ id: "CVE-4", disposition: { kind: "ignored", reason: "r", until: "2027-01-01" } }),
    ]
    const passed = "PASSED: no critical finding in 156 packages of the image"
    expect(failOn("critical", { findings: letThrough })).toBe(
      `${passed}; 1 below the threshold, 2 without a fix, 1 ignored`,
    )
    expect(failOn("critical", { findings: letThrough.slice(1, 3) })).toBe(`${passed}; 2 without a fix`)
    expect(failOn("critical")).toBe(passed)
  })

  test("count the packages of the image, whichever scan came first, or else those of the lockfiles", () => {
    const packages = (given: ScanResult["scanned"]) => failOn("critical", { scanned: given }).split(" in ")[1]
    expect(packages([...scanned].reverse())).toBe("156 packages of the image")
    const [image, lockfiles, repository] = scanned
    if (image === undefined || lockfiles === undefined || repository === undefined) throw new Error("three scans")
    const two = { ...lockfiles, libraries: [...lockfiles.libraries, { path: "b.txt", type: "pip", packages: 7 }] }
    expect(packages([two])).toBe("42 packages of the lockfiles")
    expect(packages([{ ...image, vulnerabilities: false }, two])).toBe("42 packages of the lockfiles")
    expect(packages([repository])).toBeUndefined()
    expect(packages([{ ...repository, vulnerabilities: true }])).toBeUndefined()
  })

  test("name findings, other reasons and ignores that have ended, in that order", () => {
    const ended = reason("ignore-expired", "c")
    expect(failOn("critical", { findings: blocked, reasons: [ended, reason("trivy-failed", "a")] })).toBe(
      "FAILED: 2 critical findings; Trivy failed; 1 ignore has expired",
    )
    expect(failOn("critical", { reasons: [ended] })).toBe("FAILED: 1 ignore has expired")
    expect(failOn("critical", { reasons: [reason("image-empty", "a"), reason("os-packages-missing", "b")] })).toBe(
      "INCONCLUSIVE: the image has no packages; the image has no list of system packages",
    )
  })

  test("are above the reasons, too", () => {
    expect(whyTitle(result({ reasons: [reason("trivy-failed", "a")] }))).toBe("Why it is inconclusive")
    expect(whyTitle(result({ reasons: [reason("trivy-failed", "a")], findings: blocked }))).toBe("Why it failed")
    expect(whyTitle(result({ reasons: [reason("ignore-expired", "a")] }))).toBe("Why it failed")
  })
})

describe("the pages of a scan", () => {
  test("escape everything from the service", () => {
    const page = scanHtml(everything).replace(/<style>[^]*?<\/style>/, "")
    expect(page).not.toMatch(/<script|\son\w+=|[\x1b\u202e]/)
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;")
    expect(page).toContain("script-src &#39;none&#39;")
    const summary = scanMarkdown(everything).replace(/<code>.*?<\/code>/g, "")
    expect(summary).not.toMatch(/<script|`x`|[^&]@somebody|\n::error/)
    expect(summary.length).toBeLessThan(1_000_000)
  })

  test("make no network requests", () => {
    expect(scanHtml(everything)).not.toMatch(/<link|<iframe|<img|<object|@import|\ssrc=|href="(?!#)|url\((?!#)/)
  })

  test("close every element that they open", () => {
    const open: string[] = []
    for (const [, closing = "", name = "", , self = ""] of scanHtml(everything)
      .replace(/<style>[^]*?<\/style>/, "")
      .matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s[^<>]*?)?)(\/?)>/g)) {
      if (name === "meta" || name === "br" || self === "/") continue
      if (closing === "/") expect(open.pop()).toBe(name)
      else open.push(name)
    }
    expect(open).toEqual([])
  })

  test("say why a finding is ignored and until when", () => {
    const one = result({
      findings: [judged({ disposition: { kind: "ignored", reason: "behind a proxy", until: "2027-05-31" } })],
    })
    expect(scanHtml(one)).toContain("behind a proxy <small>until 2027-05-31")
    expect(scanMarkdown(one)).toContain("behind a proxy (until 2027-05-31)")
  })
})
