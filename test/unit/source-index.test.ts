import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { readIndex } from "../../core/source/index-file.js"
import { objectId } from "../../core/source/look.js"

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function repository(...options: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-index-"))
  folders.push(folder)
  const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" })
  git("init", "--quiet", ...options)
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const index = () => readFileSync(join(folder, ".git/index"))
  return { folder, git, write, index }
}

/** Names of every length, so that each padding is met. */
const NAMES = [
  "a",
  "shop/lib/__init__.py",
  "shop/lib/fees.py",
  "with space/ä ö 日本.py",
  'new\nline "quoted" back\\slash\t.txt',
  ...Array.from({ length: 9 }, (_, length) => `padded/${"x".repeat(length + 1)}`),
  `${"long/".repeat(60)}${"name".repeat(60)}`,
].sort()

describe("Git's index", () => {
  it.each([
    ["version 2", [], ["--index-version", "2"]],
    ["version 4", [], ["--index-version", "4"]],
    ["SHA-256", ["--object-format=sha256"], ["--index-version", "2"]],
  ])("lists the tracked files as Git does: %s", (_, options, version) => {
    const { git, write, index } = repository(...options)
    for (const name of NAMES) write(name, `content of ${name}`)
    git("add", "--all")
    git("update-index", ...version)
    const reading = readIndex(index())
    if (reading.kind === "unreadable") throw new Error(reading.why)
    expect(reading.tracked.map(({ path }) => path).sort()).toEqual(NAMES)
    for (const { path, id, size, kind } of reading.tracked) {
      const content = Buffer.from(`content of ${path}`)
      expect([kind, id, size]).toEqual(["file", objectId(content, id.length), content.length])
    }
  })

  it("tells symlinks, submodules, and files outside a sparse checkout (version 3)", () => {
    const { git, write, folder, index } = repository()
    write("shop/app.py", "")
    write("docs/a.md", "")
    symlinkSync("shop", join(folder, "link"))
    git("add", "--all")
    git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},vendor/sdk`)
    git("update-index", "--skip-worktree", "docs/a.md")
    const reading = readIndex(index())
    expect(index().readUInt32BE(4)).toBe(3)
    expect(reading.kind === "read" && reading.tracked.map(({ path, kind, skipped }) => [path, kind, skipped])).toEqual([
      ["docs/a.md", "file", true],
      ["link", "symlink", false],
      ["shop/app.py", "file", false],
      ["vendor/sdk", "submodule", false],
    ])
  })

  it("lists a file in conflict once", () => {
    const { git, write, index } = repository()
    const commit = (text: string) => {
      write("fees.py", text)
      git("add", "--all")
      git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", text)
    }
    commit("base")
    git("checkout", "--quiet", "-b", "theirs")
    commit("theirs")
    git("checkout", "--quiet", "-")
    commit("ours")
    expect(() => git("-c", "user.name=a", "-c", "user.email=a@example.com", "merge", "--quiet", "theirs")).toThrow()
    const reading = readIndex(index())
    expect(reading.kind === "read" && reading.tracked.map(({ path }) => path)).toEqual(["fees.py"])
  })

  it("that is split is refused with the command that joins it", () => {
    const { git, write, index } = repository()
    write("a.py", "")
    git("add", "--all")
    git("update-index", "--split-index")
    expect(readIndex(index())).toMatchObject({ kind: "unreadable", next: expect.stringContaining("--no-split-index") })
    git("update-index", "--no-split-index")
    expect(readIndex(index()).kind).toBe("read")
  })

  it("that is damaged is refused, never read as another list", () => {
    const { git, write, index } = repository()
    for (const name of NAMES) write(name, "")
    git("add", "--all")
    const whole = index()
    for (const bytes of [
      Buffer.alloc(0),
      whole.subarray(0, 40),
      whole.subarray(0, 500),
      Buffer.from("not an index at all"),
    ])
      expect(readIndex(bytes).kind).toBe("unreadable")
    const flipped = Buffer.from(whole)
    flipped.writeUInt8(flipped.readUInt8(80) ^ 1, 80)
    expect(readIndex(flipped)).toMatchObject({ why: expect.stringContaining("checksum") })
    const other = Buffer.from(whole)
    other.writeUInt32BE(9, 4)
    expect(readIndex(other)).toMatchObject({ why: expect.stringContaining("version is 9") })
  })
})
