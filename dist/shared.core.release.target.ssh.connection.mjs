import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  deferred,
  lineOf,
  ranOutOfTime
} from "./shared.core.deferred.mjs";
import {
  TargetError
} from "./shared.core.release.target.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/target/ssh/failure.ts
function hostKeyRefused(place, verdict, authority) {
  switch (verdict.kind) {
    case "changed":
      return new TargetError(
        "host-key",
        place,
        `the host shows another key than the known one. Nothing was sent to it.
  shown: ${verdict.offered}
  known: ${verdict.known.join("\n         ")}`,
        "Somebody may be in between. Ask whoever runs the host; if it was set up anew, replace its line in `knownHosts` of the environment's target."
      );
    case "revoked":
      return new TargetError("host-key", place, `the host shows a key that knownHosts marks as revoked: ${verdict.offered}. Nothing was sent to it.`, "Do not trust this host until whoever runs it has explained it.");
    case "unknown":
      return new TargetError(
        "host-key",
        place,
        `nobody has said which key the host has. It shows ${verdict.offered}. Nothing was sent to it.`,
        authority ? "`knownHosts` names an authority (@cert-authority), which Tollgate does not know how to ask. Add the host's own key." : "Compare it with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host itself, then add the line that `ssh-keyscan -t ed25519 HOST` prints to `knownHosts` of the environment's target."
      );
  }
}
__name(hostKeyRefused, "hostKeyRefused");
var KEY = "Give a private key that the host's ~/.ssh/authorized_keys lists, with --ssh-key=file:PATH or env:NAME; an encrypted one with --ssh-passphrase too.";
function loginRefused(place, user) {
  return new TargetError("refused", place, `the host does not let ${user} in with this key.`, KEY);
}
__name(loginRefused, "loginRefused");
function keyUnusable(place, why) {
  const encrypted = /passphrase|encrypted|bad decrypt|integrity check failed/i.test(why);
  return new TargetError("refused", place, encrypted ? "the private key is encrypted, and the passphrase is missing or wrong." : "what was given as private key is none.", KEY);
}
__name(keyUnusable, "keyUnusable");
function notReached(place, why) {
  return new TargetError("unreachable", place, `no SSH connection: ${why}. Nothing was done there.`, "Is the host up, and its SSH port open to this machine?");
}
__name(notReached, "notReached");
function cutOff(place, what) {
  return new TargetError(
    "cut",
    place,
    `the SSH connection ended while it did this: ${what}. It may have been done, or be done still.`,
    "Run the same command again: it looks at what is there, and goes on from it."
  );
}
__name(cutOff, "cutOff");
function tookTooLong(place, what, seconds) {
  return new TargetError("too-long", place, `this took longer than ${seconds} s, and was ended: ${what}.`, "See what the host is busy with, then run it again.");
}
__name(tookTooLong, "tookTooLong");

// core/release/target/ssh/known-hosts.ts
import { createHash, createHmac } from "node:crypto";
function knownFor(text, host, port) {
  const known = { keys: [], revoked: [], authority: false };
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith("@") === true ? words.shift() : void 0;
    const [patterns = "", type = "", key = ""] = words;
    if (patterns === "" || patterns.startsWith("#") || key === "" || !isFor(patterns, host, port)) continue;
    if (marker === "@cert-authority") known.authority = true;
    else (marker === "@revoked" ? known.revoked : known.keys).push({ type, key });
  }
  return known;
}
__name(knownFor, "knownFor");
function isFor(patterns, host, port) {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  if (patterns.startsWith("|1|")) {
    const [, , salt = "", hash = ""] = patterns.split("|");
    return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
  }
  const matches = /* @__PURE__ */ __name((pattern) => globOf(pattern.toLowerCase()).test(name), "matches");
  const listed = patterns.split(",");
  return listed.some((pattern) => !pattern.startsWith("!") && matches(pattern)) && !listed.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1)));
}
__name(isFor, "isFor");
function globOf(pattern) {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
__name(globOf, "globOf");
function judgeHostKey(known, offered) {
  const key = offered.toString("base64");
  const print = fingerprint(offered);
  if (known.revoked.some((one) => one.key === key)) return { kind: "revoked", offered: print };
  if (known.keys.some((one) => one.key === key)) return { kind: "known" };
  if (known.keys.length === 0) return { kind: "unknown", offered: print };
  return { kind: "changed", offered: print, known: known.keys.map((one) => fingerprint(Buffer.from(one.key, "base64"))) };
}
__name(judgeHostKey, "judgeHostKey");
function fingerprint(key) {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")} (${typeOf(key)})`;
}
__name(fingerprint, "fingerprint");
function typeOf(key) {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.subarray(4, 4 + Math.min(length, 64)).toString("ascii").replace(/[^\x21-\x7e]/g, "?");
}
__name(typeOf, "typeOf");
function algorithmsFor(known) {
  return [...new Set(known.keys.flatMap(({ type }) => type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]))];
}
__name(algorithmsFor, "algorithmsFor");

