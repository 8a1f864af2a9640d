import { GITHUB_COMMENT_FILE, GITHUB_FILE, githubComment, githubWorkflow } from "./github.js"
import { GITLAB_FILE, gitlabPipeline } from "./gitlab.js"
import { SHELL_FILE, shellScript } from "./shell.js"
import { HEADER, type Wrapper } from "./wrapper.js"

export const SYSTEMS = ["github", "gitlab", "shell"] as const
export type System = (typeof SYSTEMS)[number]

export interface WantedFile {
  path: string
  text: string
}

/** What `init` writes for a CI. */
export function wrapperFiles(wrapper: Wrapper, systems: readonly System[]): WantedFile[] {
  const of: Record<System, () => WantedFile[]> = {
    github: () => [
      { path: GITHUB_FILE, text: githubWorkflow(wrapper) },
      { path: GITHUB_COMMENT_FILE, text: githubComment(wrapper) },
    ],
    gitlab: () => [{ path: GITLAB_FILE, text: gitlabPipeline(wrapper) }],
    shell: () => [{ path: SHELL_FILE, text: shellScript(wrapper) }],
  }
  return systems.flatMap((system) => of[system]())
}

/** The CIs that a repository uses already; for none of them, the one for any. */
export function systemsOf(paths: readonly string[], origin: string): System[] {
  const found: System[] = [
    ...(paths.some((path) => path.startsWith(".github/")) || /^https:\/\/github\./.test(origin)
      ? ["github" as const]
      : []),
    ...(paths.some((path) => path === ".gitlab-ci.yml" || path === GITLAB_FILE) || /^https:\/\/gitlab\./.test(origin)
      ? ["gitlab" as const]
      : []),
    ...(paths.includes(SHELL_FILE) ? ["shell" as const] : []),
  ]
  return found.length === 0 ? ["shell"] : found
}

export type Writing =
  | { kind: "create"; file: WantedFile }
  | { kind: "same"; file: WantedFile }
  /** Made by an earlier `init`, and not changed by hand in its first line. */
  | { kind: "update"; file: WantedFile }
  /** The team's own: never overwritten. */
  | { kind: "keep"; file: WantedFile }

/** @param existing null: there is no such file */
export function writingOf(file: WantedFile, existing: string | null): Writing {
  if (existing === null) return { kind: "create", file }
  if (existing === file.text) return { kind: "same", file }
  return { kind: existing.split("\n", 2).join("\n").includes(HEADER) ? "update" : "keep", file }
}

/** The module's address in a wrapper that is there: a check compares with the version that it was made with. */
export function moduleIn(text: string): string | null {
  return /^\s*(?:TOLLGATE: |tollgate=)(\S+)$/m.exec(text)?.[1] ?? null
}
