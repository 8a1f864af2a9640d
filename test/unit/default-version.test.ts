import { execFileSync } from "node:child_process"
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeEach, describe, expect, it } from "vitest"
import { stampFor } from "../../cli/image/stamp.js"
import { versionOf } from "../../core/release/session/default-version.js"
import { isVersion } from "../../core/release/session/release-id.js"

const room = mkdtempSync(join(tmpdir(), "tollgate-version-"))
const source = join(room, "shop")
const digest = () => Promise.resolve(`sha256:${"0123456789abcdef".repeat(4)}`)

afterAll(() => rmSync(room, { recursive: true, force: true }))

function git(...args: string[]): string {
  const author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
  return execFileSync("git", ["-C", source, ...author, ...args], { encoding: "utf8" }).trim()
}

/** The version of what is in the folder now, as `deploy` computes it. */
function version(): Promise<string> {
  return versionOf(stampFor(source, {}).revision, digest)
}

describe("the version of a release without --version", () => {
  beforeEach(() => {
    rmSync(source, { recursive: true, force: true })
    mkdirSync(source)
    writeFileSync(join(source, "app.py"), "one\n")
  })

  function commit(): string {
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "one")
    return git("rev-parse", "HEAD").slice(0, 12)
  }

  it("is the commit of a clean repository, whatever a report left there", async () => {
    const head = commit()
    mkdirSync(join(source, "tollgate-report"))
    writeFileSync(join(source, "tollgate-report/report.html"), "")
    expect(await version()).toBe(head)
  })

  it.each([
    ["a changed file", () => appendFileSync(join(source, "app.py"), "two\n")],
    ["a new file", () => writeFileSync(join(source, "fees.py"), "")],
    [
      "a new file that the user's configuration of Git hides",
      () => {
        git("config", "status.showUntrackedFiles", "no")
        writeFileSync(join(source, "fees.py"), "")
      },
    ],
    [
      "a staged file",
      () => {
        appendFileSync(join(source, "app.py"), "two\n")
        git("add", "app.py")
      },
    ],
  ])("does not claim to be the commit with %s: it has a digest of the source as well", async (_, change) => {
    const head = commit()
    change()
    const dirty = await version()
    expect(dirty).toBe(`${head}-dirty-01234567`)
    expect(isVersion(dirty)).toBe(true)
  })

  it.each([
    ["without Git", () => undefined],
    ["before the first commit", () => git("init", "--quiet")],
  ])("is a digest of the source %s", async (_, prepare) => {
    prepare()
    const named = await version()
    expect(named).toBe("source-0123456789ab")
    expect(isVersion(named)).toBe(true)
  })

  it("is the commit of --revision, and a digest where --revision names a branch", async () => {
    expect(await versionOf("9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B", digest)).toBe("9F86D081884C")
    for (const branch of ["main", "refs/heads/fees", "v1.4.0", "main-dirty"])
      expect(await versionOf(branch, digest)).toBe("source-0123456789ab")
  })
})
