import { type RemoteCommand, words } from "../ssh/command.js"
import type { ServicePlan } from "./plan.js"

/** Commands that only look. */

/** Seconds since 1970, Docker's version, and how many kilobytes are free where it keeps images. */
export function readFacts(): RemoteCommand {
  const script = [
    "set -u",
    "command -v flock >/dev/null || { echo 'flock: not found' >&2; exit 1; }",
    "date +%s.%N",
    "docker version --format '{{.Server.Version}}' || exit 1",
    "root=$(docker info --format '{{.DockerRootDir}}') || exit 1",
    `df -Pk "$root" | awk 'NR == 2 { print $4 }'`,
  ].join("\n")
  return { what: "look at the host", script, seconds: 60, looks: true }
}

/** The image's own check, as the container has it, run now instead of when Docker's schedule says. */
export function runCheck(container: string, seconds: number): RemoteCommand {
  const script = [
    `check=$(docker inspect --type container --format '{{if .Config.Healthcheck}}{{if eq (index .Config.Healthcheck.Test 0) "CMD-SHELL"}}{{index .Config.Healthcheck.Test 1}}{{end}}{{end}}' ${words(container)}) || exit 1`,
    `[ -z "$check" ] || timeout ${seconds} docker exec ${words(container)} /bin/sh -c "$check"`,
  ].join("\n")
  return { what: "run the image's own check", script, seconds: seconds + 20, looks: true }
}

export function readLogs(container: string, lines: number): RemoteCommand {
  return { what: "read what it printed", script: `${words("docker", "logs", "--tail", lines, container)} 2>&1`, seconds: 60, looks: true }
}

/** The address of a container that the service knows by its name; nothing when there is none. */
export function readAddress({ network }: ServicePlan, name: string): RemoteCommand {
  const script = `${words("docker", "inspect", "--type", "container", "--format", `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}}{{end}}`, name)} 2>/dev/null || true`
  return { what: `look for ${name}`, script, seconds: 30, looks: true }
}
