import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Ajv } from "ajv"
import { XMLParser, XMLValidator } from "fast-xml-parser"
import { afterAll, afterEach, describe, expect, it, vi } from "vitest"
import { runCiComment, runCiVerdict } from "../../cli/ci/earlier-run.js"
import { githubAnnotations } from "../../core/ci/annotations.js"
import { isWorthTelling } from "../../core/ci/change.js"
import { ciHtml } from "../../core/ci/html.js"
import { ciJunit } from "../../core/ci/junit.js"
import { COMMENT_LIMIT, ciComment, ciSummary, commentMark, SUMMARY_LIMIT } from "../../core/ci/markdown.js"
import { ciScreen } from "../../core/ci/screen.js"
import { readStatus, statusFile, statusSchema } from "../../core/ci/status.js"
import { timesOf } from "../../core/ci/times.js"
import { time } from "../../core/load/figures.js"
import { loadPart } from "../../core/load/html.js"
import { suitesPart } from "../../core/report/html-suites.js"
import { scanPart } from "../../core/scan/html.js"
import { aStatus, ended } from "./ci-samples.js"
import { kept } from "./load-samples.js"
import { allGreen, attack, hostile as hostileSuites, severalReds } from "./qa-result-samples.js"
import { judged, result as scanResult } from "./scan-samples.js"

const skipped = (why: string) => ({ kind: "skipped" as const, why })
const green = aStatus()
const red = aStatus({
  test: ended({ verdict: "failed", words: "1 of 5 suites failed", reasons: ["test-failed tests/test_a.py:12 no"] }),
  scan: ended({ verdict: "inconclusive", words: "the vulnerability database is too old", reasons: ["database-stale"] }),
  load: skipped("image did not pass"),
})
const many = aStatus({
  test: ended({
    verdict: "failed",
    words: "many",
    reasons: Array.from({ length: 3000 }, (_, index) => `test-failed test ${index}: ${"x".repeat(80)}`),
  }),
  image: ended({ verdict: "failed", words: "1 problem", reasons: ["runs-as-root the user is root"] }),
})
const hostile = aStatus({ test: ended({ verdict: "failed", words: attack, reasons: [attack, "| a | b |"] }) })

describe("the verdict of a run", () => {
  it("is passed when no gate failed, and names those that did not run", () => {
    expect(green.verdictInWords).toBe("PASSED: 6 gates")
    expect(aStatus({ load: skipped("left out") }).verdictInWords).toBe("PASSED: 5 gates; not run: load")
  })

  it("is failed by one failed gate, and inconclusive by one inconclusive gate", () => {
    expect(red.verdictInWords).toBe("FAILED: 1 of 6 gates: test; inconclusive: scan; not run: load")
    const open = aStatus({ scan: ended({ verdict: "inconclusive" }) })
    expect(open.verdict).toBe("inconclusive")
    expect(open.verdictInWords).toBe("INCONCLUSIVE: inconclusive: scan")
  })

  it("is inconclusive when every gate was left out", () => {
    const none = skipped("nothing changed")
    const status = aStatus({ config: none, test: none, "patch-coverage": none, image: none, scan: none, load: none })
    expect(status.verdict).toBe("inconclusive")
  })
})

