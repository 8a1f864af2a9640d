import type { CiPlace } from "../../core/ledger/ci-ran.js"
import { gitText } from "../gate/git-text.js"

/**
 * Branch, pull request and the branch that it goes into, as GitHub, GitLab or git knows them.
 *
 * @param base of --base
 */
export function placeOf(repository: string, env: NodeJS.ProcessEnv, base?: string): CiPlace {
  const { GITHUB_HEAD_REF, GITHUB_REF_NAME, GITHUB_REF, GITHUB_BASE_REF } = env
  const { CI_COMMIT_REF_NAME, CI_MERGE_REQUEST_IID, CI_MERGE_REQUEST_TARGET_BRANCH_NAME } = env
  const [, pull] = /^refs\/pull\/(\d+)\//.exec(GITHUB_REF ?? "") ?? []
  return {
    branch: named(GITHUB_HEAD_REF, GITHUB_REF_NAME, CI_COMMIT_REF_NAME) ?? branchOf(repository),
    change: pull ?? (CI_MERGE_REQUEST_IID || null),
    base:
      named(GITHUB_BASE_REF, CI_MERGE_REQUEST_TARGET_BRANCH_NAME) ??
      (base === undefined ? null : branchNamed(repository, base)),
  }
}

function named(...names: readonly (string | undefined)[]): string | null {
  return names.find((name) => name !== undefined && name !== "") ?? null
}

/** null: no Git, or a commit without a branch. */
function branchOf(repository: string): string | null {
  return gitText(repository, "symbolic-ref", "--short", "--quiet", "HEAD") || null
}

/** `origin/main` and `main` are the branch main; null: another revision, or a folder. */
function branchNamed(repository: string, revision: string): string | null {
  const ref = gitText(repository, "rev-parse", "--symbolic-full-name", "--end-of-options", revision)
  const [, local, remote] = /^refs\/(?:heads\/(.+)|remotes\/[^/]+\/(.+))$/m.exec(ref) ?? []
  return local ?? remote ?? null
}
