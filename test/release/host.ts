import { reachFromHost } from "../../cli/release/reach-from-host.js"
import type { Settings } from "../../core/config/parse.js"
import { openSandbox, type Sandbox } from "../../core/targets/sandbox/open.js"

/** The sandbox's host, as tests reach for it. */

export function sandboxNamed(name: string, settings: Settings): Promise<Sandbox> {
  const given = settings.environments["sandbox"]?.target
  if (given?.kind !== "sandbox") throw new Error("the sandbox has a target")
  return openSandbox(settings, given, reachFromHost, name)
}

const NO_RELEASES =
  "docker rm -f tollgate-proxy $(docker ps -aq --filter label=tollgate.service) >/dev/null 2>&1; docker volume rm -f tollgate-proxy >/dev/null; rm -rf /var/lib/tollgate/* /tmp/trap"

/** The host without its releases, and with its ledger. */
export async function removeReleases(sandbox: Sandbox): Promise<void> {
  await onHost(sandbox, `${NO_RELEASES}; true`)
}

/** The host as it was before anything was deployed there. */
export async function empty(sandbox: Sandbox): Promise<void> {
  await onHost(
    sandbox,
    `${NO_RELEASES}; docker exec postgres psql -U app -d app -c 'drop database if exists tollgate with (force)' -c 'drop role if exists tollgate' >/dev/null 2>&1; true`,
  )
}

export function onHost({ host }: Sandbox, script: string): Promise<string> {
  return host.run({ what: "look, for the test", script, seconds: 120 })
}

/** Status and body of what customers are answered. */
export async function liveVersion({ target }: Sandbox): Promise<string> {
  const answer = await target.requestLive({ method: "GET", path: "/version" })
  return answer.kind === "answered" ? `${answer.status} ${answer.body}` : answer.why
}
