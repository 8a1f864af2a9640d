import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { RunTimes } from "../../cli/ci/history.js"
import { LiveTable } from "../../cli/ci/live-table.js"
import type { GateState } from "../../core/ci/graph.js"
import { progressLine, progressTable } from "../../core/ci/progress.js"
import { readHistory, timesOf, usualTimes, withRun } from "../../core/ci/times.js"
import type { CiGate } from "../../core/config/gates.js"
import { aStatus, ended } from "./ci-samples.js"

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-ci-"))
  folders.push(folder)
  return folder
}

const states = new Map<CiGate, GateState<string>>([
  ["config", ended({ words: "tollgate.yaml is valid" }, 0, 0.2)],
  ["test", { kind: "running", since: 1000 }],
  ["patch-coverage", { kind: "waiting" }],
  ["image", ended({ verdict: "failed", words: "runs as root" }, 0, 40)],
  ["load", { kind: "skipped", why: "image did not pass" }],
])
const usual = new Map([
  ["test", 111],
  ["load", 30],
])

describe("the table of a run that goes on", () => {
  it("has every gate with its state, its time and the time that it usually takes", () => {
    expect(progressTable(states, usual, 43_400, 100)).toEqual([
      "gate            state      time     usually",
      "config          passed   200 ms              tollgate.yaml is valid",
      "test            running  42.0 s  1 min 51 s",
      "patch-coverage  waiting",
      "image           FAILED   40.0 s              runs as root",
      "load            skipped                      image did not pass",
    ])
  })

  it("has no column for what is not known, and no line wider than the terminal", () => {
    const lines = progressTable(states, new Map(), 43_400, 40)
    expect(lines[0]).toBe("gate            state      time")
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
  })

  it("is a line for each change where there is no terminal", () => {
    expect(progressLine("test", states, usual)).toBe("ci: test running, usually 1 min 51 s")
    expect(progressLine("image", states, usual)).toBe("ci: image failed, 40.0 s; running: test")
    expect(progressLine("load", states, usual)).toBe("ci: load skipped: image did not pass")
  })
})

/** What a terminal shows of the text, as far as a LiveTable moves its cursor. */
function shown(text: string): string[] {
  const lines = [""]
  let at = 0
  for (const [part] of text.matchAll(/\u001b\[\??\d*[A-Za-z]|\r|\n|[^\u001b\r\n]+/g)) {
    const up = /^\u001b\[(\d+)A$/.exec(part)
    if (up !== null) at -= Number(up[1])
    else if (part === "\u001b[0J") lines.splice(at, lines.length, "")
    else if (part === "\n") lines[(at += 1)] ??= ""
    else if (!/^[\u001b\r]/.test(part)) lines[at] += part
  }
  return lines
}

describe("a table at the end of a terminal", () => {
  it("is drawn over itself, below whatever is printed meanwhile", () => {
    let [text, count] = ["", 0]
    const table = new LiveTable({ write: (more) => (text += more) }, () => ["gate", `test ${(count += 1)}`])
    table.draw()
    table.print("install: started\ninst")
    table.draw()
    table.print("all: done\n")
    table.end()
    expect(shown(text)).toEqual(["install: started", "install: done", "gate", `test ${count}`, ""])
    expect(text.endsWith("\u001b[?25h")).toBe(true)
  })
})

describe("the time that a gate usually takes", () => {
  it("is the median of the last runs of the same source, without those that only used earlier evidence", () => {
    const run = (seconds: number, cached = false) => aStatus({ test: ended({ cached }, 0, seconds) })
    const runs = [run(100), run(900), run(110), run(1, true)].reduce(withRun, {})
    expect(usualTimes(runs).get("test")).toBe(110)
    expect(timesOf(run(3, true)).has("test")).toBe(false)
    const long = Array.from({ length: 20 }, (_, index) => run(index)).reduce(withRun, {})
    expect(long["test"]).toEqual([13, 14, 15, 16, 17, 18, 19])
  })

  it("is not that of a run in which it failed at once", () => {
    const failed = aStatus({ test: ended({ verdict: "failed" }, 0, 1) })
    expect(timesOf(failed).has("test")).toBe(false)
  })

  it("is kept in the user's state folder, for each source apart, and a file of another kind counts for nothing", () => {
    const state = scratch()
    const times = new RunTimes("/srv/shop", { XDG_STATE_HOME: state })
    times.add(aStatus())
    expect(usualTimes(times.read()).get("test")).toBe(111)
    expect(new RunTimes("/srv/other", { XDG_STATE_HOME: state }).read()).toEqual({})
    const [name = ""] = readdirSync(join(state, "tollgate/ci"))
    writeFileSync(join(state, "tollgate/ci", name), "[1]")
    expect(times.read()).toEqual({})
    expect(readHistory('{"test":["x"]}')).toEqual({})
  })

  it("is unknown, and no error, where that folder cannot be written", () => {
    const file = join(scratch(), "file")
    writeFileSync(file, "")
    const times = new RunTimes("/srv/shop", { XDG_STATE_HOME: file })
    times.add(aStatus())
    expect(times.read()).toEqual({})
  })
})