describe("status.json", () => {
  it("has the published schema", () => {
    const published = readFileSync(new URL("../../docs/schemas/status.schema.json", import.meta.url), "utf8")
    expect(published, "run `npm run schema`").toBe(statusSchema())
    const accepts = new Ajv().compile(JSON.parse(published))
    for (const status of [green, red, many, hostile])
      expect(accepts(JSON.parse(statusFile(status))), JSON.stringify(accepts.errors)).toBe(true)
    expect(accepts({ ...green, verdict: "skipped" })).toBe(false)
  })

  it("is the baseline of a later run, whose figures stand beside its own", () => {
    const later = aStatus({ image: ended({ figures: [{ name: "image-size", value: 230_000_000 }] }) }, green)
    const figure = later.gates.flatMap(({ figures }) => figures).find(({ name }) => name === "image-size")
    expect(figure).toEqual({ name: "image-size", value: 230_000_000, before: 214_000_000 })
    expect(readStatus(statusFile(later), "x")).toEqual(later)
  })

  it("of another program is refused as a baseline", () => {
    expect(() => readStatus("{}", "baseline/status.json")).toThrow("baseline/status.json is not a status.json")
    expect(() => readStatus("nothing", "x")).toThrow("is not a status.json")
  })

  it("differs between two runs of one commit in times alone", () => {
    const again = { ...green, startedAt: "2026-03-03T00:00:00.000Z", seconds: 9 }
    const timeless = (status: typeof green) =>
      JSON.stringify({
        ...status,
        startedAt: "",
        seconds: 0,
        gates: status.gates.map((one) => ({ ...one, seconds: 0, from: 0 })),
      })
    expect(timeless(again)).toBe(timeless(green))
  })
})

describe("the comment of a pull request", () => {
  const comment = (status: typeof green) => ciComment(status, { key: "payments" })

  it("begins with its mark and the verdict, and names what did not run and why", () => {
    const text = comment(red)
    expect(
      text
        .split("\n")
        .filter((row) => row !== "")
        .slice(0, 2),
    ).toEqual([commentMark("payments"), "## ❌ FAILED: 1 of 6 gates: test; inconclusive: scan; not run: load"])
    expect(text).toContain("- load: image did not pass")
    expect(text).toContain("➖ **skipped**")
  })

  it("shows each figure beside the baseline's", () => {
    const later = aStatus({ test: ended({ figures: [{ name: "coverage", value: 97.5 }] }) }, green)
    expect(comment(later)).toContain("| coverage | 97.50 % | 98.99 % | **−1.49 points** |")
    expect(comment(later)).toContain("| image size | 214 MB | 214 MB | none |")
  })

  it("is cut at whole rows, says how many are missing, and hides no other gate's reason", () => {
    const text = comment(many)
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT)
    expect(text.length).toBeGreaterThan(COMMENT_LIMIT - 200)
    const [, left = "0"] = /^and (\d+) more in the report$/m.exec(text) ?? []
    expect(text.match(/^- test-failed test \d+: x{80}$/gm)?.length).toBe(3000 - Number(left))
    expect(text).toContain("- runs-as-root the user is root")
  })

  it("lets no text of the app become markup, a mention or a row of a table", () => {
    const text = comment(hostile)
    expect(text).not.toContain("<script>")
    expect(text).not.toMatch(/@someone|(?<![\w&])#1/)
    expect(text).toContain("- &#124; a &#124; b &#124;")
    expect(commentMark("a --> <b>")).toBe("<!-- tollgate ci: a -- b -->")
  })

  it("is worth writing only when a figure changed or a gate did not pass", () => {
    expect(isWorthTelling(green)).toBe(false)
    expect(isWorthTelling(aStatus({}, green))).toBe(false)
    expect(isWorthTelling(red)).toBe(true)
    const slower = (p95: number) =>
      isWorthTelling(aStatus({ load: ended({ figures: [{ name: "p95", value: p95 }] }) }, green))
    expect([slower(45), slower(80)]).toEqual([false, true])
  })
})

describe("the job summary", () => {
  it("folds in each gate's own, and leaves out whole ones above GitHub's limit", () => {
    const text = ciSummary(
      red,
      new Map([
        ["test", "## the suites"],
        ["image", "## the image"],
      ]),
    )
    expect(text).toContain("<details><summary>test</summary>\n\n## the suites\n\n</details>")
    const long = ciSummary(
      red,
      new Map([
        ["test", "a".repeat(SUMMARY_LIMIT)],
        ["image", "## the image"],
      ]),
    )
    expect(Buffer.byteLength(long)).toBeLessThan(SUMMARY_LIMIT)
    expect(long).toContain("The details of test are in the report.")
    expect(long).toContain("## the image")
    expect(long).toContain("FAILED")
  })

  it("counts bytes, not characters", () => {
    const text = ciSummary(red, new Map([["test", "測".repeat(400_000)]]))
    expect(Buffer.byteLength(text)).toBeLessThan(SUMMARY_LIMIT)
  })
})

