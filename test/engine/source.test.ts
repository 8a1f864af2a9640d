import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Directory, dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { hostSource } from "../../cli/gate/host-source.js"
import { noStamp } from "../../core/image/stamp.js"
import { defaultVersion } from "../../core/release/session/default-version.js"
import { IGNORED } from "../../core/source/not-source.js"
import { takeSource } from "../../core/source/take.js"
import { dagger } from "./dagger-call.js"
import { useEngine } from "./session.js"

useEngine()

const room = mkdtempSync(join(tmpdir(), "tollgate-source-test-"))
const laptop = join(room, "laptop")
const clone = join(room, "clone")
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12345\n`

/** Tracked, with names that mean something to a shell, to a pattern or to Git's output; several are ignored as well. */
const files = {
  ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n",
  ".gitignore": "lib/\n*.json\n",
  "assets/[id]*.py": "",
  "assets/large.bin": pointer,
  "shop/app.py": "one\n",
  "shop/lib/deep/ä ö.py": "",
  "shop/lib/fees.py": "",
  "shop/lib/!new\nline 'quoted'.py": "",
  "tollgate.yaml": 'qa:\n  suites:\n    fees:\n      files: ["shop/lib/test_fees.py"]\n',
  "shop/lib/test_fees.py": "",
  "version.json": "{}\n",
  "web/back\\slash": "",
}

function git(folder: string, ...args: string[]): void {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
  execFileSync("git", ["-C", folder, ...identity, ...args], { stdio: "ignore" })
}

function write(folder: string, contents: Record<string, string>): void {
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

beforeAll(() => {
  const sdk = join(room, "sdk")
  write(sdk, { "sdk.py": "" })
  write(laptop, files)
  symlinkSync("../outside", join(laptop, "current"))
  symlinkSync("shop/app.py", join(laptop, "main.py"))
  for (const folder of [sdk, laptop]) {
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "one")
  }
  git(laptop, "submodule", "--quiet", "add", sdk, "vendor/sdk")
  git(laptop, "commit", "--quiet", "--message", "two")
  git(room, "clone", "--quiet", "--recurse-submodules", laptop, clone)
})

afterAll(() => rmSync(room, { recursive: true, force: true }))

/** The lines about the source that are said while it is taken. */
async function heard(take: () => Promise<Directory>): Promise<{ source: Directory; lines: string[] }> {
  const lines: string[] = []
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0)
  try {
    const source = await take()
    return { source, lines: lines.filter((line) => line.startsWith("source: ")) }
  } finally {
    spy.mockRestore()
  }
}

/** A folder as each entry point takes it, and the lines that it says about it. */
async function taken(folder: string): Promise<{ cli: Directory; module: Directory; said: string[][] }> {
  const cli = await heard(async () => (await takeSource(hostSource(folder))).root)
  const upload = dag.host().directory(folder, { exclude: IGNORED, noCache: true })
  const module = await heard(async () => (await takeSource(upload)).root)
  return { cli: cli.source, module: module.source, said: [cli.lines, module.lines] }
}

async function filesOf(source: Directory): Promise<string[]> {
  return (await source.glob("**/*")).filter((path) => !path.endsWith("/")).sort()
}

test("the source is what Git tracks, and the same for both entry points, on a laptop and in a clone", async () => {
  const tracked = [...Object.keys(files), ".gitmodules", "current", "main.py", "vendor/sdk/sdk.py"].sort()
  const ofClone = await taken(clone)
  expect(await filesOf(ofClone.cli)).toEqual(tracked)
  expect(await filesOf(ofClone.module)).toEqual(tracked)
  const facts = [
    "source: Git LFS pointers instead of files: assets/large.bin. Run: git lfs pull\n",
    "source: symlinks that lead out of the source, so that a clone has no file there: current -> ../outside. Commit the files instead\n",
  ]
  expect(ofClone.said).toEqual([facts, facts])

  // what a laptop has besides: ignored files, a report under a name of its own, folders without files, caches
  write(laptop, {
    "shop/lib/local.py": "",
    "other.json": "",
    "reports/june/.gitignore": "*\n",
    "reports/june/report.html": "",
    "shop/__pycache__/app.pyc": "",
    "node_modules/left/pad.js": "",
    ".git/info/exclude": "*.swp\n",
    "shop/app.py.swp": "",
  })
  mkdirSync(join(laptop, "logs/old"), { recursive: true })
  const ofLaptop = await taken(laptop)
  const digests = [ofClone.cli, ofClone.module, ofLaptop.cli, ofLaptop.module].map((source) => source.digest())
  expect(new Set(await Promise.all(digests)).size).toBe(1)
  expect(ofLaptop.said).toEqual([facts, facts])

  write(laptop, { "shop/app.py": "two\n", "notes.txt": "" })
  rmSync(join(laptop, "web"), { recursive: true })
  const different =
    "source: differs from a clean clone: 1 modified (shop/app.py); 1 deleted (web/back\\slash); 1 untracked (notes.txt). git status lists all\n"
  const changed = await taken(laptop)
  expect(changed.said).toEqual([
    [different, ...facts],
    [different, ...facts],
  ])
  expect(await changed.module.digest()).toBe(await changed.cli.digest())
})

test("a source has the same default version through both entry points, and another one after each change", async () => {
  const versions = async (revision: string) => {
    const upload = dag.host().directory(clone, { exclude: IGNORED, noCache: true })
    return await Promise.all(
      [hostSource(clone), upload].map((folder) => defaultVersion({ ...noStamp, revision }, folder)),
    )
  }
  const commit = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
  expect(await versions(commit)).toEqual(["9f86d081884c", "9f86d081884c"])
  const [known, alsoKnown] = await versions("")
  expect(known).toMatch(/^source-[0-9a-f]{12}$/)
  expect(alsoKnown).toBe(known)
  write(clone, { "notes.txt": "one\n" })
  const [dirty, alsoDirty] = await versions(`${commit}-dirty`)
  expect(dirty).toMatch(/^9f86d081884c-dirty-[0-9a-f]{8}$/)
  expect(alsoDirty).toBe(dirty)
  write(clone, { "notes.txt": "two\n" })
  expect((await versions(`${commit}-dirty`))[0]).not.toBe(dirty)
  rmSync(join(clone, "notes.txt"))
})

test("dagger call has a tracked file that .gitignore names", async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  const valid = await dagger(clone, "-m", root, "call", "--source=.", "validate")
  expect(valid.out, valid.err).toContain("1 file")
})

test("what an upload does not tell is never guessed: the files in question are named", async () => {
  const upload = (folder: string) => dag.host().directory(folder, { exclude: IGNORED, noCache: true })
  const linked = join(room, "linked")
  git(clone, "worktree", "add", "--quiet", linked)
  await expect(takeSource(upload(linked))).rejects.toMatchObject({
    code: "source-index",
    message: expect.stringMatching(/linked Git worktree[^]*shop\/lib\/fees\.py/),
    next: expect.stringContaining("git clone"),
  })
  expect(await filesOf((await takeSource(hostSource(linked))).root)).toContain("shop/lib/fees.py")

  write(clone, { "web/node_modules/left/pad.js": "" })
  git(clone, "add", "--force", "web/node_modules")
  await expect(takeSource(upload(clone))).rejects.toMatchObject({
    code: "source-not-uploaded",
    message: expect.stringContaining("web/node_modules/left/pad.js"),
  })
  expect(await filesOf((await takeSource(hostSource(clone))).root)).toContain("web/node_modules/left/pad.js")

  const plain = join(room, "plain")
  write(plain, { ".gitignore": "lib/\n", "lib/a.py": "", "shop/a.py": "" })
  for (const folder of [upload(plain), hostSource(plain)]) {
    const { source, lines } = await heard(async () => (await takeSource(folder)).root)
    expect(await filesOf(source)).toEqual([".gitignore", "shop/a.py"])
    expect(lines).toEqual([expect.stringMatching(/^source: no Git repository[^]*lib\/a\.py/)])
  }
})
