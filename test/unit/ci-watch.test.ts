import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, it, vi } from "vitest"
import { mayBeSource, SavedFiles } from "../../cli/ci/saved-files.js"
import { runAfterSaves, type Saves } from "../../cli/ci/watch.js"
import { planGates, type Saved, UNTOUCHED } from "../../core/ci/plan.js"
import { passedIn } from "../../core/ci/saved.js"
import type { Status } from "../../core/ci/status.js"
import { type CiGate, ciGates } from "../../core/config/gates.js"
import { TollgateError } from "../../core/shared/errors.js"
import { aStatus, ended } from "./ci-samples.js"

const GATES = ciGates.map(({ name }) => name)
const folders: string[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-ci-"))
  folders.push(folder)
  return folder
}

describe("a run after a save", () => {
  const paths = { test: ["app/**"], image: ["app/**", "Dockerfile"] }
  const leftOut = (files: string[], passed: readonly CiGate[], more = {}) =>
    planGates({
      paths: { ...paths, ...more },
      absent: new Map(),
      change: { kind: "known", files: ["app/x.py", "Dockerfile"] },
      saved: { files, passed: new Set(passed) },
    }).flatMap(({ name, leftOut }) => (leftOut === null ? [] : [name]))

  it("leaves out what passed and has none of the saved files, and runs again what did not pass", () => {
    expect(leftOut(["Dockerfile"], GATES)).toEqual(["test", "patch-coverage", "load"])
    expect(leftOut(["Dockerfile"], ["image"])).toEqual(["load"])
    expect(leftOut(["app/x.py"], GATES)).toEqual(["load"])
    expect(leftOut(["tollgate.yaml"], GATES)).toEqual(["load"])
  })

  it("loads the service only where paths.load names files, and one of them was saved or the load test failed", () => {
    const load = { load: ["app/**"] }
    expect(leftOut(["app/x.py"], GATES, load)).toEqual([])
    expect(leftOut(["Dockerfile"], GATES, load)).toContain("load")
    expect(leftOut(["Dockerfile"], ["test"], load)).not.toContain("load")
  })
})

describe("what a save need not run again", () => {
  it("passed in the last run, or passed before and was not touched since", () => {
    const status = aStatus({ test: { kind: "skipped", why: UNTOUCHED }, image: ended({ verdict: "failed" }) })
    expect([...passedIn(status)]).toEqual(["config", "test", "patch-coverage", "scan", "load"])
  })

  it("is no gate that was stopped by --fail-fast or left out for the base", () => {
    const status = aStatus({ scan: { kind: "skipped", why: "stopped, because test did not pass (--fail-fast)" } })
    expect(passedIn(status).has("scan")).toBe(false)
  })

  it("is not the test whose run leaves changed lines uncovered, because a passing verdict would hide them", () => {
    const status = aStatus({ "patch-coverage": ended({ verdict: "failed" }) })
    expect(passedIn(status).has("test")).toBe(false)
  })
})

/** Saves that come in an order that the test sets. */
class Given implements Saves {
  closed = false
  constructor(readonly files: (string[] | null)[]) {}
  next = async () => this.files.shift() ?? null
  close = async () => void (this.closed = true)
}

/** Each run with what it was given, and what a signal would do during it. */
async function watched(files: (string[] | null)[], ends: (() => Status)[]) {
  const screen: string[] = []
  vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(screen.push(String(text))))
  vi.spyOn(console, "error").mockImplementation((text: unknown) => void screen.push(String(text)))
  const saves = new Given(files)
  const runs: { saved: Saved | undefined; interruptible: boolean }[] = []
  let onSignal: (() => void) | null = null
  const ending = runAfterSaves(
    saves,
    async (saved) => {
      runs.push({ saved, interruptible: onSignal === null })
      return (ends[runs.length - 1] ?? (() => aStatus()))()
    },
    (work) => (onSignal = work),
  )
  const error = await ending.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return { runs, error, screen: screen.join(""), closed: saves.closed }
}

const broken = () => {
  throw new TollgateError("settings-invalid", "tollgate.yaml: qa.suites is missing.", "Correct it.")
}

