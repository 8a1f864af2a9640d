import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { isTollgate } from "../../core/source/default-source.js"
import { divide } from "../../core/source/divide.js"
import { isPointer, leadsOut, linksOutOf, modifiedIn, objectId, pointersIn } from "../../core/source/look.js"
import { literalPattern } from "../../core/source/pattern.js"
import { nothing, remarkLines } from "../../core/source/remarks.js"
import type { Tracked, TrackedKind } from "../../core/source/tracked.js"

const folder = mkdtempSync(join(tmpdir(), "tollgate-look-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function tracked(path: string, kind: TrackedKind = "file", more: Partial<Tracked> = {}): Tracked {
  return { path, kind, skipped: false, id: "", size: null, modified: null, ...more }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

describe("the source", () => {
  const all = [
    ".git/",
    ".git/index",
    ".gitignore",
    "lib/",
    "lib/kept.py",
    "lib/local.py",
    "logs/",
    "logs/a.log",
    "shop/",
    "shop/a.py",
    "shop/new.py",
    "void/",
  ]
  const unignored = [".gitignore", "lib/", "logs/", "shop/", "shop/a.py", "shop/new.py", "void/"]

  it("is what Git tracks, though .gitignore names it, and what Git neither tracks nor ignores", () => {
    const names = [".gitignore", "lib/kept.py", "shop/a.py", "shop/gone.py"]
    expect(
      divide(
        { all, unignored },
        names.map((path) => tracked(path)),
      ),
    ).toEqual({
      outside: [".git/", "lib/local.py", "logs/", "void/"],
      leftOut: ["lib/local.py", "logs/a.log"],
      deleted: ["shop/gone.py"],
      untracked: ["shop/new.py"],
    })
  })

  it("has a submodule's files, which the index does not list, and its folder while it is empty", () => {
    const listing = { all: ["sdk/", "sdk/a.py", "empty/"], unignored: ["sdk/", "sdk/a.py", "empty/"] }
    expect(divide(listing, [tracked("sdk", "submodule"), tracked("empty", "submodule")])).toEqual({
      outside: [],
      leftOut: [],
      deleted: [],
      untracked: [],
    })
  })

  it("misses no file of a sparse checkout that is not there", () => {
    const files = [tracked("docs/a.md", "file", { skipped: true }), tracked("assets", "sparse-folder")]
    expect(divide({ all: [], unignored: [] }, files).deleted).toEqual([])
  })

  it("has a tracked name also where the file system writes its accents in another form", () => {
    const decomposed = "caf\u0065\u0301.py"
    expect(divide({ all: [decomposed], unignored: [] }, [tracked("caf\u00e9.py")])).toMatchObject({
      outside: [],
      deleted: [],
    })
  })
})

describe("a pattern of one path", () => {
  it.each([
    ["shop/lib/", "shop/lib"],
    ["[id]/a*?.tsx", "\\[id\\]/a\\*\\?.tsx"],
    ["!important", "\\!important"],
    ["back\\slash", "back\\\\slash"],
    ["trailing ", "trailing[ ]"],
    ["caf\ufffd.py", "caf*.py"],
    ["\nleading", "[\n]leading"],
  ])("takes %j literally", (path, pattern) => {
    expect(literalPattern(path)).toBe(pattern)
  })
})

describe("the files of a source", () => {
  const pointer = (size: number) =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize ${size}\n`

  it("that are pointers of Git LFS are found where .gitattributes has its filter", () => {
    write("assets/a.bin", pointer(12345))
    write("assets/b.bin", "the real content".repeat(9))
    const files = [tracked("assets/a.bin"), tracked("assets/b.bin"), tracked("assets/missing.bin")]
    expect(pointersIn(folder, files)).toEqual([])
    write("assets/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
    expect(pointersIn(folder, [...files, tracked("assets/.gitattributes")])).toEqual(["assets/a.bin"])
  })

  it("are no pointers because a line of theirs is one", () => {
    expect(isPointer(pointer(1))).toBe(true)
    expect(isPointer(`# as in ${pointer(1)}`)).toBe(false)
    expect(isPointer(`${pointer(1)}more\n`)).toBe(false)
  })

  it.each([
    ["config/current", "../shop", false],
    ["a", "b/../c", false],
    ["config/current", "../../secrets", true],
    ["a", "..", true],
    ["a", "..data/b", false],
    ["a/b", "/etc/passwd", true],
  ])("symlink %s -> %s leads out: %s", (path, target, out) => {
    expect(leadsOut(path, target)).toBe(out)
  })

  it("that are symlinks are read, not followed", () => {
    mkdirSync(join(folder, "links"))
    symlinkSync("../../outside", join(folder, "links/out"))
    symlinkSync("../assets", join(folder, "links/in"))
    expect(linksOutOf(folder, ["links/out", "links/in", "assets/a.bin"])).toEqual([
      { path: "links/out", target: "../../outside" },
    ])
  })

  it("are modified by their content, not by their time, nor by line ends that Git converts", () => {
    write("same.py", "one\ntwo\n")
    write("touched.py", "one\n")
    write("windows.py", "one\r\ntwo\r\n")
    write("changed.py", "two\n")
    symlinkSync("same.py", join(folder, "link"))
    const of = (path: string, text: string, kind: TrackedKind = "file") =>
      tracked(path, kind, { id: objectId(Buffer.from(text), 40), size: text.length, modified: 1n })
    const files = [
      of("same.py", "one\ntwo\n"),
      of("touched.py", "one\n"),
      of("windows.py", "one\ntwo\n"),
      of("changed.py", "one\n"),
      of("link", "same.py", "symlink"),
    ]
    expect(modifiedIn(folder, files)).toEqual(["changed.py"])
  })

  it("that Git filters are not modified because a filter wrote them", () => {
    const content = "the real content"
    const hash = createHash("sha256").update(content).digest("hex")
    const pointerText = `version https://git-lfs.github.com/spec/v1\noid sha256:${hash}\nsize ${content.length}\n`
    write("large.bin", content)
    write("crypt.key", "decrypted")
    write("crypt/.gitattributes", "*.key filter=git-crypt\n")
    const large = tracked("large.bin", "file", { id: objectId(Buffer.from(pointerText), 40), size: 1 })
    const key = tracked("crypt.key", "file", { id: "0".repeat(40), size: "decrypted".length })
    expect(modifiedIn(folder, [large, key])).toEqual(["crypt.key"])
    expect(modifiedIn(folder, [large, key, tracked("crypt/.gitattributes", "file", { size: 23 })])).toEqual([])
  })
})