// core/release/target/ssh/connection.ts
var CONNECT_SECONDS = 15;
var ALIVE_SECONDS = 5;
var ALIVE_MISSED = 3;
var MOST_OUTPUT = 4 * 1024 * 1024;
var SshConnection = class {
  static {
    __name(this, "SshConnection");
  }
  #access;
  place;
  #client = null;
  constructor(access, place) {
    this.#access = access;
    this.place = place;
  }
  async run(command) {
    const client = await this.#open();
    const { promise, resolve, reject } = deferred();
    const timer = setTimeout(() => {
      reject(tookTooLong(this.place, command.what, command.seconds));
      client.destroy();
    }, (command.seconds + 20) * 1e3);
    const cut = /* @__PURE__ */ __name(() => reject(cutOff(this.place, command.what)), "cut");
    client.once("close", cut);
    try {
      client.exec(lineOf(command, this.#access.user), (error, channel) => {
        if (error !== void 0) return cut();
        collect(channel, command, this.place, resolve, reject, cut);
      });
    } catch {
      cut();
    }
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      client.off("close", cut);
    }
  }
  /** A TCP connection that the host makes for us. */
  async dial(host, port) {
    const client = await this.#open();
    const { promise, resolve, reject } = deferred();
    const cut = /* @__PURE__ */ __name(() => reject(cutOff(this.place, `connect to ${host}:${port}`)), "cut");
    client.once("close", cut);
    client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error === void 0) return resolve(channel);
      const forbidden = /administratively prohibited|not allowed/i.test(error.message);
      const next = forbidden ? "Its sshd forbids it: AllowTcpForwarding in sshd_config must allow `local`." : "Is something listening there?";
      reject(new TargetError("unreachable", this.place, `the host cannot connect to ${host}:${port}.`, next));
    });
    try {
      return await promise;
    } finally {
      client.off("close", cut);
    }
  }
  async close() {
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    client?.end();
  }
  async #open() {
    if (this.#client !== null) return await this.#client;
    const opening = this.#connect();
    this.#client = opening;
    const forget = /* @__PURE__ */ __name(() => {
      if (this.#client === opening) this.#client = null;
    }, "forget");
    opening.then((client) => client.once("close", forget), forget);
    return await opening;
  }
  async #connect() {
    const { host, port, user, knownHosts, knownAs, identity } = this.#access;
    const known = knownFor(knownHosts, knownAs?.host ?? host, knownAs?.port ?? port);
    const algorithms = algorithmsFor(known);
    const [{ default: ssh2 }, login] = await Promise.all([import("./ssh2.lib.index.mjs"), this.#login(identity)]);
    const client = new ssh2.Client();
    const { promise, resolve, reject } = deferred();
    let refusal = null;
    client.once("connect", () => client.setNoDelay(true));
    client.once("ready", () => resolve(client));
    client.on("error", (error) => reject(refusal ?? this.#failure(error)));
    client.once("close", () => reject(refusal ?? notReached(this.place, "it was closed before anything was said")));
    try {
      client.connect({
        host,
        port,
        username: user,
        ...login,
        readyTimeout: CONNECT_SECONDS * 1e3,
        keepaliveInterval: ALIVE_SECONDS * 1e3,
        keepaliveCountMax: ALIVE_MISSED,
        ...algorithms.length > 0 ? { algorithms: { serverHostKey: serverHostKeys(algorithms) } } : {},
        hostVerifier: /* @__PURE__ */ __name((key) => {
          const verdict = judgeHostKey(known, key);
          if (verdict.kind === "known") return true;
          refusal = hostKeyRefused(this.place, verdict, known.authority);
          return false;
        }, "hostVerifier")
      });
    } catch (error) {
      throw keyUnusable(this.place, error instanceof Error ? error.message : "");
    }
    return await promise;
  }
  async #login(identity) {
    if (identity.kind === "agent") return { agent: identity.socket };
    const passphrase = await identity.passphrase?.();
    return { privateKey: await identity.key(), ...passphrase === void 0 ? {} : { passphrase } };
  }
  #failure(error) {
    if (error.level === "client-authentication" || error.level === "agent") return loginRefused(this.place, this.#access.user);
    if (/no matching (host key|server host key)/i.test(error.message))
      return new TargetError("host-key", this.place, "the host has no key of a type that knownHosts has for it. Nothing was sent to it.", "Add the line that `ssh-keyscan HOST` prints, once compared with what the host itself says.");
    return notReached(this.place, error.message);
  }
};
var SUPPORTED = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"];
function serverHostKeys(names) {
  return SUPPORTED.filter((one) => names.includes(one));
}
__name(serverHostKeys, "serverHostKeys");
function collect(channel, command, place, resolve, reject, cut) {
  const began = performance.now();
  const stdout = [];
  const stderr = [];
  let size = 0;
  const keep = /* @__PURE__ */ __name((list) => (chunk) => {
    size += chunk.length;
    if (size <= MOST_OUTPUT) list.push(chunk);
  }, "keep");
  channel.on("data", keep(stdout));
  channel.stderr.on("data", keep(stderr));
  channel.on("error", () => void 0);
  let code = null;
  channel.once("exit", (status) => {
    code = status ?? 137;
  });
  channel.once("close", () => {
    if (code === null) return cut();
    if (ranOutOfTime(code) && performance.now() - began >= command.seconds * 1e3) return reject(tookTooLong(place, command.what, command.seconds));
    resolve({ code, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") });
  });
  channel.end(command.input ?? "");
}
__name(collect, "collect");

export {
  SshConnection
};
