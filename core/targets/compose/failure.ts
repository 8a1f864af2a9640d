import { FencedError, TargetError } from "../errors.js"
import { fenceWords, parseFence } from "../fence.js"
import type { RemoteCommand, RemoteResult } from "../ssh/command.js"
import { exit, REFUSED } from "./script.js"

/** Maps a command's exit code and output to an error. */
export function commandFailure(
  place: string,
  command: RemoteCommand,
  { code, stdout, stderr }: RemoteResult,
): TargetError {
  const refused = refusal(place, command, code, stderr)
  if (refused !== null) return refused
  const said = (stderr.trim() === "" ? stdout : stderr).trim()
  const last = said
    .split("\n")
    .slice(-12)
    .map((line) => `  | ${line}`)
    .join("\n")
  const because = last === "" ? "" : `\n${last}`
  const failed = (kind: ConstructorParameters<typeof TargetError>[0], what: string, next: string) =>
    new TargetError(kind, place, `${what}${because}`, next)
  const noShell = () =>
    failed(
      "image-no-shell",
      "the image has no /bin/sh, which Tollgate needs to read the variables from a file.",
      "Use a base image with a shell, such as a -slim image or busybox.",
    )

  if (/no space left on device/i.test(said))
    return failed(
      "no-space",
      `no space left on its disk (${command.what}).`,
      "Free disk space: `docker system df` shows the usage. release.retain sets how many releases are kept.",
    )
  if (/sudo:.*password is required|sudo:.*not found|not in the sudoers/i.test(said))
    return failed(
      "refused",
      "the user may not use sudo without a password.",
      "Allow it in /etc/sudoers.d on the host, or set the target's `user` to root.",
    )
  if (/cannot connect to the docker daemon|is the docker daemon running/i.test(said))
    return failed(
      "no-docker",
      `Docker is not running (${command.what}).`,
      "Start it with `systemctl start docker`. Its containers restart with it.",
    )
  if (/docker: (command )?not found/i.test(said))
    return failed("failed", "Docker is not installed.", "Install Docker Engine on the host, 20.10 or later.")
  if (/(flock|timeout): (command )?not found/i.test(said))
    return failed(
      "failed",
      "flock or timeout is missing.",
      "Install util-linux (flock) and coreutils (timeout) on the host.",
    )
  switch (code) {
    case exit.lock:
      return failed(
        "failed",
        "another run, or a command that it started, is still working on this host.",
        "Wait until it has finished, then run the same command again.",
      )
    case exit.login:
      return failed(
        "registry-login",
        "the registry rejected the login.",
        "Check --registry-password and image.registry.user.",
      )
    case exit.pull:
      return failed(
        "registry-pull",
        `could not pull the image (${command.what}).`,
        "Check that the image is published, that the user may read it, and that the host can reach the registry.",
      )
    case exit.noShell:
      return noShell()
  }
  if (/exec: "\/bin\/sh".*no such file or directory/i.test(said)) return noShell()
  if (/failed to become healthy/i.test(said))
    return failed(
      "never-healthy",
      "the release did not become healthy. The traffic was not switched.",
      "Read `docker logs` of its container on the host.",
    )
  return failed(
    "failed",
    `exit code ${code} from: ${command.what}.`,
    "Fix the cause in the host's output above, then run the same command again.",
  )
}

/** Refusals of a script of ours, which changed nothing. */
function refusal(place: string, { what }: RemoteCommand, code: number, stderr: string): TargetError | null {
  const [, moved = "", file = ""] = new RegExp(`^${REFUSED}(?: (\\S+))?\n([\\s\\S]*)$`, "m").exec(stderr) ?? []
  const seen = parseFence(file)
  if (code === exit.fenced && seen !== null) return new FencedError(place, seen, what)
  if (code === exit.moved && moved !== "")
    return new TargetError(
      "moved",
      place,
      `${moved} has the traffic, which this run did not start${seen === null ? "" : `; the last run here was ${fenceWords(seen)}`}. Nothing was changed here (${what}).`,
      "`tollgate status` shows what is serving. If it is wrong, roll back with `tollgate rollback`.",
    )
  return null
}
