import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, test } from "vitest"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const LAUNCHER = join(ROOT, "bin/tollgate.mjs")
const folder = mkdtempSync(join(tmpdir(), "tollgate-scan-entry-points-"))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A service on a Debian image, with these requirements. */
function repository(name: string, requirements: string): string {
  const at = join(folder, name)
  mkdirSync(at)
  const files = {
    "tollgate.yaml":
      "qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_e2e.py] } } }\nscan: { ignoreUnfixed: true }\n",
    "requirements.txt": requirements,
    Dockerfile: 'FROM python:3.11-slim\nUSER 1000\nHEALTHCHECK CMD ["true"]\nCMD ["python", "-m", "http.server"]\n',
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(at, path), text)
  return at
}

const vulnerable = repository("vulnerable", "pyyaml==5.3\n")
const patched = repository("patched", "pyyaml==6.0.2\n")

const tollgate = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, [LAUNCHER, ...args], { cwd, encoding: "utf8" })
const dagger = (cwd: string, ...args: string[]) =>
  spawnSync(
    process.env["_EXPERIMENTAL_DAGGER_CLI_BIN"] ?? "dagger",
    ["--progress=plain", "-m", ROOT, "call", "--source=.", ...args],
    { cwd, encoding: "utf8", maxBuffer: 1 << 28 },
  )

test("tollgate scan of a service with a known vulnerability exits 1, with one screen and the whole report", () => {
  const run = tollgate(vulnerable, "scan")
  expect(run.status, run.stderr).toBe(1)
  expect(run.stdout).toMatch(
    /image: debian 12[^]*critical {2}CVE-2020-14343 {2}pyyaml {3}5\.3 {8}5\.4 {7}requirements\.txt:1\n[^]*\nFAILED: 1 critical finding\n$/,
  )
  expect(run.stdout.trim().split("\n").length).toBeLessThanOrEqual(40)
  expect(run.stderr).toContain("scan image: done")
  expect(readdirSync(join(vulnerable, "tollgate-report"))).toEqual(["scan"])
  expect(JSON.parse(readFileSync(join(vulnerable, "tollgate-report/scan/scan.json"), "utf8"))).toMatchObject({
    format: 2,
    verdict: "failed",
  })
})

test("a service with patched versions passes and exits 0; the baseline shows what is gone", () => {
  const baseline = join(folder, "baseline.json")
  cpSync(join(vulnerable, "tollgate-report/scan/scan.json"), baseline)
  const run = tollgate(
    folder,
    "scan",
    `--source=${patched}`,
    `--baseline=${baseline}`,
    `--report=${join(folder, "patched-report")}`,
  )
  expect(run.status, run.stderr).toBe(0)
  expect(run.stdout).toMatch(
    /0 new, 1 gone\n {2}gone {2}critical {2}CVE-2020-14343 {2}pyyaml\n[^]*\nPASSED: no critical finding in/,
  )
  expect(existsSync(join(folder, "patched-report/sbom.cdx.json"))).toBe(true)
})

test("a missing or invalid baseline is an error before the scan starts", () => {
  const missing = tollgate(patched, "scan", "--baseline=none.json", "--no-report")
  expect([missing.status, missing.stdout]).toEqual([1, ""])
  expect(missing.stderr).toMatch(/baseline-missing[^]*--baseline: there is no none\.json/)
  const wrong = tollgate(patched, "scan", "--baseline=requirements.txt", "--no-report")
  expect([wrong.status, wrong.stdout]).toEqual([1, ""])
  expect(wrong.stderr).toMatch(/baseline-invalid[^]*it is not JSON/)
  expect(wrong.stderr).not.toContain("scan image")
})

test("the report replaces an earlier report, and nothing else", () => {
  const precious = join(folder, "precious")
  mkdirSync(precious)
  writeFileSync(join(precious, "thesis.txt"), "years of work")
  const run = tollgate(patched, "scan", `--report=${precious}`)
  expect(run.status).toBe(1)
  expect(run.stderr).toContain("report-folder")
  expect(readdirSync(precious)).toEqual(["thesis.txt"])
})

test("dagger call scan exits 1, with the same screen as its error", () => {
  const run = dagger(vulnerable, "scan")
  expect(run.status).toBe(1)
  expect(run.stderr).toMatch(
    /Error: [^]*critical {2}CVE-2020-14343 {2}pyyaml[^]*Full report: dagger call scan-report export --path=tollgate-report\/scan[^]*FAILED: 1 critical finding/,
  )
})

test("dagger call scan-report writes the report of a failed scan and exits 0, compared with a baseline", () => {
  const out = join(folder, "from-dagger")
  const run = dagger(
    vulnerable,
    "scan-report",
    `--baseline=${join(folder, "patched-report/scan.json")}`,
    "export",
    `--path=${out}`,
  )
  expect(run.status, run.stderr).toBe(0)
  expect(JSON.parse(readFileSync(join(out, "scan.json"), "utf8"))).toMatchObject({
    verdict: "failed",
    change: { added: [{ id: "CVE-2020-14343" }] },
  })
  expect(readdirSync(out)).toContain("results.sarif")
})
