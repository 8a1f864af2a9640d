import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, it } from "vitest"

const LAUNCHER = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))
const SHOP = fileURLToPath(new URL("fixtures/shop/", import.meta.url))
const SETTINGS = `qa:
  services: { postgres: false, redis: false }
  suites:
    unit: { files: [tests/test_shop.py] }
paths:
  test: ["shop/**", "tests/**"]
  image: [Dockerfile]
  scan: [Dockerfile]
`
const work = mkdtempSync(join(tmpdir(), "tollgate-watch-"))
const source = join(work, "shop")
let child: ChildProcess | null = null
afterAll(() => {
  child?.kill("SIGKILL")
  rmSync(work, { recursive: true, force: true })
})

/** A command's output, as it comes. */
class Output {
  #text = ""
  #from = 0
  #told: (() => void) | null = null

  add(more: unknown): void {
    this.#text += String(more)
    this.#told?.()
  }

  /** Everything up to these words, from where the last call ended. */
  async upTo(words: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(words, this.#from)
      if (at >= 0) {
        const found = this.#text.slice(this.#from, at + words.length)
        this.#from = at + words.length
        return found
      }
      await new Promise<void>((told) => (this.#told = told))
    }
  }
}

it("ci --watch runs what a save touches and what did not pass, and ends with exit code 0 by Ctrl-C while it waits", async () => {
  cpSync(SHOP, source, { recursive: true })
  writeFileSync(join(source, "tollgate.yaml"), SETTINGS)
  writeFileSync(join(source, "tests/test_shop.py"), "def test_price():\n    assert 1 == 2\n")
  execFileSync("git", ["init", "--quiet", source])
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", source, "-c", "user.name=T", "-c", "user.email=t@t", ...args])
  git("add", ".")
  git("commit", "--quiet", "--message=Start")

  child = spawn(process.execPath, [LAUNCHER, "ci", "--watch", "--base=HEAD", `--report=${join(source, "out")}`], {
    cwd: source,
    env: { ...process.env, XDG_STATE_HOME: join(work, "state") },
  })
  const output = new Output()
  child.stdout?.on("data", (text) => output.add(text))
  child.stderr?.on("data", (text) => output.add(text))
  const ended = new Promise<number | null>((code) => child?.on("close", code))

  // the base is what the source is: no gate with patterns runs
  expect(await output.upTo("Waiting for a save")).toContain("test skipped: nothing changed since the base")
  writeFileSync(join(source, "tests/test_shop.py"), "def test_price():\n    assert 1 == 3\n")
  expect(await output.upTo("Waiting for a save")).toMatch(/Saved: tests\/test_shop\.py[^]*FAILED: 1 of \d gates: test/)
  writeFileSync(join(source, "README.md"), "no file of a gate\n")
  expect(await output.upTo("Waiting for a save")).toMatch(/Saved: README\.md[^]*FAILED: 1 of \d gates: test/)
  writeFileSync(join(source, "tests/test_shop.py"), "def test_price():\n    assert 2 == 2\n")
  expect(await output.upTo("Waiting for a save")).toMatch(/Saved: tests\/test_shop\.py[^]*PASSED/)
  writeFileSync(join(source, "README.md"), "still none\n")
  expect(await output.upTo("Waiting for a save")).toContain(
    "test skipped: it passed before, and the save touches none of its files",
  )
  child.kill("SIGINT")
  expect(await ended).toBe(0)
})
