import { execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, test } from "vitest"
import { serviceFolder } from "./service.js"

const LAUNCHER = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-command-line-"))
const green = serviceFolder(join(folder, "green"))
const red = serviceFolder(join(folder, "red"), { "tests/test_rules.py": (text) => text.replace("== 300", "== 301") })

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function tollgate(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [LAUNCHER, ...args], { cwd, encoding: "utf8" })
}

test("tollgate test in a repository proves it, prints one screen to stdout, writes the report, and exits 0", () => {
  const run = tollgate(green, "test")
  expect(run.stdout).toMatch(/e2e +4 +4 +0 +0 .*passed[^]*PASSED: 2 suites, 7 tests, coverage 100\.00 %\n$/)
  expect(run.stdout.trim().split("\n").length).toBeLessThanOrEqual(40)
  expect(run.stderr).toContain("suite webhook: passed, 3 tests")
  expect(run.status).toBe(0)
  expect(readdirSync(join(green, "tollgate-report"))).toContain("report.html")
})

test("it works from a folder below as well, and its own report is not part of the source", () => {
  const run = tollgate(join(green, "tests"), "test", `--report=${join(folder, "elsewhere")}`)
  expect(run.stdout).toContain("cached")
  expect(run.status).toBe(0)
})

test("a red suite exits 1, says why on one screen, and has its report all the same", () => {
  const run = tollgate(folder, "test", `--source=${red}`, "--suites=e2e", `--report=${join(folder, "red-report")}`)
  expect(run.status).toBe(1)
  expect(run.stdout).toMatch(
    /test-failed {2}tests\/test_rules\.py:7 {2}test_a_part_can_be_refunded[^]*assert 300 == 301/,
  )
  expect(run.stdout).toContain("FAILED: 1 of 1 suite")
  expect(readFileSync(join(folder, "red-report/summary.md"), "utf8")).toContain("test_a_part_can_be_refunded")
})

test("tollgate validate says that tollgate.yaml and its files are in order, or names what is missing", () => {
  const run = tollgate(green, "validate")
  expect(run.stdout).toMatch(/^tollgate\.yaml is valid: 2 suites, \d+ files, all of them there\.\n$/)
  expect(run.status).toBe(0)
  const missing = serviceFolder(join(folder, "missing"), { "tests/test_rules.py": null })
  const failed = tollgate(missing, "validate")
  expect(failed.stderr).toMatch(/files-missing[^]*tests\/test_rules\.py/)
  expect(failed.status).toBe(1)
})

test("an error for people goes to stderr with its code and exits 1; nothing else is printed", () => {
  const run = tollgate(green, "test", "--suites=smoke")
  expect(run.status).toBe(1)
  expect(run.stdout).toBe("")
  expect(run.stderr).toMatch(/suite-unknown[^]*no suite smoke[^]*It has: e2e, webhook\./)
  expect(run.stderr).not.toContain("    at ")
})

test("wrong usage exits 2", () => {
  expect(tollgate(green, "test", "--suite=e2e").status).toBe(2)
})

test("a folder that is not a report is never replaced", () => {
  const precious = join(folder, "precious")
  mkdirSync(precious)
  writeFileSync(join(precious, "thesis.txt"), "years of work")
  const run = tollgate(green, "test", `--report=${precious}`)
  expect(run.status).toBe(1)
  expect(run.stderr).toContain("report-folder")
  expect(readdirSync(precious)).toEqual(["thesis.txt"])
})

test("a source without tollgate.yaml is reported before anything is started", () => {
  const run = tollgate(tmpdir(), "test", `--source=${folder}`)
  expect(run.status).toBe(1)
  expect(run.stderr).toContain("settings-missing")
})

test.runIf(process.getuid?.() === 0 && process.platform === "linux")(
  "no disk left for the report is said as such, and the earlier verdict is not claimed",
  () => {
    const tiny = join(folder, "tiny")
    mkdirSync(tiny)
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", tiny])
    try {
      const run = tollgate(green, "test", `--report=${join(tiny, "report")}`)
      expect(run.status).toBe(1)
      expect(run.stderr).toMatch(/no-space[^]*no space left on the disk of/i)
      expect(readdirSync(tiny)).toEqual([])
    } finally {
      execFileSync("umount", [tiny])
    }
  },
)
