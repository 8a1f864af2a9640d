import { words } from "../../shared/shell-words.js"
import { serviceFolder } from "./names.js"
import type { ServicePlan } from "./plan.js"

/** Exit codes by which a script of ours says which of its steps failed. */
export const exit = { login: 71, pull: 72, noShell: 73, lock: 75 } as const

const LOCK_SECONDS = 150

/** After a question that failed: that a container is not there is an answer, that the daemon is not there is none. */
export const daemonAnswers = "docker version >/dev/null"

/**
 * A script that changes something, alone on its host: what an earlier run began, and may still be doing although its
 * connection was cut, is waited for.
 */
export function alone(plan: ServicePlan, body: string): string {
  const folder = serviceFolder(plan)
  return [
    "set -u",
    "umask 077",
    words("mkdir", "-p", folder),
    `exec 9>${words(`${folder}/lock`)}`,
    `flock -w ${LOCK_SECONDS} 9 || exit ${exit.lock}`,
    body,
  ].join("\n")
}

/** Lines of a script, the first failure of which ends it. */
export function steps(...lines: readonly string[]): string {
  return ["set -e", ...lines].join("\n")
}
