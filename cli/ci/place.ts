import type { CiPlace } from "../../core/ledger/ci-ran.js"
import { gitText } from "../gate/git-text.js"

/** Branch and pull request, as GitHub, GitLab or git knows them. */
export function placeOf(repository: string, env: NodeJS.ProcessEnv): CiPlace {
  const { GITHUB_HEAD_REF, GITHUB_REF_NAME, GITHUB_REF, CI_COMMIT_REF_NAME, CI_MERGE_REQUEST_IID } = env
  const [, pull] = /^refs\/pull\/(\d+)\//.exec(GITHUB_REF ?? "") ?? []
  const named = [GITHUB_HEAD_REF, GITHUB_REF_NAME, CI_COMMIT_REF_NAME].find((name) => name !== undefined && name !== "")
  return { branch: named ?? branchOf(repository), change: pull ?? (CI_MERGE_REQUEST_IID || null) }
}

/** null: no Git, or a commit without a branch. */
function branchOf(repository: string): string | null {
  return gitText(repository, "symbolic-ref", "--short", "--quiet", "HEAD") || null
}
