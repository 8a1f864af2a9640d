import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { acceptance } from "../../core/scan/accept.js"
import { scanOutcome } from "../../core/scan/outcome.js"
import type { ScanResult } from "../../core/scan/result.js"
import { scanScreen } from "../../core/scan/screen.js"
import { judged, result, secret } from "./scan-samples.js"

const unfixed = (id: string, name = "zlib1g") => judged({ id, package: name, fixed: null, status: "will_not_fix" })
const ofFindings = (...findings: ScanResult["findings"]) => result({ startedAt: "2026-11-29T23:30:00.000Z", findings })
const ignoreIn = (text: string) => {
  const [, settings = ""] = /(scan: \{ ignore: \[.*\] \})/.exec(text) ?? []
  return parseSettings(`qa: { suites: { a: { files: [tests] } } }\n${settings}\n`).scan.ignore
}

describe("a scan that failed by a vulnerability without a fix", () => {
  it("gives the entry of tollgate.yaml that accepts it for a quarter, to be copied", () => {
    const text = acceptance(ofFindings(unfixed("CVE-2023-45853"))) ?? ""
    expect(text).toBe(
      'No fix exists for it. To accept it for now: scan: { ignore: [{ id: CVE-2023-45853, package: zlib1g, reason: "…", until: 2027-02-27 }] }',
    )
    expect(ignoreIn(text)).toEqual([
      expect.objectContaining({ id: "CVE-2023-45853", package: "zlib1g", until: "2027-02-27" }),
    ])
  })

  it("gives three at most, and says how many more there are", () => {
    const text = acceptance(ofFindings(...["1", "2", "3", "4", "5"].map((n) => unfixed(`CVE-2026-${n}`)))) ?? ""
    expect(ignoreIn(text)).toHaveLength(3)
    expect(text).toMatch(/, and the same for 2 more$/)
  })

  it("quotes what would be something else in YAML", () => {
    const text = acceptance(ofFindings(unfixed("CVE-1", '@acme/pay#{x"'))) ?? ""
    expect(ignoreIn(text)[0]?.package).toBe('@acme/pay#{x"')
  })

  it("shows it on the screen and in the reasons of ci", () => {
    const failed = ofFindings(unfixed("CVE-2023-45853"))
    expect(scanScreen(failed, { report: "r" }).replace(/\s+/g, " ")).toContain(acceptance(failed))
    expect(scanOutcome(failed).reasons.at(-1)).toBe(acceptance(failed))
  })

  it("says nothing of one that has a fix, that does not block, or that is no vulnerability", () => {
    expect(
      acceptance(
        ofFindings(
          judged({}),
          { ...unfixed("CVE-1"), disposition: { kind: "unfixed" } },
          { ...secret("AKIA", 3), disposition: { kind: "blocking" } },
        ),
      ),
    ).toBeNull()
  })
})
