import { execFileSync, spawnSync } from "node:child_process"
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, test } from "vitest"
import { dagger } from "./dagger-call.js"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-image-command-line-"))
const good = repository("good")
const bad = repository("bad", (text) => text.replace("USER 10001:10001", "USER root"))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The fixture as a repository of its own, with one commit. */
function repository(name: string, dockerfile: (text: string) => string = (text) => text): string {
  const path = join(folder, name)
  cpSync(join(ROOT, "test/engine/fixtures/shop"), path, { recursive: true })
  writeFileSync(join(path, "Dockerfile"), dockerfile(readFileSync(join(path, "Dockerfile"), "utf8")))
  appendFileSync(
    join(path, "tollgate.yaml"),
    "  services: { postgres: false, redis: false }\n  name: registry.invalid/acme/shop\n  registry: { user: bot }\n",
  )
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
  ])
    execFileSync("git", ["-C", path, ...args])
  return path
}

function tollgate(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [join(ROOT, "bin/tollgate.mjs"), ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, REGISTRY_TOKEN: "a-token" },
  })
}

test("tollgate build checks the image of a repository, labels it with the commit, writes report and image, and exits 0", () => {
  const run = tollgate(good, "build", `--out=${join(folder, "image.tar")}`)
  expect(run.stdout).toMatch(/service +passed [^]*PASSED: image [0-9a-f]{12}, linux\/\w+ [\d.]+ MB\n$/)
  expect(run.status, run.stderr).toBe(0)
  const revision = execFileSync("git", ["-C", good, "rev-parse", "HEAD"], { encoding: "utf8" }).trim()
  const report = JSON.parse(readFileSync(join(good, "tollgate-report/image/image.json"), "utf8"))
  expect(report).toMatchObject({
    verdict: "passed",
    stamp: { revision },
    platforms: [{ config: { Labels: { "org.opencontainers.image.revision": revision } } }],
  })
  expect(readFileSync(join(good, "tollgate-report/image/service.log"), "utf8")).toContain("shop: listening on 8000")
  // the report is not part of the source, so the digest stays the same
  expect(execFileSync("tar", ["-tf", join(folder, "image.tar")], { encoding: "utf8" })).toMatch(/^oci-layout$/m)
  const again = tollgate(good, "check-image", "--no-report")
  expect(again.stdout).toContain("by an earlier run of the same image")
  const digest = (screen: string) => /^image (sha256:\S+)$/m.exec(screen)?.[1]
  expect(digest(again.stdout)).toBe(digest(run.stdout))
})

test("a failed image exits 1, with one screen and a full report, and is not written", () => {
  const run = tollgate(bad, "build", `--out=${join(folder, "bad.tar")}`)
  expect(run.status).toBe(1)
  expect(existsSync(join(folder, "bad.tar"))).toBe(false)
  expect(run.stdout).toMatch(
    /runs-as-root {2}the image runs as root: USER is root[^]*FAILED: 1 problem: runs-as-root\n$/,
  )
  expect(existsSync(join(bad, "tollgate-report/image/report.html"))).toBe(true)
})

test("tollgate publish does not push a failed image", () => {
  const run = tollgate(bad, "publish", "--tag=v1", "--registry-password=env:REGISTRY_TOKEN")
  expect(run.status).toBe(1)
  expect(run.stdout).toContain("runs-as-root")
  expect(run.stderr).not.toContain("publish registry.invalid")
})

test("a registry that cannot be reached is an error without the token", () => {
  const run = tollgate(good, "publish", "--tag=v1", "--registry-password=env:REGISTRY_TOKEN")
  expect(run.status).toBe(1)
  expect(run.stderr).toMatch(/registry-unreachable[^]*Could not reach registry\.invalid[^]*Nothing was published/)
  expect(run.stderr + run.stdout).not.toContain("a-token")
})

test("with dagger call, the error of a failed image is its whole screen", async () => {
  const failed = await dagger(bad, "-m", ROOT, "call", "--source=.", "build")
  expect(failed.code).toBe(1)
  expect(failed.err).toMatch(/Error: [^]*runs-as-root {2}the image runs as root[^]*FAILED: 1 problem: runs-as-root/)
})
