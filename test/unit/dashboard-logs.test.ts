import { describe, expect, it, test } from "vitest"
import { isFiltered, logQuery, readLogFilter } from "../../core/dashboard/model/log-filter.js"
import { ageWords, missingWords, noLinesWords } from "../../core/dashboard/model/log-lines.js"
import type { LineFacts } from "../../core/dashboard/reading/lines.js"
import { type LogsPart, logsCard } from "../../core/dashboard/view/logs.js"
import { LOG_NOW, lineOf, logsOf } from "./log-samples.js"

const html = (part: LogsPart, outcome: "running" | "live" = "running") =>
  logsCard({ outcome }, part, { zone: "UTC" }).source

describe("the filter of a log", () => {
  test.each([
    [{}, { side: null, container: "", text: "", before: null }],
    [
      { side: "old", container: " app1 ", text: "timeout", before: "17" },
      { side: "old", container: "app1", text: "timeout", before: 17 },
    ],
    [
      { side: "evil", container: "x".repeat(300), text: "", before: "-1" },
      { side: null, container: "", text: "", before: null },
    ],
    [
      { text: "a\0b", container: "\0" },
      { side: null, container: "", text: "", before: null },
    ],
    [{ before: "1e99" }, { side: null, container: "", text: "", before: null }],
  ])("%j is read as %j", (given, expected) => expect(readLogFilter(given)).toEqual(expected))

  it("is kept by the links to other parts of the log", () => {
    const filter = readLogFilter({ side: "new", text: "a&b=c", before: "9" })
    expect(logQuery(filter, { before: 4 })).toBe("?side=new&text=a%26b%3Dc&before=4#logs")
    expect(logQuery(readLogFilter({}))).toBe("#logs")
    expect(isFiltered(readLogFilter({ before: "9" }))).toBe(false)
  })
})

describe("what a page says of a log", () => {
  test.each([
    ["rate", 40, "40 lines were left out here: more than are read of a container at once."],
    ["full", 1, "1 line was left out here: more than the ledger keeps of one run. The last ones follow."],
    ["ledger", 7, "7 lines were lost about here: the ledger did not take them in time."],
    ["unread: app1: no connection", 0, "The log could not be read (app1: no connection)."],
    ["off", 0, "ledger.logs of tollgate.yaml is false: this run wrote no log lines."],
    ["of a later Tollgate", 0, "Lines may be missing here: of a later Tollgate"],
  ])("where lines are missing: %s", (text, lines, words) => expect(missingWords({ text, lines })).toBe(words))

  it("is the age of the newest line while the run goes on", () => {
    const ago = (seconds: number) => new Date(LOG_NOW.getTime() - seconds * 1000).toISOString()
    expect([3, 45, 600].map((seconds) => ageWords(ago(seconds), true, LOG_NOW))).toEqual([
      "3 s old",
      "no line for 45 s",
      "no line for 10 min",
    ])
    expect(ageWords(ago(3), false, LOG_NOW)).toBe("")
  })

  it("is why there is no line", () => {
    const none: Extract<LineFacts, { kind: "read" }> = {
      ...{ kind: "read", lines: [], more: false },
      summary: { lines: 0, missing: 0, newest: null, containers: [] },
    }
    expect(noLinesWords(none, true)).toContain("No line yet.")
    expect(noLinesWords(none, false)).toContain("deleted after 14 days")
    expect(noLinesWords({ ...none, summary: { ...none.summary, lines: 3 } }, true)).toBe("No line matches.")
    expect(html({ ...logsOf([]), lines: { kind: "refused" } })).toContain("GRANT SELECT ON tollgate_ledger.log_lines")
  })

  it("is of each line its release as a word, its container, its stream and its time", () => {
    const page = html(
      logsOf([lineOf("paid"), lineOf("refused", { id: 2, side: "old", version: "1.6", stream: "err" })]),
    )
    expect(page).toMatch(
      /<li id="line-1" class="line"><time datetime="2026-11-27T10:00:00.123Z">2026-11-27 10:00:00.123<\/time>.*new <small>1.7<\/small>.*app1 web.*out.*<code>paid<\/code>/,
    )
    expect(page).toMatch(/old <small>1.6<\/small>.*err.*<code>refused<\/code>/)
    expect(page).toContain("<strong>3 s old</strong>")
  })

  it("is no markup, whatever a container prints or is called", () => {
    const XSS = `<img src=x onerror="alert(1)"><script>alert(1)</script>"'&{{7*7}}`
    const hostile = lineOf(XSS, { side: XSS, version: XSS, place: XSS, process: XSS, stream: XSS, at: XSS })
    for (const part of [
      logsOf([hostile], { container: XSS, text: XSS, before: 3 }, [XSS]),
      logsOf([lineOf(`unread: ${XSS}`, { stream: "note" })]),
    ]) {
      const page = html(part)
      expect(page).toContain("&lt;script&gt;")
      expect(page).not.toMatch(/<script|<img|onerror="|javascript:/)
    }
  })

  it("follows on the page of the newest lines alone, and leads to the others", () => {
    const older = { ...logsOf([lineOf("x", { id: 40 })]), filter: readLogFilter({ text: "x", before: "90" }) }
    if (older.lines.kind !== "read") throw new Error("it is read")
    const page = html({ ...older, lines: { ...older.lines, more: true } })
    expect(page).not.toContain("log-follow")
    expect(page).toContain('href="/environments/production/run?text=x#logs">Newest lines')
    expect(page).toContain('href="/environments/production/run?text=x&amp;before=40#logs">Older lines')
    expect(html(logsOf([lineOf("x")]))).toContain('id="log-follow"')
  })
})