describe("the annotations of a GitHub job", () => {
  it("are one for each gate that did not pass, and none for a run that passed", () => {
    expect(githubAnnotations(red)).toBe(
      "::error title=Tollgate%3A test failed::1 of 5 suites failed%0Atest-failed tests/test_a.py:12 no\n" +
        "::warning title=Tollgate%3A scan inconclusive::the vulnerability database is too old%0Adatabase-stale\n",
    )
    expect(githubAnnotations(green)).toBe("")
  })

  it("are cut at whole reasons, and let nothing that the app printed become a command of its own", () => {
    const text = githubAnnotations(many)
    expect(text.length).toBeLessThan(5000)
    expect(text).toMatch(/x%0Aand 29\d\d more\n/)
    const words = "100 %\n::set-env name=PATH::/tmp\r\n##[group]a"
    const lines = githubAnnotations(aStatus({ image: ended({ verdict: "failed", words }) })).split("\n")
    expect(lines).toEqual([expect.stringMatching(/^::error title=Tollgate%3A image failed::100 %25%0A[^\r]*$/), ""])
    expect(lines[0]).not.toMatch(/##\[/)
  })
})

describe("junit.xml", () => {
  it("has every gate and every test, and fails for a failed gate beside green suites", async () => {
    const text = await ciJunit(
      aStatus({ image: ended({ verdict: "failed", words: "runs as root" }), load: skipped("no") }),
      allGreen.suites,
    )
    expect(XMLValidator.validate(text)).toBe(true)
    const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" }).parse(text)
    const tests = allGreen.suites.reduce((sum, { counts }) => sum + counts.tests, 0)
    expect(testsuites).toMatchObject({ "@tests": String(6 + tests), "@failures": "1", "@errors": "0" })
    expect(testsuites.testsuite).toHaveLength(1 + allGreen.suites.length)
    expect(testsuites.testsuite[0]).toMatchObject({ "@name": "tollgate", "@failures": "1", "@skipped": "1" })
  })

  it("is valid whatever the app printed", async () => {
    expect(XMLValidator.validate(await ciJunit(hostile, []))).toBe(true)
  })
})

describe("index.html", () => {
  it("shows the stages with every gate, and the reasons", () => {
    const page = ciHtml(red)
    expect(page.match(/<h3>Stage \d<\/h3>/g)).toEqual(["<h3>Stage 1</h3>", "<h3>Stage 2</h3>", "<h3>Stage 3</h3>"])
    for (const { name } of red.gates) expect(page).toContain(`${name}</h4>`)
    expect(page).toContain("test-failed tests/test_a.py:12 no")
    expect(page).toContain('<a href="image/report.html">Report of image</a>')
  })

  it("shows suites, findings with the version that fixes each, and the load test's percentiles and plots", () => {
    const found = [
      judged({ severity: "high", disposition: { kind: "below-threshold" } }),
      judged({ id: "CVE-2024-2", fixed: "2.0.1" }),
    ]
    const parts = [suitesPart(severalReds), scanPart(scanResult({ findings: found })), loadPart(kept)]
    const page = ciHtml(red, parts)
    const at = (text: string) => page.indexOf(text)
    expect(
      [at("<h2>Suites</h2>"), at("<h2>Findings of the scan"), at("<h2>Load test")].toSorted((a, b) => a - b),
    ).toEqual([at("<h2>Suites</h2>"), at("<h2>Findings of the scan"), at("<h2>Load test")])
    for (const { suite, counts } of severalReds.suites) {
      const row = new RegExp(`<th scope="row">${suite}</th>[^]*?</tr>`).exec(page)?.[0]
      expect(row).toContain(`data-label="passed">${counts.passed}<`)
      expect(row).toContain(`data-label="failed">${counts.failed}<`)
    }
    expect(page).toMatch(/<code>CVE-2024-2<\/code>[^]*?data-label="fixed in">2\.0\.1</)
    expect(page).toMatch(/<summary>1 below scan\.failOn<\/summary>[^]*?data-label="fixed in">22\.0\.0</)
    const times = kept.scenarios[0]?.figures?.times
    expect(page).toContain(`95 % within ${time(times?.p95 ?? 0)}, 99 % within ${time(times?.p99 ?? 0)}`)
    expect(page.match(/<figure class="chart">/g)?.length).toBe(3)
  })

  it("says of which gates nothing is known, and of a scan without findings what was scanned", () => {
    expect(ciHtml(green)).toContain("ecpay (credentials that ECPay accepts)")
    expect(ciHtml(green, [scanPart(scanResult())])).toContain(
      "Nothing was found in what was scanned: image, lockfiles, repository.",
    )
    expect(ciHtml(green, [scanPart(scanResult({ scanned: [] }))])).toContain("Nothing was scanned.")
  })

  it("cuts a list of findings at whole rows, and says how many are left out", () => {
    const many = Array.from({ length: 130 }, (_, index) => judged({ id: `CVE-2024-${index}` }))
    const page = ciHtml(green, [scanPart(scanResult({ findings: many }))])
    expect(page.match(/<code>CVE-2024-\d+<\/code>/g)?.length).toBe(100)
    expect(page).toContain("and 30 more in the report of scan")
  })

  it("loads nothing and runs nothing, whatever the app printed", () => {
    const page = ciHtml(hostile, [
      suitesPart(hostileSuites),
      scanPart(scanResult({ findings: [judged({ title: attack })] })),
    ])
    expect(page).toContain("script-src &#39;none&#39;")
    expect(page).not.toMatch(/<script|<img|<link|\bsrc=|https?:\/\//)
  })
})

describe("the screen", () => {
  it("ends with the verdict, after the reasons of every gate that did not pass and what did not run", () => {
    const lines = ciScreen(red, { report: "tollgate-report/ci", usual: timesOf(green) })
      .trimEnd()
      .split("\n")
    expect(lines.at(-1)).toBe(red.verdictInWords)
    expect(lines.join("\n")).toMatch(/^test +FAILED +1\.0 s +1 min 51 s +1 of 5 suites failed$/m)
    expect(lines).toContain("Why scan is inconclusive")
    expect(lines).toContain("  load: image did not pass")
  })

  it("fits on one screen, however many reasons there are", () => {
    const text = ciScreen(many, { report: "x", usual: new Map() })
    expect(text.split("\n").length).toBeLessThanOrEqual(45)
    expect(text).toMatch(/and \d+ more in the report/)
  })
})

describe("ci-verdict and ci-comment", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-ci-verdict-"))
  const said = vi.spyOn(process.stdout, "write").mockReturnValue(true)
  afterEach(() => said.mockClear())
  afterAll(() => {
    said.mockRestore()
    rmSync(folder, { recursive: true })
  })

  it("print the screen and the comment of a report, and pass when its run passed", () => {
    for (const status of [green, red]) {
      writeFileSync(join(folder, "status.json"), statusFile(status))
      expect(runCiVerdict({ report: folder })).toBe(status === green)
      expect(said).toHaveBeenLastCalledWith(ciScreen(status, { report: join(folder, "index.html"), usual: new Map() }))
      runCiComment({ report: folder, key: "shop", url: "https://ci.example/1" })
      expect(said).toHaveBeenLastCalledWith(ciComment(status, { key: "shop", report: "https://ci.example/1" }))
    }
  })

  it("refuse a folder without status.json, and say what to pass", () => {
    expect(() => runCiVerdict({ report: tmpdir() })).toThrow("Pass the folder of a report of `tollgate ci`")
  })
})
