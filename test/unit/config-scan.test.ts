import { describe, expect, it } from "vitest"
import { parseSettings, SettingsError } from "../../core/config/parse.js"

function settings(scan: string) {
  return parseSettings(`qa:\n  runner: tests/qa.py\n  suites: { e2e: { files: [tests/test_e2e.py] } }\nscan: ${scan}\n`)
    .scan
}

function problems(scan: string): string[] {
  try {
    settings(scan)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(
      ({ path, message, suggestion }) => `${path} ${message}${suggestion === null ? "" : ` → ${suggestion}`}`,
    )
  }
}

const entry = "id: CVE-2024-1135, reason: behind a proxy, until: 2027-05-31"

describe("what refuses the gate", () => {
  it.each(["critical", "high", "medium", "low", "unknown"])("begins at %s", (severity) => {
    expect(settings(`{ failOn: ${severity} }`).failOn).toBe(severity)
  })

  it("begins at nothing else", () => {
    expect(problems("{ failOn: CRITICAL }")).toEqual([
      'scan.failOn expected one of critical, high, medium, low, unknown, got "CRITICAL" → write critical',
    ])
    expect(problems("{ failOn: never }")).toEqual([
      'scan.failOn expected one of critical, high, medium, low, unknown, got "never"',
    ])
  })

  it("is looked for by at least one scanner", () => {
    expect(problems("{ scanners: [] }")).toEqual(["scan.scanners lists nothing: nothing would be looked at"])
    expect(problems("{ scanners: [vuln, misconfig] }")).toEqual([
      'scan.scanners[0] expected one of vulnerabilities, secrets, misconfiguration, got "vuln" → write vulnerabilities',
      'scan.scanners[1] expected one of vulnerabilities, secrets, misconfiguration, got "misconfig" → write misconfiguration',
    ])
  })
})

describe("the age of the database", () => {
  it.each([
    ["24h", 24],
    ["7d", 168],
    ["1d12h", 36],
    ["30d", 720],
  ])("of %s is %i hours", (written, hours) => {
    expect(settings(`{ maxDatabaseAge: ${written} }`).maxDatabaseAge).toBe(hours)
  })

  it.each([
    ["24", "expected an age such as 24h or 7d, got 24 → add a unit: 24h or 24d"],
    ["0h", 'expected an age such as 24h or 7d, got "0h"'],
    ["90m", 'expected an age such as 24h or 7d, got "90m"'],
    ["31d", 'expected an age of at most 30d, got "31d"'],
    ["999h", 'expected an age of at most 30d, got "999h"'],
  ])("is refused as %s", (written, problem) => {
    expect(problems(`{ maxDatabaseAge: ${written} }`)).toEqual([`scan.maxDatabaseAge ${problem}`])
  })
})

describe("an ignore", () => {
  it("needs an id, a reason and a last day", () => {
    expect(problems("{ ignore: [{}] }")).toEqual([
      "scan.ignore[0].id is required: expected an id such as CVE-2024-1135",
      "scan.ignore[0].reason is required: expected a reason",
      "scan.ignore[0].until is required: expected a date such as 2027-05-31",
    ])
    expect(problems('{ ignore: [{ id: CVE-2024-1135, reason: " ", until: 2027-05-31 }] }')).toEqual([
      'scan.ignore[0].reason expected a reason, got " "',
    ])
  })

  it.each(["2027-02-30", "2027-13-01"])("ends on a day that there is, unlike %s", (date) => {
    expect(problems(`{ ignore: [{ id: X, reason: r, until: ${date} }] }`)).toEqual([
      `scan.ignore[0].until expected a day that there is, got "${date}"`,
    ])
  })

  it.each(["31.05.2027", "2027-5-31", "never"])("has no last day of %s", (date) => {
    expect(problems(`{ ignore: [{ id: X, reason: r, until: ${date} }] }`)).toEqual([
      `scan.ignore[0].until expected a date such as 2027-05-31, got "${date}"`,
    ])
  })

  it("stands there once", () => {
    expect(
      problems(`{ ignore: [{ ${entry} }, { ${entry}, package: gunicorn }, { ${entry.replace("CVE", "cve")} }] }`),
    ).toEqual(["scan.ignore[2] ignores the same as [0] → keep one of them"])
  })

  it("that is misspelled names the key that was meant", () => {
    expect(problems("{ ignore: [{ id: X, reason: r, untill: 2027-05-31 }] }")).toEqual([
      "scan.ignore[0].untill is not a known key → did you mean `until`?",
    ])
  })

  it("narrowed to no file is a mistake", () => {
    expect(problems(`{ ignore: [{ ${entry}, paths: [] }] }`)).toEqual([
      "scan.ignore[0].paths lists nothing: leave the key out for every file",
    ])
  })
})
