import { words } from "../../shared/shell-words.js"
import type { RemoteCommand } from "../ssh/command.js"
import type { Colour } from "../target.js"
import { deployToProxy, untilItAnswers } from "./commands-proxy.js"
import { healthOptions, type ImageConfig } from "./image-config.js"
import { containerName, INSIDE, jobName, label, PROXY, releaseFolder, serviceFolder, WEB } from "./names.js"
import type { ServicePlan } from "./plan.js"
import { alone, exit, fenceFile, REFUSED } from "./script.js"
import { printRelease } from "./state.js"

export interface ReleaseIdentity {
  id: string
  version: string
  image: string
  configDigest: string
  colour: Colour
}

function labels(plan: ServicePlan, release: ReleaseIdentity, process: string): string[] {
  const all: [string, string][] = [
    [label.service, plan.service],
    [label.release, release.id],
    [label.process, process],
    [label.version, release.version],
    [label.image, release.image],
    [label.config, release.configDigest],
    [label.colour, release.colour],
  ]
  return all.flatMap(([name, value]) => ["--label", `${name}=${value}`])
}

function mount(plan: ServicePlan, release: string): string[] {
  return ["--mount", `type=bind,source=${releaseFolder(plan, release)}/inside,target=${INSIDE},readonly`]
}

const LOGS = ["--log-driver", "json-file", "--log-opt", "max-size=10m", "--log-opt", "max-file=3"]

function create(
  plan: ServicePlan,
  release: ReleaseIdentity,
  process: string,
  config: ImageConfig,
  program: readonly string[],
): string {
  const name = containerName(plan, process, release.id)
  // the image's check is about the service that it serves: a worker does not
  const health = process === WEB ? healthOptions(config) : ["--no-healthcheck"]
  const line = words(
    "docker",
    "create",
    "--name",
    name,
    ...labels(plan, release, process),
    "--network",
    plan.network,
    ...mount(plan, release.id),
    "--restart",
    "unless-stopped",
    "--stop-timeout",
    plan.drainSeconds,
    ...LOGS,
    ...health,
    "--entrypoint",
    "/bin/sh",
    release.image,
    `${INSIDE}/start`,
    ...program,
  )
  return `docker container inspect ${words(name)} >/dev/null 2>&1 || ${line} >/dev/null`
}

/**
 * The web process runs, the workers wait: both versions of a worker at once would do the same jobs by different rules. Prints the
 * release as it is then.
 */
export function startRelease(
  plan: ServicePlan,
  release: ReleaseIdentity,
  config: ImageConfig,
  web: readonly string[],
  workers: readonly { name: string; program: readonly string[] }[],
): RemoteCommand {
  const body = [
    "set -e",
    // the workers' containers are made while the web process starts
    ...workers.flatMap(({ name, program }, index) => [
      `{ ${create(plan, release, name, config, program)}; } &`,
      `worker${index}=$!`,
    ]),
    create(plan, release, WEB, config, web),
    words("docker", "start", containerName(plan, WEB, release.id)) + " >/dev/null",
    ...workers.map((_, index) => `wait $worker${index}`),
    ...printRelease(plan, release.id, [WEB, ...workers.map(({ name }) => name)]),
  ].join("\n")
  return { what: `start release ${release.id}`, script: alone(plan, body), seconds: 300 }
}

/**
 * A retained release may have been stopped: it runs before the proxy is told. When it got the traffic is written down beside it.
 *
 * @param instead only if one of these releases has the traffic, or none; null: whichever has it
 */
export function switchTo(plan: ServicePlan, release: string, instead: readonly string[] | null = null): RemoteCommand {
  const web = containerName(plan, WEB, release)
  const body = [
    "set -e",
    ...(instead === null ? [] : requireTraffic(plan, [release, ...instead])),
    `${words("docker", "start", web)} >/dev/null`,
    deployToProxy(plan, web),
    `date -u +%Y-%m-%dT%H:%M:%S.%NZ >${words(`${releaseFolder(plan, release)}/switched`)}`,
  ].join("\n")
  return {
    what: `switch the traffic to release ${release}`,
    script: alone(plan, body),
    seconds: plan.healthSeconds + plan.drainSeconds + 180,
  }
}

/** Exits where the proxy sends the traffic to anything else. */
function requireTraffic(plan: ServicePlan, releases: readonly string[]): string[] {
  const expected = releases.map((release) => words(`${containerName(plan, WEB, release)}:${plan.port}`))
  return [
    ...untilItAnswers,
    `routes=$(docker exec ${PROXY} kamal-proxy list)`,
    "escape=$(printf '\\033')",
    `traffic=$(printf '%s\\n' "$routes" | sed "s/$escape\\[[0-9;]*m//g" | awk -v service=${words(plan.service)} '$1 == service { print $4 }')`,
    `case $traffic in '' | ${[...new Set(expected)].join(" | ")}) ;; *)`,
    `  echo ${words(REFUSED)} "\${traffic%:*}" >&2`,
    `  cat ${words(fenceFile(plan))} >&2 2>/dev/null || :`,
    `  exit ${exit.moved} ;;`,
    "esac",
  ]
}

