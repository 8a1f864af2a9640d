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
        `nobody has said which key the host has. It shows ${verdict.offered}. Nothing was sent to it.`,
        authority
          ? "`knownHosts` names an authority (@cert-authority), which Tollgate does not know how to ask. Add the host's own key."
          : "Compare it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host itself, then add the line that `ssh-keyscan -t ed25519 HOST` prints to `knownHosts` of the environment's target.",
      )
  }
}

const KEY = "Give a private key that the host's ~/.ssh/authorized_keys lists, with --ssh-key=file:PATH or env:NAME; an encrypted one with --ssh-passphrase too."

export function loginRefused(place: string, user: string): TargetError {
  return new TargetError("refused", place, `the host does not let ${user} in with this key.`, KEY)
}

export function keyUnusable(place: string, why: string): TargetError {
  const encrypted = /passphrase|encrypted|bad decrypt|integrity check failed/i.test(why)
  return new TargetError("refused", place, encrypted ? "the private key is encrypted, and the passphrase is missing or wrong." : "what was given as private key is none.", KEY)
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
