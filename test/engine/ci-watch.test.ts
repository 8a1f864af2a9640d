import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
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
  #told: () => void = () => undefined
  #ended = false

  constructor(command: ChildProcess) {
    for (const stream of [command.stdout, command.stderr])
      stream?.on("data", (text) => {
        this.#text += String(text)
        this.#told()
      })
    command.on("close", () => {
      this.#ended = true
      this.#told()
    })
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
      if (this.#ended) throw new Error(`the command ended without "${words}":\n${this.#text.slice(this.#from)}`)
      await new Promise<void>((told) => (this.#told = told))
    }
  }
}

const testing = (assertion: string) =>
  writeFileSync(join(source, "tests/test_shop.py"), `def test_price():\n    assert ${assertion}\n`)

it("ci --watch runs what a save touches and what did not pass, loses no save, and ends with exit code 0 by Ctrl-C while it waits", async () => {
  cpSync(SHOP, source, { recursive: true })
  writeFileSync(join(source, "tollgate.yaml"), SETTINGS)
  testing("2 == 2")
  execFileSync("git", ["init", "--quiet", source])
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", source, "-c", "user.name=T", "-c", "user.email=t@shop.example", ...args])
  git("add", ".")
  git("commit", "--quiet", "--message=Start")
  testing("1 == 2")

  child = spawn(process.execPath, [LAUNCHER, "ci", "--watch", "--base=HEAD", `--report=${join(source, "out")}`], {
    cwd: source,
    env: { ...process.env, XDG_STATE_HOME: join(work, "state") },
  })
  const output = new Output(child)
  const code = new Promise<number | null>((done) => child?.on("close", done))

  // a save during the run: the run that follows is of it
  await output.upTo("ci: test running")
  testing("3 == 3")
  const during = await output.upTo("Waiting for a save")
  expect(during).toMatch(/image: none of the 1 changed file matches paths\.image/)
  expect(await output.upTo("Waiting for a save")).toMatch(/Saved: tests\/test_shop\.py[^]*PASSED: [^]*/)

  // what is no source starts no run: the next line is of the save after it
  mkdirSync(join(source, "node_modules"))
  for (const name of ["node_modules/a.js", "out/index.html", ".git/description"]) writeFileSync(join(source, name), "x")
  writeFileSync(join(source, "README.md"), "no file of a gate\n")
  const untouched = await output.upTo("Waiting for a save")
  expect(untouched).toMatch(/Saved: README\.md\n/)
  expect(untouched).toContain("test: it passed before, and the save touches none of its files")

  testing("1 == 3")
  expect(await output.upTo("Waiting for a save")).toMatch(
    /Saved: tests\/test_shop\.py\n[^]*FAILED: 1 of \d gates: test/,
  )
  writeFileSync(join(source, "README.md"), "still none\n")
  expect(await output.upTo("Waiting for a save")).toMatch(/Saved: README\.md\n[^]*FAILED: 1 of \d gates: test/)
  child.kill("SIGINT")
  expect(await code).toBe(0)
})
