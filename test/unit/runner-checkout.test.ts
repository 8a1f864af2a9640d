import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readRepository } from "../../cli/gate/git-repository.js"
import { stampFor } from "../../cli/image/stamp.js"
import { isInGit, withCheckout } from "../../cli/requests/checkout.js"
import { settingsOf } from "../../cli/requests/deploy-work.js"
import { parseSettings } from "../../core/config/parse.js"
import { TollgateError } from "../../core/shared/errors.js"

const room = mkdtempSync(join(tmpdir(), "tollgate-checkout-"))
afterAll(() => rmSync(room, { recursive: true, force: true }))
const [origin, clone] = [join(room, "origin"), join(room, "clone")]

function git(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
  return execFileSync("git", ["-C", folder, ...identity, ...args], { encoding: "utf8", stdio: "pipe" }).trim()
}

/** A commit of the service's folder. */
function commit(text: string): string {
  mkdirSync(join(origin, "shop"), { recursive: true })
  writeFileSync(join(origin, "shop/app.py"), text)
  writeFileSync(join(origin, "shop/tollgate.yaml"), SETTINGS)
  git(origin, "add", "--all")
  git(origin, "commit", "--quiet", "--message", text)
  return git(origin, "rev-parse", "HEAD")
}

const SETTINGS = "qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nledger: { service: shop }\n"
let first = ""
beforeAll(() => {
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", origin])
  first = commit("one")
  execFileSync("git", ["clone", "--quiet", origin, clone], { stdio: "pipe" })
})

const read = (revision: string) =>
  withCheckout(join(clone, "shop"), revision, async (folder) => readFileSync(join(folder, "app.py"), "utf8"))

describe("a commit that a runner deploys", () => {
  it("is a clean working tree of the runner's repository, whatever is in its own", async () => {
    writeFileSync(join(clone, "shop/app.py"), "changed, and not committed")
    writeFileSync(join(clone, "shop/extra.py"), "")
    let place = ""
    await withCheckout(join(clone, "shop"), first, async (folder) => {
      place = folder
      expect(readdirSync(folder).sort()).toEqual(["app.py", "tollgate.yaml"])
      expect(readFileSync(join(folder, "app.py"), "utf8")).toBe("one")
      // as a clone at this commit has it: the image's labels, and which files are the source
      expect(stampFor(folder, {})).toEqual(stampFor(join(origin, "shop"), { sourceUrl: stampFor(clone, {}).source }))
      expect(readRepository(folder)).toMatchObject({ kind: "repository", repository: { modified: [], untracked: [] } })
    })
    expect(existsSync(place)).toBe(false)
    expect(git(clone, "worktree", "list").split("\n")).toHaveLength(1)
    git(clone, "checkout", "--quiet", "--", ".")
    rmSync(join(clone, "shop/extra.py"))
  })

  it("is fetched when it was pushed after the clone", async () => {
    const second = commit("two")
    expect(await read(second)).toBe("two")
  })

  it("is refused when no branch or tag of the remote has it, though the remote has the commit", async () => {
    const hidden = commit("three")
    git(origin, "update-ref", "refs/hidden/pull", hidden)
    git(origin, "reset", "--quiet", "--hard", "HEAD~1")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    await expect(read(hidden)).rejects.toMatchObject({
      code: "deploy-commit",
      message: expect.stringContaining("the branches and tags of its remote do not either"),
    })
  })

  it("is refused with the reason when the remote does not answer, without a login in its address", async () => {
    const alone = join(room, "alone")
    execFileSync("git", ["clone", "--quiet", origin, alone], { stdio: "pipe" })
    git(alone, "remote", "set-url", "origin", `https://mei:hunter2@127.0.0.1:1/${"x".repeat(3)}`)
    const problem = await withCheckout(alone, "f".repeat(40), async () => "").catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(TollgateError)
    expect(problem).toMatchObject({ code: "deploy-commit", message: expect.stringContaining("fetching failed") })
    expect(String(problem)).not.toContain("hunter2")
  })

  it("runs no hook of the runner's machine, and is removed after a failure", async () => {
    const hook = join(clone, ".git/hooks/post-checkout")
    writeFileSync(hook, `#!/bin/sh\ntouch ${join(room, "hooked")}\n`, { mode: 0o755 })
    await expect(
      withCheckout(clone, first, async () => {
        throw new Error("the gate failed")
      }),
    ).rejects.toThrow("the gate failed")
    expect(existsSync(join(room, "hooked"))).toBe(false)
    expect(git(clone, "worktree", "list").split("\n")).toHaveLength(1)
  })

  it("does not end when a checkout of a runner that was killed is left", async () => {
    const left = join(room, "left")
    git(clone, "worktree", "add", "--detach", "--quiet", left, first)
    rmSync(left, { recursive: true })
    expect(await read(first)).toBe("one")
    expect(git(clone, "worktree", "list").split("\n")).toHaveLength(1)
  })

  it("is of the runner's own service", async () => {
    const own = parseSettings(SETTINGS)
    const judged = (service: string) =>
      withCheckout(join(clone, "shop"), first, async (folder) =>
        settingsOf(folder, first, "sandbox", { ...own, ledger: { ...own.ledger, service } }),
      )
    expect((await judged("shop")).ledger.service).toBe("shop")
    await expect(judged("bank")).rejects.toMatchObject({ code: "deploy-settings" })
    await expect(
      withCheckout(clone, first, async (folder) => settingsOf(folder, first, "sandbox", own)),
    ).rejects.toMatchObject({ code: "deploy-settings", message: expect.stringContaining("has no tollgate.yaml") })
  })
})

it("is known whether a folder is in a repository with a commit", async () => {
  expect(await isInGit(join(clone, "shop"))).toBe(true)
  expect(await isInGit(room)).toBe(false)
})
