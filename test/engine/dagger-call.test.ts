import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, test } from "vitest"
import { kebab } from "../../cli/commands/command.js"
import { serviceFolder } from "./service.js"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const CLI = process.env["_EXPERIMENTAL_DAGGER_CLI_BIN"] ?? "dagger"
const folder = mkdtempSync(join(tmpdir(), "tollgate-dagger-call-"))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function dagger(cwd: string, ...args: string[]) {
  return spawnSync(CLI, ["--progress=plain", ...args], { cwd, encoding: "utf8", maxBuffer: 1 << 28 })
}

test("dagger call test runs on another repository, which has only a tollgate.yaml added", () => {
  const source = serviceFolder(join(folder, "theirs"))
  const run = dagger(source, "-m", ROOT, "call", "--source=.", "test")
  expect(run.status, run.stderr).toBe(0)
  expect(run.stdout).toContain("PASSED: 2 suites, 7 tests, coverage 100.00 %")
  expect(run.stderr).toContain("suite webhook: ")
})

test("a failed gate exits non-zero with the whole screen as its error", () => {
  const source = serviceFolder(join(folder, "red"), { "tests/test_retry.py": null })
  const run = dagger(source, "-m", ROOT, "call", "--source=.", "test", "--suites=webhook")
  expect(run.status).toBe(1)
  expect(run.stderr).toMatch(/Error: [^]*file-missing {2}tests\/test_retry\.py[^]*FAILED: 1 of 1 suite/)
})

test("test-report exports the report of a failed run and exits 0", () => {
  const out = join(folder, "report")
  const run = dagger(
    join(folder, "red"),
    "-m",
    ROOT,
    "call",
    "--source=.",
    "test-report",
    "--suites=webhook",
    "export",
    `--path=${out}`,
  )
  expect(run.status, run.stderr).toBe(0)
  expect(readFileSync(join(out, "summary.md"), "utf8")).toContain("file-missing")
  expect(existsSync(join(out, "junit/webhook.xml"))).toBe(true)
})

test("no argument has the name of an option of the dagger CLI, which refuses to call such a function", () => {
  const help = dagger(ROOT, "call", "--help")
  expect(help.status, help.stderr).toBe(0)
  const options = help.stdout.split("OPTIONS").slice(1).join("")
  const taken = [...options.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name = ""]) => name)
  expect(taken).toEqual(expect.arrayContaining(["quiet", "output", "json"]))
  const source = readFileSync(join(ROOT, "src/index.ts"), "utf8")
  const names = [...source.matchAll(/^ +\* @param (\w+)/gm)].map(([, name = ""]) => kebab(name))
  expect(names).toContain("comment-when-changed")
  expect(names.filter((name) => taken.includes(name))).toEqual([])
})

test("the help of test says what it does, each argument and its default", () => {
  const run = dagger(ROOT, "call", "test", "--help")
  expect(run.status, run.stderr).toBe(0)
  for (const said of ["judges them by evidence", "--suites", "Default: all", "--fresh", "--secrets", "env:NAME"])
    expect(run.stdout).toContain(said)
})

test("dagger check lists every gate that needs no argument", () => {
  const list = dagger(ROOT, "check", "--list")
  const names = [...list.stdout.matchAll(/^tollgate:([a-z-]+) /gm)].map(([, name]) => name)
  expect(names, list.stdout).toEqual(["check-image", "scan", "test", "validate"])
})

test("installed as a toolchain, Tollgate works on the project that installed it, and dagger check runs a gate by its name", () => {
  const project = serviceFolder(join(folder, "project"))
  spawnSync("git", ["init", "-q"], { cwd: project })
  writeFileSync(join(project, "dagger.json"), JSON.stringify({ name: "shop", engineVersion: "v0.21.8" }))
  cpSync(ROOT, join(project, "tools/tollgate"), {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.git|examples|test|docs|dagger|tollgate-report|sdk)$/.test(path),
  })
  const install = dagger(project, "toolchain", "install", "./tools/tollgate")
  expect(install.status, install.stderr).toBe(0)
  const run = dagger(project, "call", "tollgate", "validate")
  expect(run.status, run.stderr).toBe(0)
  expect(run.stdout).toContain("tollgate.yaml is valid: 2 suites")
  const check = dagger(project, "check", "tollgate:test")
  expect(check.status, check.stderr).toBe(0)
  expect(check.stderr).toContain("suite webhook: ")
})
