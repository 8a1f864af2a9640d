import { describe, expect, it } from "vitest"
import { detect } from "../../core/app/python/detect.js"
import {
  localEntries,
  referencesIn,
  splitExport,
  withoutLocalEntries,
} from "../../core/app/python/requirements-text.js"

describe("a requirements file", () => {
  it("refers to other files in every spelling that pip reads", () => {
    const text =
      "-r base.txt\n-rmore.txt\n--requirement=dev.txt\n-c 'limits.txt'\n--constraint pins.txt # why\n-r https://example.com/x.txt\n"
    expect(referencesIn(text)).toEqual(["base.txt", "more.txt", "dev.txt", "limits.txt", "pins.txt"])
  })

  it("is followed, from folder to folder and out of the app's own", () => {
    const texts = new Map([
      ["pay/requirements.txt", "-r ../common/base.txt\n"],
      ["common/base.txt", "-c limits.txt\n"],
      ["common/limits.txt", "-r base.txt\n"],
    ])
    expect(detect({ app: "pay", texts }, { purpose: "test" }, "app.dependencies").files).toEqual([
      "pay/requirements.txt",
      "common/base.txt",
      "common/limits.txt",
    ])
  })

  it.each([
    ["-e .", true],
    ["-e .[test]", true],
    [".", true],
    ["./libs/money", true],
    ["../money[fast]", true],
    ["--editable=libs/money", true],
    ["money @ file:libs/money", true],
    ["wheels/money-1.0-py3-none-any.whl", true],
    ["money-1.0-py3-none-any.whl --hash=sha256:47", true],
    ["libs/money", true],
    ["libs/money[fast] ; python_version > '3.9'", true],
    ["six==1.17.0 ; sys_platform == 'a/b'", false],
    ["https://example.com/money-1.0.tar.gz", false],
    ["--find-links wheels", true],
    ["six==1.17.0", false],
    ["money @ https://example.com/money-1.0.tar.gz", false],
    ["git+https://example.com/money.git", false],
    ["-e git+https://example.com/money.git#egg=money", false],
    ["--index-url https://example.com/simple/", false],
    ["six==1.17.0 --hash=sha256:47", false],
    ["-r base.txt", false],
  ])("%s: from the repository itself is %s", (line, local) => {
    expect(localEntries(`${line}\n`)).toEqual(local ? [line] : [])
  })

  it("installs everything else without the source, in UTF-16 too", () => {
    expect(withoutLocalEntries("\uFFFD\uFFFDs\0i\0x\0\n\0-\0e\0 \0.\0\n\0")).toBe("six\n")
    expect(withoutLocalEntries("six==1.17.0 \\\n    --hash=sha256:47 # pinned\n-e .\n")).toBe(
      "six==1.17.0     --hash=sha256:47\n",
    )
  })
})

describe("what a package manager exports", () => {
  it("is split into what comes from indexes and the repository's own projects", () => {
    const text = [
      "--index-url https://example.com/simple",
      "",
      "-e ./packages/money",
      ".",
      "./libs/a%20b ; sys_platform == 'linux'",
      '-e file:///workspace/libs/x ; python_version >= "3.11"',
      'money @ file:///workspace/libs/money ; python_version >= "3.11" \\',
      "six==1.17.0 \\",
      "    --hash=sha256:47",
      "toolz @ git+https://example.com/toolz@1f2e",
    ].join("\n")
    const { remote, local } = splitExport(text)
    expect(remote.split("\n")).toEqual([
      "--index-url https://example.com/simple",
      "",
      "six==1.17.0 \\",
      "    --hash=sha256:47",
      "toolz @ git+https://example.com/toolz@1f2e",
    ])
    expect(local).toEqual([
      { path: "./packages/money", editable: true, marker: null },
      { path: ".", editable: false, marker: null },
      { path: "./libs/a b", editable: false, marker: "sys_platform == 'linux'" },
      { path: "/workspace/libs/x", editable: true, marker: 'python_version >= "3.11"' },
      { path: "/workspace/libs/money", editable: false, marker: 'python_version >= "3.11"' },
    ])
  })
})
