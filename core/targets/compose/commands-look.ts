import { words } from "../../shared/shell-words.js"
import type { RemoteCommand } from "../ssh/command.js"
import type { OutputRequest } from "../target.js"
import { releaseFolder } from "./names.js"
import type { ServicePlan } from "./plan.js"
import { daemonAnswers } from "./script.js"

/** Commands that only look. */

/** Seconds since 1970, Docker's version, and how many kilobytes are free where it keeps images. Without its daemon `docker info` prints nothing and is content. */
export function readFacts(): RemoteCommand {
  const script = [
    "set -u",
    "command -v flock >/dev/null || { echo 'flock: not found' >&2; exit 1; }",
    "date +%s.%N",
    "docker info --format '{{.ServerVersion}} {{.DockerRootDir}}' | {",
    "read -r version root",
    `[ -n "$root" ] || { ${daemonAnswers}; exit 1; }`,
    'echo "$version"',
    `df -Pk "$root" | awk 'NR == 2 { print $4 }'`,
    "}",
  ].join("\n")
  return { what: "check the host", script, seconds: 60, looks: true }
}

export interface HostFacts {
  /** Seconds since 1970. */
  time: number
  docker: string
  freeBytes: number
}

/** null: it is not what `readFacts` prints. A number of something else would pass every comparison. */
export function parseFacts(printed: string): HostFacts | null {
  const [, time = "", docker = "", free = ""] =
    /^(\d{9,12}(?:\.\d+)?)[.%N]*\n(\d+\.\d+\S*)\n(\d+)\n*$/.exec(printed) ?? []
  return free === "" ? null : { time: Number(time), docker, freeBytes: Number(free) * 1024 }
}

/** The image's own check, as the container has it, run now instead of when Docker's schedule says. */
export function runCheck(container: string, check: string, seconds: number): RemoteCommand {
  return {
    what: "run the image's own check",
    script: words("timeout", seconds, "docker", "exec", container, "/bin/sh", "-c", check),
    seconds: seconds + 20,
    looks: true,
  }
}

export function readLogs(container: string, lines: number): RemoteCommand {
  return {
    what: "read the logs",
    script: `${words("docker", "logs", "--tail", lines, container)} 2>&1`,
    seconds: 60,
    looks: true,
  }
}

/** With the time of each line. @param since as `docker logs --since` reads it */
export function readOutput(container: string, { lines, since }: OutputRequest): RemoteCommand {
  const limit = since === null ? [] : ["--since", since]
  return {
    what: "read the logs",
    script: `${words("docker", "logs", "--timestamps", "--tail", lines, ...limit, container)} 2>&1`,
    seconds: 60,
    looks: true,
  }
}

/** Lines of one stream of a container that are read at once, and bytes of each. */
export const [MOST_NEWS, LONGEST_NEWS] = [200, 9000] as const

/**
 * The newest lines of a container: those of its standard output there, and of its standard error there, each with the number of all at
 * its end. The host leaves out what is too much.
 *
 * @param since as `docker logs --since` reads it
 */
export function readNews(container: string, since: string | null): RemoteCommand {
  const newest = words(
    "awk",
    `{ n++; kept[n % ${MOST_NEWS}] = substr($0, 1, ${LONGEST_NEWS}) } END { for (i = n > ${MOST_NEWS} ? n - ${MOST_NEWS} + 1 : 1; i <= n; i++) print kept[i % ${MOST_NEWS}]; print "lines " n + 0 }`,
  )
  const logs = words("docker", "logs", "--timestamps", ...(since === null ? [] : ["--since", since]), container)
  return {
    what: "read the logs",
    script: `{ ${logs} 2>&1 1>&3 3>&- | ${newest} >&2 3>&-; } 3>&1 | ${newest}`,
    seconds: 15,
  }
}

/** The release's variables, as `environmentFile` wrote them; nothing when they are gone. */
export function readVariables(plan: ServicePlan, release: string): RemoteCommand {
  const file = words(`${releaseFolder(plan, release)}/inside/environment`)
  return { what: "read the release's variables", script: `! [ -e ${file} ] || cat ${file}`, seconds: 30, looks: true }
}

/** The address of a container that the service knows by its name; nothing when there is none. */
export function readAddress({ network }: ServicePlan, name: string): RemoteCommand {
  const script = `${words("docker", "inspect", "--type", "container", "--format", `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}}{{end}}`, name)} 2>/dev/null || ${daemonAnswers}`
  return { what: `look for ${name}`, script, seconds: 30, looks: true }
}
