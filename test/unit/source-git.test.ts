import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { type GitRepository, gitEnvironment, readRepository } from "../../cli/gate/git-repository.js"
import { notUploaded, remarksOn } from "../../cli/gate/git-source.js"
import { sourceOfCommit } from "../../cli/migration-plan/running-source.js"

const room = mkdtempSync(join(tmpdir(), "tollgate-git-"))
afterAll(() => rmSync(room, { recursive: true, force: true }))

function git(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
  return execFileSync("git", ["-C", folder, ...identity, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  })
}

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** A repository with one commit of all files, also of those that it ignores. */
function committed(name: string, files: Record<string, string>): string {
  const folder = join(room, name)
  mkdirSync(folder, { recursive: true })
  git(folder, "init", "--quiet")
  write(folder, files)
  git(folder, "add", "--all", "--force")
  git(folder, "commit", "--quiet", "--message", "one")
  return folder
}

function read(folder: string): GitRepository {
  const reading = readRepository(folder)
  if (reading.kind !== "repository") throw new Error(JSON.stringify(reading))
  return reading.repository
}

const paths = ({ tracked }: GitRepository) => tracked.map(({ path }) => path).sort()

describe("what Git says of a folder", () => {
  it("tells tracked files, though .gitignore names them, from ignored ones; whole folders once", () => {
    const folder = committed("ignored", {
      ".gitignore": "lib/\n*.json\n",
      "shop/lib/fees.py": "1",
      "version.json": "{}",
    })
    write(folder, { "other.json": "{}", "lib/deep/a.py": "", "shop/lib/local.py": "", "notes.txt": "" })
    mkdirSync(join(folder, "empty/inside"), { recursive: true })
    const repository = read(folder)
    expect(paths(repository)).toEqual([".gitignore", "shop/lib/fees.py", "version.json"])
    expect(repository.ignored.sort()).toEqual(["empty/", "lib/", "other.json", "shop/lib/local.py"])
    expect(repository.untracked).toEqual(["notes.txt"])
  })

  it("tells what differs from the commit: modified, deleted, staged and untracked files, also below the top", () => {
    const folder = committed("changed", { "app/a.py": "1", "app/b.py": "1", "app/c d.py": "1", "beside.py": "1" })
    write(folder, { "app/a.py": "2", "app/new.py": "", "app/staged.py": "", "beside.py": "2" })
    rmSync(join(folder, "app/c d.py"))
    git(folder, "add", "app/staged.py")
    const { modified, deleted, untracked } = read(join(folder, "app"))
    expect({ modified, deleted, untracked }).toEqual({
      modified: ["a.py"],
      deleted: ["c d.py"],
      untracked: ["staged.py", "new.py"],
    })
  })

  it("has names with spaces, quotes, line ends and other scripts as they are", () => {
    const names = ["ä ö.py", 'a "b".py', "new\nline.py", "back\\slash.py", "[id].tsx", " lead", "日本.py"]
    const folder = committed("odd", Object.fromEntries(names.map((name) => [name, ""])))
    expect(paths(read(folder))).toEqual([...names].sort())
  })

  it("has the files of a submodule, by its own ignore files; one that is not checked out is absent", () => {
    const sdk = committed("sdk", { ".gitignore": "build/\n", "build/kept.py": "", "sdk.py": "" })
    const folder = committed("with-submodules", { "app.py": "" })
    git(folder, "submodule", "--quiet", "add", sdk, "vendor/sdk")
    git(folder, "submodule", "--quiet", "add", sdk, "vendor/other")
    git(folder, "commit", "--quiet", "--message", "two")
    write(folder, { "vendor/sdk/build/made.py": "" })
    const whole = read(folder)
    expect(paths(whole)).toContain("vendor/sdk/build/kept.py")
    expect(whole.ignored).toEqual(["vendor/sdk/build/made.py"])
    expect(whole.absent).toEqual([])
    const clone = join(room, "clone-without-submodules")
    git(room, "clone", "--quiet", folder, clone)
    expect(read(clone).absent).toEqual(["vendor/other", "vendor/sdk"])
  })

  it("tells the files outside of a sparse checkout", () => {
    const folder = committed("sparse", { "shop/app.py": "", "docs/a.md": "", "docs/b.md": "" })
    git(folder, "sparse-checkout", "set", "shop")
    const repository = read(folder)
    const seen = { exists: (path: string) => path.startsWith("shop"), pointers: [], links: [] }
    expect(remarksOn(repository, seen).sparse).toEqual(["docs/a.md", "docs/b.md"])
    expect(repository.deleted).toEqual([])
  })

  it("is the same in a linked worktree", () => {
    const folder = committed("main-worktree", { ".gitignore": "lib/\n", "lib/a.py": "" })
    git(folder, "worktree", "add", "--quiet", join(room, "linked"))
    expect(paths(read(join(room, "linked")))).toEqual([".gitignore", "lib/a.py"])
  })

  it("is nothing outside of a repository, and in a folder that the repository around it ignores", () => {
    const plain = join(room, "plain")
    write(plain, { "a.py": "" })
    expect(readRepository(plain)).toEqual({ kind: "none" })
    const folder = committed("around", { ".gitignore": "/build/\n" })
    write(folder, { "build/service/a.py": "" })
    expect(readRepository(join(folder, "build/service"))).toEqual({ kind: "none" })
  })

  it("does not follow the variables of a hook to another repository", () => {
    const env = { GIT_DIR: "/elsewhere/.git", GIT_INDEX_FILE: "/elsewhere/index", PATH: "/bin", GIT_SSH: "ssh" }
    expect(gitEnvironment(env)).toEqual({ PATH: "/bin", GIT_SSH: "ssh", LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" })
  })

  it("is passed on in Git's own words where Git refuses", () => {
    const folder = committed("broken", { "a.py": "" })
    cpSync(join(folder, ".git/HEAD"), join(folder, ".git/index"))
    expect(readRepository(folder)).toEqual({ kind: "failed", why: expect.stringContaining("index") })
  })
})

describe("what is not uploaded", () => {
  const repository = (tracked: string[], ignored: string[] = []): GitRepository => ({
    tracked: tracked.map((path) => ({ path, kind: "file", skipped: false, id: "", size: null, modified: null })),
    ignored,
    modified: [],
    deleted: [],
    untracked: [],
    absent: [],
  })

  it("is what Git ignores, taken literally, installed packages, and caches even where Git tracks them", () => {
    expect(notUploaded(repository(["app/a.py", "app/__pycache__/a.pyc"], ["lib/", "[id]/!x*"]))).toEqual([
      "**/node_modules",
      "**/.venv",
      "lib",
      "\\[id\\]/\\!x\\*",
      "**/.git",
      "**/__pycache__",
      "**/.pytest_cache",
      "tollgate-report",
    ])
  })

  it("is not a folder of installed packages that Git tracks", () => {
    const patterns = notUploaded(repository(["web/node_modules/a/index.js"], ["web/node_modules/.cache/"]))
    expect(patterns.slice(0, 4)).toEqual([
      "**/node_modules",
      "**/.venv",
      "!web/node_modules",
      "web/node_modules/.cache",
    ])
  })
})

it("a symlink is one entry, whatever it leads to", () => {
  const folder = committed("links", { "shop/a.py": "" })
  symlinkSync("shop", join(folder, "link"))
  git(folder, "add", "--all")
  expect(read(folder).tracked.map(({ path, kind }) => [path, kind])).toEqual([
    ["link", "symlink"],
    ["shop/a.py", "file"],
  ])
})

it("a commit's source has its tracked files, also ignored ones and those that an archive would leave out", () => {
  const folder = committed("live", {
    ".gitattributes": "docs/ export-ignore\n",
    ".gitignore": "lib/\n",
    "service/docs/a.md": "",
    "service/lib/fees.py": "1",
  })
  const commit = git(folder, "rev-parse", "HEAD").trim()
  write(folder, { "service/lib/fees.py": "2" })
  const extracted = sourceOfCommit(join(folder, "service"), commit) ?? ""
  expect(readdirSync(extracted, { recursive: true }).sort()).toEqual(["docs", "docs/a.md", "lib", "lib/fees.py"])
  expect(readFileSync(join(extracted, "lib/fees.py"), "utf8")).toBe("1")
  expect(sourceOfCommit(folder, "f".repeat(40))).toBeNull()
})
