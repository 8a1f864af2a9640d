import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TargetError
} from "./shared.core.targets.errors.mjs";
import {
  words
} from "./shared.core.shared.shell-words.mjs";
import {
  bytes
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/ssh/answer.ts
import { randomBytes } from "node:crypto";
function newMark() {
  const word = randomBytes(8).toString("hex");
  return { begin: `@@tollgate ${word} begins`, end: `@@tollgate ${word} ends` };
}
__name(newMark, "newMark");
function markedScript({ begin, end }) {
  return `echo '${begin}'; echo '${begin}' >&2; sh -c "$1"; code=$?; printf '\\n%s\\n' '${end}'; exit $code`;
}
__name(markedScript, "markedScript");
function ownOutput(stdout, { begin, end }) {
  const from = stdout.indexOf(`${begin}
`);
  if (from === -1) return null;
  const inside = stdout.slice(from + begin.length + 1);
  const to = inside.lastIndexOf(`
${end}
`);
  return to === -1 ? null : inside.slice(0, to);
}
__name(ownOutput, "ownOutput");
function ownWords(text, { begin, end }) {
  const from = text.indexOf(`${begin}
`);
  const inside = from === -1 ? text : text.slice(from + begin.length + 1);
  const to = inside.lastIndexOf(`
${end}
`);
  return to === -1 ? inside : inside.slice(0, to);
}
__name(ownWords, "ownWords");

// core/targets/ssh/command.ts
var NOTHING = "true";
function lineOf({ script, seconds }, user, mark) {
  const line = words("timeout", "-k", 5, seconds, "sh", "-c", markedScript(mark), "tollgate", script);
  return user === "root" ? line : `sudo -n ${line}`;
}
__name(lineOf, "lineOf");
function ranOutOfTime(code) {
  return code === 124 || code === 137;
}
__name(ranOutOfTime, "ranOutOfTime");

// core/targets/ssh/failure.ts
function hostKeyRefused(place, verdict, authority) {
  switch (verdict.kind) {
    case "changed":
      return new TargetError(
        "host-key",
        place,
        `the host key has changed. Nothing was sent to it.
  shown: ${verdict.offered}
  known: ${verdict.known.join("\n         ")}`,
        "This may be a man-in-the-middle attack. Ask the host's operator. If the host was reinstalled, replace its line in `knownHosts` of the environment's target."
      );
    case "revoked":
      return new TargetError(
        "host-key",
        place,
        `the host key is revoked in knownHosts: ${verdict.offered}. Nothing was sent to it.`,
        "Do not trust this host until its operator has explained this."
      );
    case "unknown":
      return new TargetError(
        "host-key",
        place,
        `the host key is unknown: ${verdict.offered}. Nothing was sent to it.`,
        authority ? "`knownHosts` has a certificate authority (@cert-authority), which Tollgate does not support. Add the host's own key." : "Compare it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host itself, then add the line that `ssh-keyscan -t ed25519 HOST` prints to `knownHosts` of the environment's target."
      );
  }
}
__name(hostKeyRefused, "hostKeyRefused");
function loginRefused(place, user, by) {
  const what = by === "key" ? `the host rejected the SSH key for user ${user}.` : `the host rejected every key of your SSH agent for user ${user}.`;
  const next = by === "key" ? "Add the key's public half (`ssh-keygen -y -f KEY`) to ~/.ssh/authorized_keys of that user on the host, or pass another one with --ssh-key. A certificate (KEY-cert.pub) alone is not enough: Tollgate does not present it." : "`ssh-add -l` lists the agent's keys. Load the right one with `ssh-add`, or pass it with --ssh-key=file:PATH. Certificates (-CERT in that list) are not presented: add the key itself to ~/.ssh/authorized_keys of that user on the host.";
  return new TargetError("refused", place, what, next);
}
__name(loginRefused, "loginRefused");
function keyUnusable(place, { what, next }) {
  return new TargetError("refused", place, what, next);
}
__name(keyUnusable, "keyUnusable");
function notReached(place, why) {
  return new TargetError(
    "unreachable",
    place,
    `no SSH connection: ${why}. Nothing was changed there.`,
    "Check that the host is up and its SSH port is open to this machine."
  );
}
__name(notReached, "notReached");
function cutOff(place, what) {
  return new TargetError(
    "cut",
    place,
    `the SSH connection was lost during: ${what}. It may have completed, or may still be running.`,
    "Run the same command again. It continues from what is there."
  );
}
__name(cutOff, "cutOff");
function tookTooLong(place, what, seconds) {
  return new TargetError(
    "too-long",
    place,
    `timed out after ${seconds} s: ${what}.`,
    "Check the load of the host, then run the same command again."
  );
}
__name(tookTooLong, "tookTooLong");
function printedTooMuch(place, what, most) {
  return new TargetError(
    "failed",
    place,
    `printed more than ${bytes(most)}: ${what}. Its output was not read.`,
    "Find what fills it: a login shell that prints (`ssh HOST true` must print nothing), or a service that logs very long lines."
  );
}
__name(printedTooMuch, "printedTooMuch");
function shellPrints(place, what) {
  return new TargetError(
    "failed",
    place,
    `could not read the host's answer (${what}): something else printed into the command's output, usually the login shell.`,
    "Run `ssh HOST true`: it must print nothing. Let ~/.bashrc and /etc/bash.bashrc print for people only: `case $- in *i*) ;; *) return ;; esac` as first line. A forced command in authorized_keys or sshd_config must run what it is asked."
  );
}
__name(shellPrints, "shellPrints");

// core/shared/deferred.ts
function deferred() {
  let resolve = /* @__PURE__ */ __name(() => void 0, "resolve");
  let reject = /* @__PURE__ */ __name(() => void 0, "reject");
  const promise = new Promise((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
__name(deferred, "deferred");

export {
  newMark,
  ownOutput,
  ownWords,
  NOTHING,
  lineOf,
  ranOutOfTime,
  hostKeyRefused,
  loginRefused,
  keyUnusable,
  notReached,
  cutOff,
  tookTooLong,
  printedTooMuch,
  shellPrints,
  deferred
};
