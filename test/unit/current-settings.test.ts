import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { SettingsFile } from "../../core/dashboard/server/current-settings.js"
import { framed } from "../../core/dashboard/view/frame.js"
import { markup } from "../../core/presentation/html-markup.js"

const text = (environment: string, service = "shop") =>
  `qa: { runner: run.py, suites: { e2e: { files: [test.py] } } }\nledger: { service: ${service} }\nenvironments: { ${environment}: {} }\n`

let folder: string
let path: string
let now: number
let file: SettingsFile

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-settings-"))
  path = join(folder, "tollgate.yaml")
  now = Date.UTC(2026, 10, 27, 10)
  write(text("one"))
  file = new SettingsFile(path, parseSettings(text("one")), () => now)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** As an editor does, and at a time of its own. */
function write(what: string): void {
  writeFileSync(`${path}.new`, what)
  utimesSync(`${path}.new`, new Date(now), new Date(now))
  renameSync(`${path}.new`, path)
}

function later(seconds = 2): void {
  now += seconds * 1000
}

const OF_ALL = ["staging", "production", "sandbox"]
const environments = () => Object.keys(file.settings.environments).filter((name) => !OF_ALL.includes(name))

describe("the tollgate.yaml of a dashboard that runs", () => {
  it("is read again when it changes, and looked at no more than once a second", () => {
    expect(environments()).toEqual(["one"])
    write(text("two"))
    expect(environments()).toEqual(["one"])
    later()
    expect(environments()).toEqual(["two"])
    expect(file.invalid).toBeNull()
  })

  it("stays the last valid one while the new one is invalid, with its problems and since when", () => {
    expect(environments()).toEqual(["one"])
    later()
    write("qa: { suites: [] }\n")
    expect(environments()).toEqual(["one"])
    const since = now
    later()
    expect(environments()).toEqual(["one"])
    expect(file.invalid).toMatchObject({
      since,
      problems: ["tollgate.yaml has 1 problem:", expect.stringContaining("qa.suites")],
    })
    later(60)
    write(`${text("two")}nothing: 1\n`)
    expect(environments()).toEqual(["one"])
    expect(file.invalid).toMatchObject({
      since,
      problems: expect.arrayContaining([expect.stringContaining("nothing  is not a known key")]),
    })
    later()
    write(text("three"))
    later()
    expect(environments()).toEqual(["three"])
    expect(file.invalid).toBeNull()
  })

  it("stays the last valid one while the file is away, and is used again when the same file is back", () => {
    expect(environments()).toEqual(["one"])
    later()
    renameSync(folder, `${folder}.away`)
    expect(environments()).toEqual(["one"])
    expect(file.invalid?.problems).toEqual(["tollgate.yaml cannot be read: ENOENT"])
    later()
    renameSync(`${folder}.away`, folder)
    expect(file.invalid).toBeNull()
  })

  it("does not turn into another service's: its history is of the first one", () => {
    later()
    write(text("two", "blog"))
    expect(environments()).toEqual(["one"])
    expect(file.invalid?.problems[0]).toContain("The service is blog now")
  })

  it("is named on a page with its problems as text, and only to who is signed in", () => {
    const invalid = { since: now, problems: ["<script>alert(1)</script>"] }
    const shown = { position: { number: 7, at: "2026-11-27T10:00:00Z", leases: "", samples: "" }, ageMs: 250 }
    const frame = { service: "shop", clock: { zone: "UTC" }, path: "/", shown, person: null, invalid }
    const page = (token: string | null) => String(framed({ title: "t", main: markup`<p>m</p>` }, { ...frame, token }))
    expect(page("T".repeat(43))).toMatch(/tollgate.yaml is invalid since <time[^>]*>2026-11-27 10:00:00 UTC/)
    expect(page("T".repeat(43))).toContain("&lt;script&gt;alert(1)")
    expect(page(null)).not.toContain("is invalid since")
  })
})
