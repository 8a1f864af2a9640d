import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { proveSource } from "../../core/qa/prove.js"
import type { QaRun } from "../../core/qa/run.js"
import { prove, service, serviceFolder } from "./service.js"
import { useEngine } from "./session.js"

useEngine()

// tells when the dependencies of a run were installed: written once, when they are
const stamp = (text: string) =>
  text
    .replace("app:\n", 'app:\n  setup: ["date +%s%N > /opt/installed-at"]\n')
    .replace("qa:\n", "qa:\n  artifacts: [installed-at]\n  before: [cp /opt/installed-at installed-at]\n")

async function installedAt(changes: Parameters<typeof prove>[0]): Promise<string> {
  const run = await prove({ "tollgate.yaml": stamp, ...changes }, ["webhook"])
  return artifact(run, "installed-at")
}

async function artifact(run: QaRun, name: string): Promise<string> {
  const [suite] = run.runs
  if (suite === undefined) throw new Error("no suite ran")
  return suite.files.file(`artifacts/${name}`).contents()
}

test("a changed source file installs no dependency again; a changed requirements.txt does", async () => {
  const unique = `# ${Date.now()}\n`
  const first = await installedAt({})
  expect(await installedAt({ "app/retry.py": (text) => text + unique })).toBe(first)
  expect(await installedAt({ "requirements.txt": (text) => text + unique })).not.toBe(first)
})

test("unchanged source has its evidence already, and says so; --fresh gathers it again", async () => {
  const changed = { "app/retry.py": (text: string) => `${text}# ${Date.now()}\n` }
  const source = service(changed)
  const request = { suites: ["webhook"], run: "", secrets: undefined }
  const startedAt = async (run: string) => {
    const { result } = await proveSource(source, { ...request, run })
    return [result.suites[0]?.evidence?.startedAt, result.suites[0]?.cached]
  }
  const [first, firstCached] = await startedAt("")
  expect(firstCached).toBe(false)
  expect(await startedAt("")).toEqual([first, true])
  const [fresh, freshCached] = await startedAt("a")
  expect(fresh).not.toBe(first)
  expect(freshCached).toBe(false)
  expect(await startedAt("a")).toEqual([fresh, true])
})

test("files that git ignores are not part of the source: a laptop and a clone have the same digest", async () => {
  const clone = service({ ".gitignore": "*.log\n" })
  const laptop = clone.withNewFile("debug.log", "noise")
  const digest = async (source: typeof clone) =>
    (await proveSource(source, { suites: ["webhook"], run: "", secrets: undefined })).result.source
  expect(await digest(laptop)).toBe(await digest(clone))
})

test("a change beside the app's folder leaves its evidence valid", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-cache-test-"))
  const cached = async (readme: string) => {
    const source = join(folder, readme)
    serviceFolder(join(source, "service"))
    rmSync(join(source, "service/tollgate.yaml"))
    writeFileSync(join(source, "tollgate.yaml"), settings)
    writeFileSync(join(source, "README.md"), readme)
    const { result } = await proveSource(dag.host().directory(source), {
      suites: ["webhook"],
      run: "",
      secrets: undefined,
    })
    return result.suites[0]?.cached
  }
  const settings = await service({ "tollgate.yaml": (text) => text.replace("app:\n", "app:\n  path: service\n") })
    .file("tollgate.yaml")
    .contents()
  try {
    await cached("one")
    expect(await cached("two")).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
