import { execFileSync } from "node:child_process"
import type { Commits } from "../../core/release/plan/gather.js"

const FORMAT = "%H%x1f%s%x1f%an%x1f%cI"
/** Authors, also those of the trailers that several authors leave. */
const AUTHORS = "%an%n%(trailers:key=Co-authored-by,valueonly)"
const MOST = 200

/** What Git of this machine knows. */
export function commitsOf(source: string): Commits {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", source, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 * 1024 * 1024,
    })
  return (from, to, first) => {
    if (to === "") return { kind: "unknown", why: "the source is not a Git repository" }
    if (to.endsWith("-dirty")) return { kind: "unknown", why: "the source has changes that are not committed" }
    if (from === null && !first) return { kind: "unknown", why: "the live commit is not known" }
    if (from?.endsWith("-dirty") === true)
      return { kind: "unknown", why: "the live release was built with changes that are not committed" }
    const range = from === null ? to : `${from}..${to}`
    try {
      // --revision may name any commit: what is built is the one that is checked out
      if (git("rev-parse", "HEAD").trim() !== git("rev-parse", `${to}^{commit}`).trim())
        return { kind: "unknown", why: `the source is not the commit ${to.slice(0, 12)}` }
      if (git("rev-parse", "--is-shallow-repository").trim() === "true")
        return { kind: "unknown", why: "this clone is shallow: fetch all commits" }
      const list = git("log", `--max-count=${MOST}`, `--format=${FORMAT}`, range, "--")
        .split("\n")
        .flatMap((text) => {
          const [id = "", subject = "", author = "", at = ""] = text.split("\u001f")
          return id === "" ? [] : [{ id, subject, author, at }]
        })
      const authors = new Set(
        git("log", `--format=${AUTHORS}`, range, "--")
          .split("\n")
          .map((name) => name.replace(/<[^>]*>\s*$/, "").trim())
          .filter((name) => name !== ""),
      )
      return { kind: "known", from: from ?? "", to, list, authors: [...authors].sort() }
    } catch {
      return { kind: "unknown", why: `this repository does not have the commit ${(from ?? to).slice(0, 12)}` }
    }
  }
}
