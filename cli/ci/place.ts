import { execFileSync } from "node:child_process"
import type { CiPlace } from "../../core/ledger/ci-ran.js"

/** Branch and pull request, as GitHub, GitLab or git knows them. */
export function placeOf(repository: string, env: NodeJS.ProcessEnv): CiPlace {
  const { GITHUB_HEAD_REF, GITHUB_REF_NAME, GITHUB_REF, CI_COMMIT_REF_NAME, CI_MERGE_REQUEST_IID } = env
  const [, pull] = /^refs\/pull\/(\d+)\//.exec(GITHUB_REF ?? "") ?? []
  const named = [GITHUB_HEAD_REF, GITHUB_REF_NAME, CI_COMMIT_REF_NAME].find((name) => name !== undefined && name !== "")
  return { branch: named ?? branchOf(repository), change: pull ?? (CI_MERGE_REQUEST_IID || null) }
}

function branchOf(repository: string): string | null {
  try {
    const found = execFileSync("git", ["-C", repository, "symbolic-ref", "--short", "--quiet", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    })
    return found.trim() || null
  } catch {
    // no git, or a commit without a branch
    return null
  }
}
