import { quote, words } from "../../shared/shell-words.js"
import type { RemoteCommand } from "../ssh/command.js"
import type { Owner } from "./image-config.js"
import { releaseFolder } from "./names.js"
import type { ServicePlan } from "./plan.js"
import { alone, exit } from "./script.js"

const LOGIN = "tollgate-login"

/**
 * Fetches an image by its digest, unless it is there. The password comes by standard input, into a folder in memory that is
 * removed with the script, and by the next one if this one is killed.
 */
export function pullImage(
  plan: ServicePlan,
  image: string,
  login: { user: string; password: string } | null,
): RemoteCommand {
  const registry = registryOf(image)
  const body = [
    `docker image inspect ${words(image)} >/dev/null 2>&1 && exit 0`,
    "memory=/dev/shm; [ -d $memory ] && [ -w $memory ] || memory=/tmp",
    `rm -rf "$memory"/${LOGIN}.*`,
    `login=$(mktemp -d "$memory/${LOGIN}.XXXXXX") || exit 1`,
    `trap 'rm -rf "$login"' EXIT`,
    ...(login === null
      ? []
      : [
          `docker --config "$login" login --username ${quote(login.user)} --password-stdin ${words(registry)} >/dev/null 2>"$login/error" || { cat "$login/error" >&2; exit ${exit.login}; }`,
        ]),
    `docker --config "$login" pull -q ${words(image)} >/dev/null || exit ${exit.pull}`,
  ].join("\n")
  return {
    what: `pull the image ${image}`,
    script: alone(plan, body),
    seconds: 900,
    ...(login === null ? {} : { input: login.password }),
  }
}

/** As Docker reads a reference: the first part is a host when it looks like one. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/")
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io"
}

/** How the image is started, in JSON. */
export function readImage(image: string): RemoteCommand {
  return {
    what: "read the image's command",
    script: `docker image inspect --format '{{json .Config}}' ${words(image)}`,
    seconds: 60,
  }
}

/** The numbers of its user and group, asked in a shell of its own: a name is known to its /etc/passwd alone, and so is the group of a number. */
export function askOwner(image: string): RemoteCommand {
  const ask = 'while read -r key real rest; do case $key in Uid:|Gid:) echo "$real" ;; esac; done </proc/self/status'
  return {
    what: "ask the image for its user",
    script: `${words("docker", "run", "--rm", "--network", "none", "--entrypoint", "/bin/sh", image, "-c", ask)} || exit ${exit.noShell}`,
    seconds: 60,
  }
}

/** null: it is not two numbers. */
export function parseOwner(printed: string): Owner | null {
  const [, user, group] = /^(\d+)\n(\d+)\n*$/.exec(printed) ?? []
  return user === undefined ? null : { user: Number(user), group: Number(group) }
}

/** The release's variables and what starts it, in a folder that root alone can enter; the file is for the image's user. */
export function writeRelease(
  plan: ServicePlan,
  release: string,
  owner: Owner,
  environment: string,
  start: string,
): RemoteCommand {
  const folder = releaseFolder(plan, release)
  const inside = `${folder}/inside`
  const body = [
    "set -e",
    words("mkdir", "-p", inside),
    words("chmod", "755", inside),
    `cat >${words(`${inside}/.environment`)}`,
    words("chown", `${owner.user}:${owner.group}`, `${inside}/.environment`),
    words("chmod", "400", `${inside}/.environment`),
    words("mv", `${inside}/.environment`, `${inside}/environment`),
    `printf %s ${quote(start)} >${words(`${inside}/start`)}`,
    words("chmod", "555", `${inside}/start`),
  ].join("\n")
  return { what: "write the release's variables", script: alone(plan, body), input: environment, seconds: 180 }
}
