import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { commitsOf } from "../../../cli/release/commits.js"

const folder = mkdtempSync(join(tmpdir(), "tollgate-commits-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const source = join(folder, "shop")
const git = (...args: string[]): string =>
  execFileSync("git", ["-C", source, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      ...process.env,
      GIT_AUTHOR_NAME: "An Wu",
      GIT_AUTHOR_EMAIL: "an@shop.example",
      GIT_COMMITTER_NAME: "x",
      GIT_COMMITTER_EMAIL: "x@shop.example",
    },
  }).trim()
function commit(author: string, message: string): string {
  git("commit", "--allow-empty", "-q", `--author=${author} <${author.replace(" ", ".")}@shop.example>`, "-m", message)
  return git("rev-parse", "HEAD")
}
execFileSync("git", ["init", "-q", source])
const first = commit("Mei Lin", "the live one")
commit("Bo Chen", "hidden among many")
for (let index = 0; index < 3; index += 1) commit("An Wu", `step ${index}`)
const head = commit("An Wu", "the last\n\nCo-authored-by: Eve Ng <eve@shop.example>")
const commits = commitsOf(source)

describe("the authors of a plan's commits", () => {
  it("are all of them, with those who are named as co-authors", () => {
    expect(commits(first, head, false)).toMatchObject({ kind: "known", authors: ["An Wu", "Bo Chen", "Eve Ng"] })
    expect(commits(null, head, true)).toMatchObject({
      kind: "known",
      from: "",
      authors: ["An Wu", "Bo Chen", "Eve Ng", "Mei Lin"],
    })
  })

  it.each([
    [
      "--revision names another commit than the one that is built",
      first,
      git("rev-parse", "HEAD~1"),
      "is not the commit",
    ],
    ["the source has changes that are not committed", first, `${head}-dirty`, "not committed"],
    ["the live release was built with such changes", `${first}-dirty`, head, "not committed"],
    ["the live commit is not in this repository", "f".repeat(40), head, "does not have the commit"],
    ["nobody knows the live commit", null, head, "is not known"],
    ["there is no Git", first, "", "not a Git repository"],
  ])("are not known when %s", (_, from, to, why) => {
    expect(commits(from, to, false)).toMatchObject({ kind: "unknown", why: expect.stringContaining(why) })
  })

  it("are not known in a shallow clone, which hides the older ones", () => {
    const shallow = join(folder, "shallow")
    execFileSync("git", ["clone", "-q", "--depth=2", `file://${source}`, shallow], { stdio: "ignore" })
    expect(commitsOf(shallow)(git("rev-parse", "HEAD~1"), head, false)).toMatchObject({
      kind: "unknown",
      why: expect.stringContaining("shallow"),
    })
  })
})