describe("watching", () => {
  it("runs at once, and again for each save with the gates that passed, and ends with the signal that comes while it waits", async () => {
    const { runs, screen, closed } = await watched(
      [["app/x.py"], ["1", "2", "3", "4", "5", "6", "7"], null],
      [() => aStatus({ scan: ended({ verdict: "failed" }) })],
    )
    expect(runs.map(({ saved }) => saved?.files)).toEqual([
      undefined,
      ["app/x.py"],
      ["1", "2", "3", "4", "5", "6", "7"],
    ])
    expect([...(runs[1]?.saved?.passed ?? [])]).toEqual(["config", "test", "patch-coverage", "image", "load"])
    expect([...(runs[2]?.saved?.passed ?? [])]).toContain("scan")
    expect(screen).toContain("Saved: 1, 2, 3, 4, 5 and 2 more\n")
    expect(closed).toBe(true)
  })

  it("leaves a signal during a run to the process, which stops the run", async () => {
    const { runs } = await watched([["a"], ["b"], null], [])
    expect(runs.map(({ interruptible }) => interruptible)).toEqual([true, true, true])
  })

  it("shows an error that makes a run impossible, waits for the save that corrects it, and then runs every gate", async () => {
    const { runs, error, screen } = await watched(
      [["tollgate.yaml"], ["tollgate.yaml"], null],
      [() => aStatus(), broken],
    )
    expect(error).toBeNull()
    expect(screen).toContain("✗ settings-invalid\n\ntollgate.yaml: qa.suites is missing.")
    expect([...(runs[2]?.saved?.passed ?? ["none"])]).toEqual([])
  })

  it("ends with such an error in the first run", async () => {
    const { error, closed } = await watched([["a"]], [broken])
    expect(error).toBeInstanceOf(TollgateError)
    expect(closed).toBe(true)
  })
})

describe("the files of a source that were saved", () => {
  function repository(): string {
    const folder = scratch()
    execFileSync("git", ["init", "--quiet", folder])
    writeFileSync(join(folder, ".gitignore"), "*.log\nbuild/\n")
    for (const name of ["app", "build", "out"]) mkdirSync(join(folder, name))
    return folder
  }

  it("are those that Git does not ignore and that no program of Tollgate, Git or an editor writes", async () => {
    const folder = repository()
    const files = await SavedFiles.in(folder, join(folder, "out"))
    const end = new AbortController()
    try {
      for (const name of ["a.log", "build/x", "out/status.json", ".git/FETCH_HEAD", "app/x.py~", "app/x.py"])
        writeFileSync(join(folder, name), "1")
      expect(await files.next(end.signal)).toEqual(["app/x.py"])
      const next = files.next(end.signal)
      end.abort()
      expect(await next).toBeNull()
    } finally {
      await files.close()
    }
  })

  it("are kept until they are asked for, so that a save during a run is not lost", async () => {
    const folder = repository()
    const files = await SavedFiles.in(folder, false)
    try {
      mkdirSync(join(folder, "app/new"))
      writeFileSync(join(folder, "app/new/y.py"), "1")
      // as some editors do
      writeFileSync(join(folder, "app/x.part"), "2")
      renameSync(join(folder, "app/x.part"), join(folder, "app/x.py"))
      const found = new Set<string>()
      while (!found.has("app/new/y.py") || !found.has("app/x.py"))
        for (const file of (await files.next(new AbortController().signal)) ?? []) found.add(file)
      rmSync(join(folder, "app/x.py"))
      expect(await files.next(new AbortController().signal)).toContain("app/x.py")
    } finally {
      await files.close()
    }
  })

  it("are in a folder without Git all but what is known by name", async () => {
    const folder = scratch()
    const files = await SavedFiles.in(folder, false)
    try {
      for (const name of [".x.py.swp", "a.log"]) writeFileSync(join(folder, name), "1")
      expect(await files.next(new AbortController().signal)).toEqual(["a.log"])
    } finally {
      await files.close()
    }
  })

  it("are known by name", () => {
    for (const path of ["app/x.py", "tollgate.yaml", "out2/a", ".github/workflows/a.yml", ".gitignore"])
      expect(mayBeSource(path, "out"), path).toBe(true)
    for (const path of [
      ".git/index",
      "sub/.git",
      "a/node_modules/b.js",
      "app/__pycache__/x.pyc",
      ".x.py.swp",
      "x.py~",
      "a/4913",
      "out",
      "out/a",
      "out.part-7/b",
      "tollgate-report/ci/x",
    ])
      expect(mayBeSource(path, "out"), path).toBe(false)
  })
})
