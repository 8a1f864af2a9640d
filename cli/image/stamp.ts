import { execFileSync } from "node:child_process"
import { z } from "zod"
import { type Stamp, stampOf } from "../../core/image/stamp.js"

export const stampOptions = z.object({
  revision: z.string().optional(),
  created: z.string().optional(),
  sourceUrl: z.string().optional(),
})

/** What the labels say of the source: what is given, and what Git knows of the rest. */
export function stampFor(source: string, { revision, created, sourceUrl }: z.infer<typeof stampOptions>): Stamp {
  const head = revision ?? git(source, "rev-parse", "HEAD")
  return stampOf(
    revision === undefined && head !== "" && isDirty(source) ? `${head}-dirty` : head,
    created ?? (head === "" ? "" : git(source, "log", "-1", "--format=%cI", head.replace(/-dirty$/, ""))),
    sourceUrl ?? webUrl(git(source, "remote", "get-url", "origin")),
  )
}

/** Not what is committed, so not what the revision says; Tollgate's own report aside. */
function isDirty(source: string): boolean {
  return git(source, "status", "--porcelain", "--", ".", ":!tollgate-report") !== ""
}

/** Where Git is not there, or knows nothing of the folder, it has nothing to say. */
function git(folder: string, ...args: string[]): string {
  try {
    return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim()
  } catch {
    return ""
  }
}

/** A remote as a page that a person can open, without the login that may be in it; empty when it is no page. */
export function webUrl(remote: string): string {
  const [, host, path] = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/]+)\/(.+)$/.exec(remote) ?? /^(?:[^@/\s]+@)?([\w.-]+):(?!\/)(.+)$/.exec(remote) ?? []
  if (host === undefined || path === undefined) return ""
  // a port of ssh is none of https
  return `https://${/^https?:/.test(remote) ? host : host.replace(/:\d+$/, "")}/${path.replace(/\.git\/?$|\/$/, "")}`
}
