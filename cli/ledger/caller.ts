import { hostname, userInfo } from "node:os"

/** Who started this run and where, for the ledger. Informative, since the machine cannot verify it. */
export function caller(env: NodeJS.ProcessEnv): { who: string; owner: string } {
  const { GITHUB_ACTOR, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITLAB_USER_LOGIN, CI_JOB_URL } = env
  const who = GITHUB_ACTOR ?? GITLAB_USER_LOGIN ?? userName()
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID)
    return { who, owner: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}` }
  return { who, owner: CI_JOB_URL ?? `${hostname()}, process ${process.pid}` }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // a container may run as a user without a name
    return `user ${process.getuid?.() ?? "unknown"}`
  }
}
