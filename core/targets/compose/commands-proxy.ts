import { words } from "../../shared/shell-words.js"
import type { RemoteCommand } from "../ssh/command.js"
import { label, METRICS_PORT, PROXY, proxyFingerprint, serviceFolder } from "./names.js"
import type { ServicePlan } from "./plan.js"
import { alone } from "./script.js"

/** Whether there is nothing to do for the proxy: exit code 0. */
export function proxyAnswers({ network }: ServicePlan): RemoteCommand {
  return {
    what: "look for the proxy",
    script: `docker network inspect ${words(network)} >/dev/null 2>&1 && docker exec ${PROXY} kamal-proxy list >/dev/null 2>&1`,
    seconds: 60,
    looks: true,
  }
}

/** The network and the proxy in it, unless they are there. Its state is on a volume: a proxy started anew serves what it did. */
export function ensureProxy(plan: ServicePlan): RemoteCommand {
  const { network, proxy } = plan
  const create = words(
    "docker",
    "create",
    "--name",
    PROXY,
    "--label",
    `${label.settings}=${proxyFingerprint(plan)}`,
    "--network",
    network,
    "--publish",
    `${proxy.httpPort}:80`,
    "--publish",
    `${proxy.httpsPort}:443`,
    "--restart",
    "unless-stopped",
    "--log-driver",
    "json-file",
    "--log-opt",
    "max-size=10m",
    "--log-opt",
    "max-file=3",
    "--volume",
    `${PROXY}:/home/kamal-proxy/.config/kamal-proxy`,
    proxy.image,
    "kamal-proxy",
    "run",
    "--metrics-port",
    METRICS_PORT,
  )
  const body = [
    `docker network inspect ${words(network)} >/dev/null 2>&1 || docker network create ${words(network)} >/dev/null || exit 1`,
    `docker container inspect ${PROXY} >/dev/null 2>&1 || ${create} >/dev/null || exit 1`,
    `docker start ${PROXY} >/dev/null || exit 1`,
    ...untilItAnswers,
  ].join("\n")
  return { what: "start the proxy", script: alone(plan, body), seconds: 300 }
}

export const untilItAnswers = [
  "tries=0",
  `until docker exec ${PROXY} kamal-proxy list >/dev/null 2>&1; do`,
  `  tries=$((tries + 1)); [ $tries -lt 50 ] || { docker logs --tail 20 ${PROXY} >&2; exit 1; }`,
  "  sleep 0.2",
  "done",
]

/** The proxy answers once the release does, and only then; requests under way are finished first. */
export function deployToProxy(plan: ServicePlan, container: string): string {
  const { service, port, proxy, healthPath, healthSeconds, drainSeconds } = plan
  return words(
    "docker",
    "exec",
    PROXY,
    "kamal-proxy",
    "deploy",
    service,
    "--target",
    `${container}:${port}`,
    "--health-check-path",
    healthPath,
    "--deploy-timeout",
    `${healthSeconds}s`,
    "--drain-timeout",
    `${drainSeconds}s`,
    ...(proxy.host === null ? [] : ["--host", proxy.host]),
    ...(proxy.tls ? ["--tls"] : []),
  )
}

/** While it is on, the message is in a file too: the proxy does not say it back. */
export function maintenanceOn(plan: ServicePlan, message: string): RemoteCommand {
  const file = words(`${serviceFolder(plan)}/maintenance`)
  const body = [
    "set -e",
    `printf %s ${words(message)} >${file}`,
    `${words("docker", "exec", PROXY, "kamal-proxy", "stop", plan.service, "--drain-timeout", `${plan.drainSeconds}s`, "--message", message)} || { rm -f ${file}; exit 1; }`,
  ].join("\n")
  return { what: "turn maintenance on", script: alone(plan, body), seconds: plan.drainSeconds + 180 }
}

/** When it ended is kept, so that a watch which looks from time to time knows of a short one as well. */
export function maintenanceOff(plan: ServicePlan): RemoteCommand {
  const body = [
    "set -e",
    `date -u +%Y-%m-%dT%H:%M:%S.%NZ >${words(`${serviceFolder(plan)}/maintenance-ended`)}`,
    words("docker", "exec", PROXY, "kamal-proxy", "resume", plan.service),
    words("rm", "-f", `${serviceFolder(plan)}/maintenance`),
  ].join("\n")
  return { what: "turn maintenance off", script: alone(plan, body), seconds: 180 }
}
