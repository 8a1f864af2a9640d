import { bytes } from "../../shared/figures.js"
import { TargetError } from "../errors.js"
import type { HostVerdict } from "./known-hosts.js"

/** Errors of a connection, with what to do. */

export function hostKeyRefused(
  place: string,
  verdict: Exclude<HostVerdict, { kind: "known" }>,
  authority: boolean,
): TargetError {
  switch (verdict.kind) {
    case "changed":
      return new TargetError(
        "host-key",
        place,
        `the host key has changed. Nothing was sent to it.\n  shown: ${verdict.offered}\n  known: ${verdict.known.join("\n         ")}`,
        "This may be a man-in-the-middle attack. Ask the host's operator. If the host was reinstalled, replace its line in `knownHosts` of the environment's target.",
      )
    case "revoked":
      return new TargetError(
        "host-key",
        place,
        `the host key is revoked in knownHosts: ${verdict.offered}. Nothing was sent to it.`,
        "Do not trust this host until its operator has explained this.",
      )
    case "unknown":
      return new TargetError(
        "host-key",
        place,
        `the host key is unknown: ${verdict.offered}. Nothing was sent to it.`,
        authority
          ? "`knownHosts` has a certificate authority (@cert-authority), which Tollgate does not support. Add the host's own key."
          : "Compare it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host itself, then add the line that `ssh-keyscan -t ed25519 HOST` prints to `knownHosts` of the environment's target.",
      )
  }
}

export function loginRefused(place: string, user: string, by: "key" | "agent"): TargetError {
  const what =
    by === "key"
      ? `the host rejected the SSH key for user ${user}.`
      : `the host rejected every key of your SSH agent for user ${user}.`
  const next =
    by === "key"
      ? "Add the key's public half (`ssh-keygen -y -f KEY`) to ~/.ssh/authorized_keys of that user on the host, or pass another one with --ssh-key. A certificate (KEY-cert.pub) alone is not enough: Tollgate does not present it."
      : "`ssh-add -l` lists the agent's keys. Load the right one with `ssh-add`, or pass it with --ssh-key=file:PATH. Certificates (-CERT in that list) are not presented: add the key itself to ~/.ssh/authorized_keys of that user on the host."
  return new TargetError("refused", place, what, next)
}

export function keyUnusable(place: string, { what, next }: { what: string; next: string }): TargetError {
  return new TargetError("refused", place, what, next)
}

export function notReached(place: string, why: string): TargetError {
  return new TargetError(
    "unreachable",
    place,
    `no SSH connection: ${why}. Nothing was changed there.`,
    "Check that the host is up and its SSH port is open to this machine.",
  )
}

export function cutOff(place: string, what: string): TargetError {
  return new TargetError(
    "cut",
    place,
    `the SSH connection was lost during: ${what}. It may have completed, or may still be running.`,
    "Run the same command again. It continues from what is there.",
  )
}

export function tookTooLong(place: string, what: string, seconds: number): TargetError {
  return new TargetError(
    "too-long",
    place,
    `timed out after ${seconds} s: ${what}.`,
    "Check the load of the host, then run the same command again.",
  )
}

export function printedTooMuch(place: string, what: string, most: number): TargetError {
  return new TargetError(
    "failed",
    place,
    `printed more than ${bytes(most)}: ${what}. Its output was not read.`,
    "Find what fills it: a login shell that prints (`ssh HOST true` must print nothing), or a service that logs very long lines.",
  )
}

/** Foreign output in an answer comes from the login shell. */
export function shellPrints(place: string, what: string): TargetError {
  return new TargetError(
    "failed",
    place,
    `could not read the host's answer (${what}): something else printed into the command's output, usually the login shell.`,
    "Run `ssh HOST true`: it must print nothing. Let ~/.bashrc and /etc/bash.bashrc print for people only: `case $- in *i*) ;; *) return ;; esac` as first line. A forced command in authorized_keys or sshd_config must run what it is asked.",
  )
}
