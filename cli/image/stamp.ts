import { type Stamp, stampOf } from "../../core/image/stamp.js"
import { gitText } from "../gate/git-text.js"

interface StampOptions {
  revision?: string | undefined
  created?: string | undefined
  sourceUrl?: string | undefined
}

/** The image's labels: from the options, otherwise from Git. */
export function stampFor(source: string, { revision, created, sourceUrl }: StampOptions): Stamp {
  const head = revision ?? gitText(source, "rev-parse", "HEAD")
  return stampOf(
    revision === undefined && head !== "" && isDirty(source) ? `${head}-dirty` : head,
    created ?? (head === "" ? "" : gitText(source, "log", "-1", "--format=%cI", head.replace(/-dirty$/, ""))),
    sourceUrl ?? webUrl(gitText(source, "remote", "get-url", "origin")),
  )
}

/** Uncommitted changes, except Tollgate's own report. What the user's configuration of Git hides counts as well. */
function isDirty(source: string): boolean {
  const all = ["--untracked-files=normal", "--ignore-submodules=none"]
  return gitText(source, "status", "--porcelain", ...all, "--", ".", ":!tollgate-report") !== ""
}

/** A remote as the URL of a web page, without login; empty if it has none. */
export function webUrl(remote: string): string {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/]+)\/(.+)$/.exec(remote) ??
    /^(?:[^@/\s]+@)?([\w.-]+):(?!\/)(.+)$/.exec(remote) ??
    []
  if (host === undefined || path === undefined) return ""
  // the port of an SSH remote is not one of HTTPS
  return `https://${/^https?:/.test(remote) ? host : host.replace(/:\d+$/, "")}/${path.replace(/\.git\/?$|\/$/, "")}`
}