describe("a source that a clone does not give", () => {
  it("has one line for its differences, and one for each other fact with what to do", () => {
    expect(
      remarkLines({
        ...nothing,
        modified: ["shop/a.py"],
        untracked: ["notes.txt", "x/"],
        absent: ["vendor/sdk"],
        sparse: ["docs/1", "docs/2", "docs/3", "docs/4", "docs/5", "docs/6", "docs/7"],
        pointers: ["assets/a.bin"],
        links: [{ path: "current", target: "/srv/current" }],
        inSubmodules: ["vendor/sdk/build/a.py"],
      }),
    ).toEqual([
      "differs from a clean clone: 1 modified (shop/a.py); 2 untracked (notes.txt, x/). git status lists all",
      "submodules that are not checked out: vendor/sdk. Run: git submodule update --init --recursive",
      "tracked files outside of the sparse checkout: docs/1, docs/2, docs/3, docs/4, docs/5 and 2 more. Run: git sparse-checkout disable",
      "Git LFS pointers instead of files: assets/a.bin. Run: git lfs pull",
      "symlinks that lead out of the source, so that a clone has no file there: current -> /srv/current. Commit the files instead",
      "files in submodules that .gitignore names are left out, also where Git tracks them: vendor/sdk/build/a.py. The command line of `tollgate` asks the submodule's Git",
    ])
    expect(remarkLines(nothing)).toEqual([])
  })

  it("shows a name with a line end on one line", () => {
    expect(remarkLines({ ...nothing, untracked: ["a\nsource: passed"] })).toEqual([
      'differs from a clean clone: 1 untracked ("a\\nsource: passed"). git status lists it',
    ])
  })
})

describe("Tollgate's own repository", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  const files = ["dagger.json", ...["core", "src"].flatMap((folder) => filesIn(root, folder))]

  it("is known by its files, and no part of it is", () => {
    expect(isTollgate(files)).toBe(true)
    expect(isTollgate(files.filter((file) => file !== "dagger.json"))).toBe(false)
    expect(isTollgate(["dagger.json", "src/index.ts", "tollgate.yaml"])).toBe(false)
  })
})

function filesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`)
}
