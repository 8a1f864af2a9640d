import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { openReport } from "../../cli/gate/report-folder.js"

const folder = mkdtempSync(join(tmpdir(), "tollgate-report-folder-"))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function filled(name: string, ...entries: string[]): string {
  const at = join(folder, name)
  mkdirSync(at)
  for (const entry of entries) writeFileSync(join(at, entry), "")
  return at
}

test("a report goes into a folder that is new or empty, has an earlier one of its kind, or those of other gates", () => {
  for (const at of [
    join(folder, "new"),
    filled("empty"),
    filled("earlier", "scan.json", "notes.txt"),
    filled("others", "image", "load"),
  ])
    expect(openReport(at, "scan.json").shown).toBe(join(at, "report.html"))
})

test("a folder that holds something else is left alone, a report of another kind too", () => {
  for (const at of [filled("precious", "thesis.txt"), filled("other-kind", "load.json")]) {
    const before = readdirSync(at)
    expect(() => openReport(at, "scan.json")).toThrow(expect.objectContaining({ code: "report-folder" }))
    expect(readdirSync(at)).toEqual(before)
  }
})

test("a folder below the working one is named from there", () => {
  expect(openReport("tollgate-report-nobody-has/scan", "scan.json").shown).toBe(
    "tollgate-report-nobody-has/scan/report.html",
  )
})

test("without a report none is made, and the screen says so", async () => {
  const report = openReport(false, "scan.json")
  expect(report.shown).toBe("not written (--no-report)")
  await report.write(() => expect.unreachable("a report was made"))
})
