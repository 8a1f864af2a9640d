import { TargetError } from "../errors.js"
import type { HostVerdict } from "./known-hosts.js"

/** What the reader can do about a connection that was not made, or ended. */

export function hostKeyRefused(place: string, verdict: Exclude<HostVerdict, { kind: "known" }>, authority: boolean): TargetError {
  switch (verdict.kind) {
    case "changed":
      return new TargetError(
        "host-key",
        place,
        `the host shows another key than the known one. Nothing was sent to it.\n  shown: ${verdict.offered}\n  known: ${verdict.known.join("\n         ")}`,
        "Somebody may be in between. Ask whoever runs the host; if it was set up anew, replace its line in `knownHosts` of the environment's target.",
      )
    case "revoked":
      return new TargetError("host-key", place, `the host shows a key that knownHosts marks as revoked: ${verdict.offered}. Nothing was sent to it.`, "Do not trust this host until whoever runs it has explained it.")
    case "unknown":
      return new TargetError(
        "host-key",
        place,
        `the host's key is not known. It shows ${verdict.offered}. Nothing was sent to it.`,
        authority
          ? "`knownHosts` names an authority (@cert-authority), which Tollgate does not know how to ask. Add the host's own key."
          : "Compare it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host itself, then add the line that `ssh-keyscan -t ed25519 HOST` prints to `knownHosts` of the environment's target.",
      )
  }
}

export function loginRefused(place: string, user: string, by: "key" | "agent"): TargetError {
  const what = by === "key" ? `the host does not let ${user} in with this key.` : `the host lets ${user} in with no key of your SSH agent.`
  const next = by === "key" ? "Add the key's public half (`ssh-keygen -y -f KEY`) to ~/.ssh/authorized_keys of that user on the host, or pass another one with --ssh-key. A certificate (KEY-cert.pub) alone is not enough: Tollgate does not present it." : "`ssh-add -l` lists the agent's keys. Load the right one with `ssh-add`, or pass it with --ssh-key=file:PATH."
  return new TargetError("refused", place, what, next)
}

export function keyUnusable(place: string, { what, next }: { what: string; next: string }): TargetError {
  return new TargetError("refused", place, what, next)
}

export function notReached(place: string, why: string): TargetError {
  return new TargetError("unreachable", place, `no SSH connection: ${why}. Nothing was done there.`, "Is the host up, and its SSH port open to this machine?")
}

export function cutOff(place: string, what: string): TargetError {
  return new TargetError(
    "cut",
    place,
    `the SSH connection ended while it did this: ${what}. It may have been done, or be done still.`,
    "Run the same command again: it looks at what is there, and goes on from it.",
  )
}

export function tookTooLong(place: string, what: string, seconds: number): TargetError {
  return new TargetError("too-long", place, `this took longer than ${seconds} s, and was ended: ${what}.`, "See what the host is busy with, then run it again.")
}

/** What is not ours in a command's answer comes from the shell that sshd starts it by. */
export function shellPrints(place: string, what: string): TargetError {
  return new TargetError(
    "failed",
    place,
    `the host's answer cannot be read (${what}): something else printed where the command's own output should be. Usually it is the login shell.`,
    "Run `ssh HOST true`: it must print nothing. Let ~/.bashrc and /etc/bash.bashrc print for people only: `case $- in *i*) ;; *) return ;; esac` as first line. A forced command in authorized_keys or sshd_config must run what it is asked.",
  )
}