/** All other workers end, with the drain time for the jobs that they have, then the release's start: never two versions at once. */
export function changeWorkers(plan: ServicePlan, release: string): RemoteCommand {
  const list = words(
    "docker",
    "ps",
    "-a",
    "--filter",
    `label=${label.service}=${plan.service}`,
    "--format",
    `{{.ID}} {{.State}} {{.Label "${label.release}"}} {{.Label "${label.process}"}} {{.Label "${label.job}"}}`,
  )
  const body = [
    "set -e",
    `all=$(${list})`,
    "mine= others=",
    "while read -r id state of process job; do",
    `  if [ -z "$id" ] || [ "$process" = ${WEB} ] || [ -n "$job" ]; then continue; fi`,
    `  if [ "$of" = ${words(release)} ]; then mine="$mine $id"`,
    '  elif [ "$state" = running ] || [ "$state" = restarting ] || [ "$state" = paused ]; then others="$others $id"; fi',
    "done <<EOF",
    "$all",
    "EOF",
    `[ -z "$others" ] || docker stop -t ${plan.drainSeconds} $others >/dev/null`,
    '[ -z "$mine" ] || docker start $mine >/dev/null',
  ].join("\n")
  return { what: "replace the workers", script: alone(plan, body), seconds: plan.drainSeconds + 240 }
}

function containersOf(plan: ServicePlan, release: string): string {
  return `docker ps -aq --filter ${words(`label=${label.service}=${plan.service}`)} --filter ${words(`label=${label.release}=${release}`)}`
}

export function stopRelease(plan: ServicePlan, release: string): RemoteCommand {
  const body = `all=$(${containersOf(plan, release)}) || exit 1\n[ -z "$all" ] || docker stop -t ${plan.drainSeconds} $all >/dev/null`
  return { what: `stop release ${release}`, script: alone(plan, body), seconds: plan.drainSeconds + 240 }
}

/** An image that another release uses stays: Docker refuses to remove it. */
export function removeRelease(plan: ServicePlan, release: string, image: string): RemoteCommand {
  const body = [
    `all=$(${containersOf(plan, release)}) || exit 1`,
    `[ -z "$all" ] || { docker stop -t ${plan.drainSeconds} $all >/dev/null; docker rm -f $all >/dev/null || exit 1; }`,
    words("rm", "-rf", releaseFolder(plan, release)),
    `${words("docker", "image", "rm", image)} >/dev/null 2>&1`,
    "exit 0",
  ].join("\n")
  return { what: `remove release ${release}`, script: alone(plan, body), seconds: plan.drainSeconds + 240 }
}

/**
 * Starts a command. One of the same name that is there already, running or not yet read, is this one: its run was
 * cut off, and what it does must not be done twice. One of another release is a run's that was killed: it comes to its end
 * first, since two migrations at once would undo each other.
 */
export function startJob(
  plan: ServicePlan,
  release: ReleaseIdentity,
  job: string,
  command: string,
  longest: number,
): RemoteCommand {
  const name = jobName(plan, job, release.id)
  const running = `docker ps --filter ${words(`label=${label.service}=${plan.service}`)} --filter ${words(`label=${label.job}=${job}`)} --format '{{.Names}}'`
  const line = words(
    "docker",
    "run",
    "--detach",
    "--name",
    name,
    ...labels(plan, release, "job"),
    "--label",
    `${label.job}=${job}`,
    "--network",
    plan.network,
    ...mount(plan, release.id),
    ...LOGS,
    "--no-healthcheck",
    "--entrypoint",
    "/bin/sh",
    release.image,
    `${INSIDE}/start`,
    "/bin/sh",
    "-c",
    command,
  )
  const body = [
    `earlier=$(${running} | grep -Fxv ${words(name)})`,
    '[ -z "$earlier" ] || docker wait $earlier >/dev/null 2>&1',
    `docker container inspect ${words(name)} >/dev/null 2>&1 || ${line} >/dev/null`,
  ].join("\n")
  return { what: `start the job ${job}`, script: alone(plan, body), seconds: longest + 180 }
}

/** Prints the job's exit code, then what it printed; nothing of it stays. 124: it did not end in time, and was ended. */
export function finishJob(plan: ServicePlan, release: string, job: string, seconds: number): RemoteCommand {
  const name = words(jobName(plan, job, release))
  const end = [
    `[ "$code" != late ] || { docker stop -t 10 ${name} >/dev/null; code=124; }`,
    'echo "$code"',
    `docker logs --tail 2000 ${name} 2>&1`,
    `docker rm -f ${name} >/dev/null`,
  ].join("\n")
  const script = [`code=$(timeout ${seconds} docker wait ${name}) || code=late`, alone(plan, end)].join("\n")
  return { what: `wait for the job ${job}`, script, seconds: seconds + 220 }
}

/** What runs that were killed have left: jobs, and values of releases that have no container. */
export function removeLeftovers(plan: ServicePlan): RemoteCommand {
  const ofService = `docker ps -aq --filter ${words(`label=${label.service}=${plan.service}`)}`
  const body = [
    `jobs=$(${ofService} --filter label=${label.job}) || exit 1`,
    '[ -z "$jobs" ] || docker rm -f $jobs >/dev/null || exit 1',
    `for folder in ${words(`${serviceFolder(plan)}/releases`)}/*; do`,
    '  [ -d "$folder" ] || continue',
    `  there=$(${ofService} --filter "label=${label.release}=\${folder##*/}") || exit 1`,
    '  [ -n "$there" ] || rm -rf "$folder"',
    "done",
  ].join("\n")
  return { what: "remove what earlier runs left", script: alone(plan, body), seconds: 240 }
}
