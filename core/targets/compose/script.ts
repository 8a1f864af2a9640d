import { quote, words } from "../../shared/shell-words.js"
import { type FenceRule, fenceLine } from "../fence.js"
import { serviceFolder } from "./names.js"
import type { ServicePlan } from "./plan.js"

/** Exit codes by which a script of ours says which of its steps failed. */
export const exit = { login: 71, pull: 72, noShell: 73, lock: 75, fenced: 76, moved: 78 } as const

const LOCK_SECONDS = 150

/** After a question that failed: that a container is not there is an answer, that the daemon is not there is none. */
export const daemonAnswers = "docker version >/dev/null"

/** Precedes the fence file in the output of a refused change. */
export const REFUSED = "@@tollgate refused"

export function fenceFile(plan: ServicePlan): string {
  return `${serviceFolder(plan)}/fence`
}

/**
 * A script that changes something, alone on its host: what an earlier run began, and may still be doing although its
 * connection was cut, is waited for. Under the same lock it is refused when another run has claimed the host.
 */
export function alone(plan: ServicePlan, body: string): string {
  const folder = serviceFolder(plan)
  return [
    "set -u",
    "umask 077",
    words("mkdir", "-p", folder),
    `exec 9>${words(`${folder}/lock`)}`,
    `flock -w ${LOCK_SECONDS} 9 || exit ${exit.lock}`,
    ...(plan.fence === null ? [] : requireFence(plan, plan.fence)),
    body,
  ].join("\n")
}

/** A script that claims the host for a run above every run before it, and at least with this token. */
export function aloneAbove(plan: ServicePlan, { fence }: Extract<FenceRule, { kind: "run" }>, body: string): string {
  const { command, who, owner, since, run } = fence
  const [, , , ...rest] = fenceLine({ token: 0, granted: 0, run, command, who, owner, since }).split(" ")
  const claim = [
    ...readFence(plan),
    `if [ "$fence_run" != ${words(run)} ] || [ "$fence_token" -lt ${fence.token} ]; then`,
    "  mine=$((fence_token + 1))",
    `  [ "$mine" -ge ${fence.token} ] || mine=${fence.token}`,
    `  line="$mine $fence_granted "${quote(`${run} ${rest.join(" ")}`)}`,
    `  ${writeFence(plan)}`,
    "fi",
  ].join("\n")
  return alone({ ...plan, fence: null }, `${claim}\n${body}`)
}

/** On a full disk it is written over the old one: a rollback must not wait for room. */
function writeFence(plan: ServicePlan): string {
  const file = words(fenceFile(plan))
  return `{ printf '%s\\n' "$line" >${file}.new && mv ${file}.new ${file}; } || { rm -f ${file}.new; printf '%s\\n' "$line" 1<>${file}; } || exit 1`
}

function readFence(plan: ServicePlan): string[] {
  const file = words(fenceFile(plan))
  return [
    "fence_token=0 fence_granted=0 fence_run= fence_rest=",
    `[ ! -f ${file} ] || read -r fence_token fence_granted fence_run fence_rest <${file} || :`,
    "case $fence_token in '' | *[!0-9]*) fence_token=0 fence_run= ;; esac",
    "case $fence_granted in '' | *[!0-9]*) fence_granted=0 ;; esac",
  ]
}

function requireFence(plan: ServicePlan, rule: FenceRule): string[] {
  const file = words(fenceFile(plan))
  const refuse = `{ echo ${words(REFUSED)} >&2; cat ${file} >&2; exit ${exit.fenced}; }`
  if (rule.kind === "unchanged") return [...readFence(plan), `[ "$fence_token" -eq ${rule.token} ] || ${refuse}`]
  const { fence } = rule
  return [
    ...readFence(plan),
    `if [ "$fence_token" -ne ${fence.token} ] || [ "$fence_run" != ${words(fence.run)} ]; then`,
    `  [ "$fence_token" -lt ${fence.token} ] || ${refuse}`,
    `  line=${quote(fenceLine(fence))}`,
    `  ${writeFence(plan)}`,
    "fi",
  ]
}

/** Lines of a script, the first failure of which ends it. */
export function steps(...lines: readonly string[]): string {
  return ["set -e", ...lines].join("\n")
}
