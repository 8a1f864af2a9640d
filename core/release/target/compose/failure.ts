import type { RemoteCommand, RemoteResult } from "../ssh/command.js"
import { TargetError } from "../errors.js"
import { exit } from "./script.js"

/** What a command's exit code and last words mean to the reader. */
export function commandFailure(place: string, command: RemoteCommand, { code, stdout, stderr }: RemoteResult): TargetError {
  const said = (stderr.trim() === "" ? stdout : stderr).trim()
  const last = said.split("\n").slice(-12).map((line) => `  | ${line}`).join("\n")
  const because = last === "" ? "" : `\n${last}`
  const failed = (kind: ConstructorParameters<typeof TargetError>[0], what: string, next: string) => new TargetError(kind, place, `${what}${because}`, next)
  const noShell = () => failed("image-no-shell", "the image has no /bin/sh, by which its variables are read from a file instead of standing in `docker inspect`.", "Build it on a base with a shell, such as a -slim image, or busybox.")

  if (/no space left on device/i.test(said)) return failed("no-space", `there is no space left on its disk (${command.what}).`, "Free some: `docker system df` says what takes it. Releases are kept as release.retain says.")
  if (/sudo:.*password is required|sudo:.*not found|not in the sudoers/i.test(said)) return failed("refused", "the user may not use sudo without a password.", "Allow it in /etc/sudoers.d on the host, or let the target's `user` be root.")
  if (/cannot connect to the docker daemon|is the docker daemon running/i.test(said)) return failed("no-docker", `Docker does not run there (${command.what}).`, "Start it: `systemctl start docker`. Containers that ran start again with it.")
  if (/docker: (command )?not found/i.test(said)) return failed("failed", "Docker is not installed there.", "Install Docker Engine on the host, 20.10 or later.")
  if (/(flock|timeout): (command )?not found/i.test(said)) return failed("failed", "a program is missing there.", "Tollgate needs util-linux (flock) and coreutils (timeout) on the host.")
  switch (code) {
    case exit.lock:
      return failed("failed", "another run is still at work on this host, or what it began is.", "Wait until it is done, then run this again.")
    case exit.login:
      return failed("registry-login", "the registry did not accept the user and password.", "Check --registry-password and image.registry.user. The host itself must reach the registry.")
    case exit.pull:
      return failed("registry-pull", `the image could not be fetched (${command.what}).`, "Is it published, may this user read it, and does the host reach the registry?")
    case exit.noShell:
      return noShell()
  }
  if (/exec: "\/bin\/sh".*no such file or directory/i.test(said)) return noShell()
  if (/failed to become healthy/i.test(said)) return failed("never-healthy", "the release did not become healthy; the traffic is where it was.", "`logs` shows what it printed.")
  return failed("failed", `this failed with exit code ${code}: ${command.what}.`, "The lines above are the host's own.")
}
