import { describe, expect, test } from "vitest"
import { findingsOf } from "../../core/scan/findings.js"
import { readTrivyReport } from "../../core/scan/trivy-report.js"
import { debian, trivyReport, vulnerability } from "./scan-samples.js"

const lockfile = (...vulnerabilities: object[]) =>
  trivyReport([
    {
      Target: "requirements.txt",
      Class: "lang-pkgs",
      Type: "pip",
      Packages: [{ Name: "PyYAML", Version: "5.3", Locations: [{ StartLine: 4 }] }],
      Vulnerabilities: vulnerabilities,
    },
  ])
const site = "usr/local/lib/python3.11/site-packages"
const image = (...vulnerabilities: object[]) =>
  trivyReport([{ Target: "Python", Class: "lang-pkgs", Type: "python-pkg", Vulnerabilities: vulnerabilities }], debian)

describe("findings", () => {
  test("name the line of the lockfile that pins the package", () => {
    const [found] = findingsOf([["lockfiles", lockfile(vulnerability("CVE-2020-14343", "PyYAML", "5.3"))]])
    expect(found).toMatchObject({
      id: "CVE-2020-14343",
      severity: "critical",
      fixed: "9.9",
      places: [{ scan: "lockfiles", path: "requirements.txt", line: 4 }],
    })
  })

  test("of one package in image and lockfile are one finding with two places, however the name is spelled", () => {
    const found = findingsOf([
      [
        "image",
        image(vulnerability("CVE-2020-14343", "pyyaml", "5.3", { PkgPath: `${site}/PyYAML-5.3.dist-info/METADATA` })),
      ],
      ["lockfiles", lockfile(vulnerability("CVE-2020-14343", "PyYAML", "5.3"))],
    ])
    expect(found).toHaveLength(1)
    expect(found[0]?.places).toEqual([
      { scan: "image", path: `${site}/PyYAML-5.3.dist-info/METADATA`, line: null },
      { scan: "lockfiles", path: "requirements.txt", line: 4 },
    ])
  })

  test("of two versions of a package are two, because image and lockfile may differ", () => {
    const found = findingsOf([
      ["image", image(vulnerability("CVE-2020-14343", "PyYAML", "5.2"))],
      ["lockfiles", lockfile(vulnerability("CVE-2020-14343", "PyYAML", "5.3"))],
    ])
    expect(found.map((one) => one.installed)).toEqual(["5.2", "5.3"])
  })

  test("in system packages name the operating system, and the status will_not_fix", () => {
    const report = trivyReport(
      [
        {
          Target: "image (debian 12.15)",
          Class: "os-pkgs",
          Type: "debian",
          Vulnerabilities: [
            vulnerability("CVE-2023-45853", "zlib1g", "1:1.2.13.dfsg-1", { FixedVersion: "", Status: "will_not_fix" }),
          ],
        },
      ],
      debian,
    )
    expect(findingsOf([["image", report]])[0]).toMatchObject({
      fixed: null,
      status: "will_not_fix",
      places: [{ scan: "image", path: "debian 12.15", line: null }],
    })
  })

  test("are sorted by urgency", () => {
    const found = findingsOf([
      [
        "repository",
        trivyReport([
          {
            Target: "app/settings.py",
            Class: "secret",
            Secrets: [{ RuleID: "aws-access-key-id", Severity: "CRITICAL", Title: "AWS Access Key ID", StartLine: 2 }],
          },
          {
            Target: "Dockerfile",
            Class: "config",
            Misconfigurations: [
              { ID: "DS-0002", AVDID: "AVD-DS-0002", Severity: "HIGH", Status: "FAIL", Message: "no USER" },
              { ID: "DS-0001", Severity: "HIGH", Status: "PASS" },
            ],
          },
        ]),
      ],
      [
        "lockfiles",
        lockfile(
          vulnerability("CVE-2", "b", "1", { Severity: "LOW" }),
          vulnerability("CVE-3", "c", "1"),
          vulnerability("CVE-1", "a", "1", { Severity: undefined }),
        ),
      ],
    ])
    expect(found.map((one) => [one.severity, one.id])).toEqual([
      ["critical", "CVE-3"],
      ["critical", "aws-access-key-id"],
      ["high", "DS-0002"],
      ["low", "CVE-2"],
      ["unknown", "CVE-1"],
    ])
    expect(found[2]).toMatchObject({
      kind: "misconfiguration",
      title: "no USER",
      aliases: ["AVD-DS-0002"],
      package: null,
    })
  })

  test("of one secret rule at two places are two", () => {
    const at = (StartLine: number) => ({ RuleID: "private-key", Severity: "HIGH", Title: "key", StartLine })
    expect(
      findingsOf([
        ["image", trivyReport([{ Target: "/srv/app/a.pem", Class: "secret", Secrets: [at(1), at(30)] }])],
      ]).map((one) => one.places),
    ).toEqual([
      [{ scan: "image", path: "srv/app/a.pem", line: 1 }],
      [{ scan: "image", path: "srv/app/a.pem", line: 30 }],
    ])
  })
})

describe("an invalid report", () => {
  test.each([
    ["", "the report is empty"],
    ["Segmentation fault", "the report is not JSON"],
    ["[]", "the report is not one of Trivy 0.69: "],
    ["{}", "the report is not one of Trivy 0.69: SchemaVersion"],
    ['{"SchemaVersion":3,"Results":[]}', "the report is not one of Trivy 0.69: SchemaVersion"],
    ['{"SchemaVersion":2,"Results":[{"Target":1}]}', "the report is not one of Trivy 0.69: Results.0.Target"],
  ])("does not count as one without findings: %s", (text, why) => {
    const reading = readTrivyReport(text)
    expect(reading.kind === "invalid" && reading.why).toContain(why)
  })
})
