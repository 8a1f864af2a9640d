import { execFileSync } from "node:child_process"
import type { Commits } from "../../core/release/plan/gather.js"

const FORMAT = "%H%x1f%s%x1f%an%x1f%cI"
const MOST = 200

/** What Git of this machine knows. */
export function commitsOf(source: string): Commits {
  return (from, to) => {
    if (from === null) return { kind: "unknown", why: "the live commit is not known" }
    const [first, last] = [from.replace(/-dirty$/, ""), to.replace(/-dirty$/, "")]
    if (last === "") return { kind: "unknown", why: "the source is not a Git repository" }
    try {
      const printed = execFileSync(
        "git",
        ["-C", source, "log", `--max-count=${MOST}`, `--format=${FORMAT}`, `${first}..${last}`, "--"],
        { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      )
      const list = printed.split("\n").flatMap((text) => {
        const [id = "", subject = "", author = "", at = ""] = text.split("\u001f")
        return id === "" ? [] : [{ id, subject, author, at }]
      })
      return { kind: "known", from: first, to: last, list }
    } catch {
      return { kind: "unknown", why: `this repository does not have the commit ${first.slice(0, 12)}` }
    }
  }
}
