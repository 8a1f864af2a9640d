import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  addressText
} from "./shared.core.targets.ssh.access.mjs";
import {
  NOTHING,
  cutOff,
  deferred,
  hostKeyRefused,
  keyUnusable,
  lineOf,
  loginRefused,
  newMark,
  notReached,
  ownOutput,
  ownWords,
  printedTooMuch,
  ranOutOfTime,
  shellPrints,
  tookTooLong
} from "./shared.core.shared.deferred.mjs";
import {
  TargetError
} from "./shared.core.targets.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/ssh/known-hosts.ts
import { createHash, createHmac } from "node:crypto";
function knownFor(text, host, port) {
  const known = entriesFor(text, port === 22 ? host : `[${host}]:${port}`);
  const found = known.keys.length > 0 || known.revoked.length > 0 || known.authority;
  return found || port === 22 ? known : entriesFor(text, host);
}
__name(knownFor, "knownFor");
function entriesFor(text, name) {
  const known = { keys: [], revoked: [], authority: false };
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith("@") === true ? words.shift() : void 0;
    const [patterns = "", type = "", key = ""] = words;
    if (patterns === "" || patterns.startsWith("#") || key === "" || !isFor(patterns, name.toLowerCase())) continue;
    if (marker === "@cert-authority") known.authority = true;
    else (marker === "@revoked" ? known.revoked : known.keys).push({ type, key });
  }
  return known;
}
__name(entriesFor, "entriesFor");
function isFor(patterns, name) {
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
  return new RegExp(
    `^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`
  );
}
__name(globOf, "globOf");
function judgeHostKey(known, offered) {
  const key = offered.toString("base64");
  const print = fingerprint(offered);
  if (known.revoked.some((one) => one.key === key)) return { kind: "revoked", offered: print };
  if (known.keys.some((one) => one.key === key)) return { kind: "known" };
  if (known.keys.length === 0) return { kind: "unknown", offered: print };
  return {
    kind: "changed",
    offered: print,
    known: known.keys.map((one) => fingerprint(Buffer.from(one.key, "base64")))
  };
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
  return [
    ...new Set(known.keys.flatMap(({ type }) => type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]))
  ];
}
__name(algorithmsFor, "algorithmsFor");

// core/targets/ssh/private-key.ts
import { createPrivateKey } from "node:crypto";

// core/targets/ssh/openssh-key.ts
function openSshKey(key) {
  const parts = partsOf(key);
  if (parts === null) return null;
  const { type, publicFields, privateFields } = parts;
  const check = Buffer.alloc(4);
  const secret = [check, check, string(type), ...privateFields, string("")];
  const length = secret.reduce((sum, one) => sum + one.length, 0);
  const padding = Buffer.from(Array.from({ length: (8 - length % 8) % 8 }, (_, index) => index + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    string("none"),
    string("none"),
    string(""),
    count,
    string(Buffer.concat([string(type), ...publicFields])),
    string(Buffer.concat([...secret, padding]))
  ]);
  const lines = whole.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}
__name(openSshKey, "openSshKey");
var CURVES = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };
function partsOf({ kty, crv = "", n, e, d, p, q, qi, x, y }) {
  if (kty === "RSA" && n !== void 0 && e !== void 0 && d !== void 0 && p !== void 0 && q !== void 0 && qi !== void 0)
    return { type: "ssh-rsa", publicFields: [e, n].map(number), privateFields: [n, e, d, qi, p, q].map(number) };
  if (kty === "OKP" && crv === "Ed25519" && x !== void 0 && d !== void 0) {
    const own = bytes(x);
    return {
      type: "ssh-ed25519",
      publicFields: [string(own)],
      privateFields: [string(own), string(Buffer.concat([bytes(d), own]))]
    };
  }
  const curve = CURVES[crv];
  if (kty === "EC" && curve !== void 0 && x !== void 0 && y !== void 0 && d !== void 0) {
    const point = string(Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]));
    return {
      type: `ecdsa-sha2-${curve}`,
      publicFields: [string(curve), point],
      privateFields: [string(curve), point, number(d)]
    };
  }
  return null;
}
__name(partsOf, "partsOf");
function bytes(base64url) {
  return Buffer.from(base64url, "base64url");
}
__name(bytes, "bytes");
function string(value) {
  const own = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(own.length);
  return Buffer.concat([length, own]);
}
__name(string, "string");
function number(base64url) {
  const own = bytes(base64url);
  const start = own.findIndex((byte) => byte !== 0);
  const short = start === -1 ? Buffer.alloc(0) : own.subarray(start);
  return string((short[0] ?? 0) >= 128 ? Buffer.concat([Buffer.alloc(1), short]) : short);
}
__name(number, "number");

// core/targets/ssh/private-key.ts
var OTHER_KEY = "Pass a private key that the host's ~/.ssh/authorized_keys lists, with --ssh-key=file:PATH or env:NAME.";
var CERTIFICATE = "Pass the private key that it was made for (without -cert.pub), and add that key's public half to the host's ~/.ssh/authorized_keys: Tollgate does not present certificates.";
var PASSPHRASE = "Pass its passphrase with --ssh-passphrase=env:NAME or file:PATH, or load the key into your SSH agent.";
var refused = /* @__PURE__ */ __name((what, next) => ({ kind: "refused", what, next }), "refused");
function readPrivateKey(text, passphrase) {
  const block = privateBlock(plainText(text));
  if (block === null) return refused(whatElse(text), isCertificate(plainText(text)) ? CERTIFICATE : OTHER_KEY);
  const pem = written(block);
  if (block.label === "OPENSSH PRIVATE KEY") return { kind: "key", pem };
  const encrypted = block.label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type:.*ENCRYPTED/m.test(pem);
  if (encrypted && (passphrase === null || passphrase === ""))
    return refused("the private key (--ssh-key) is encrypted, and --ssh-passphrase is not set.", PASSPHRASE);
  const read = readByOpenSsl(pem, encrypted ? passphrase : null);
  if (read === null)
    return encrypted ? refused(
      "could not decrypt the private key (--ssh-key): the passphrase is wrong, or OpenSSL no longer supports its cipher.",
      "Pass the right passphrase with --ssh-passphrase, or convert the key: `ssh-keygen -p -f KEY`."
    ) : refused(
      `the private key (${nameOf(block.label)}) cannot be read: it is incomplete or damaged.`,
      "Pass the whole file, with its first and last line. Check it with `ssh-keygen -y -f KEY`."
    );
  const again = inOpenSshFormat(read);
  return again === null ? refused(
    `the private key has a type that SSH does not support (${read.asymmetricKeyType ?? "unknown"}).`,
    "Make one with `ssh-keygen -t ed25519`, and add its public half to the host's ~/.ssh/authorized_keys."
  ) : { kind: "key", pem: again };
}
__name(readPrivateKey, "readPrivateKey");
function keyRefusal(said, passphraseGiven) {
  if (/no passphrase given/i.test(said))
    return { what: "the private key (--ssh-key) is encrypted, and --ssh-passphrase is not set.", next: PASSPHRASE };
  if (/passphrase|bad decrypt|integrity check failed|authenticate data/i.test(said))
    return {
      what: `the private key is encrypted, and the passphrase is ${passphraseGiven ? "wrong" : "missing"}.`,
      next: PASSPHRASE
    };
  const hardware = /key type: (sk-\S+)/.exec(said)?.[1];
  if (hardware !== void 0)
    return {
      what: `the private key belongs to a security key (${hardware}), which only an SSH agent can use.`,
      next: "Load it into your SSH agent (`ssh-add`) and leave --ssh-key out."
    };
  const unsupported = /unsupported (.*)/i.exec(said)?.[1];
  if (unsupported !== void 0)
    return {
      what: `the private key (OpenSSH's format) uses a feature that Tollgate does not support: ${unsupported}.`,
      next: "Convert it: `ssh-keygen -p -f KEY` (with `-Z aes256-ctr` where it has a passphrase)."
    };
  return {
    what: "the private key (OpenSSH's format) cannot be read: it is incomplete or damaged.",
    next: "Pass the whole file, with its first and last line. Check it with `ssh-keygen -y -f KEY`."
  };
}
__name(keyRefusal, "keyRefusal");
function plainText(text) {
  const lines = text.replace(/^\uFEFF/, "").replace(/\\r\\n|\\n|\\r/g, "\n").replace(/\r\n?/g, "\n").trim();
  if (lines.includes("-----BEGIN ") || !/^["'A-Za-z0-9+/=\s]+$/.test(lines)) return lines;
  const inside = Buffer.from(lines.replace(/["']/g, ""), "base64").toString("utf8");
  return inside.includes("-----BEGIN ") ? plainText(inside) : lines;
}
__name(plainText, "plainText");
function privateBlock(text) {
  const [, label = "", inside = ""] = /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----(.*?)-----END \1-----/s.exec(text) ?? [];
  if (label === "") return null;
  const headers = [...inside.matchAll(/(Proc-Type|DEK-Info):\s*([A-Za-z0-9,-]+)/g)].map(
    ([, name = "", value = ""]) => `${name}: ${value}`
  );
  const body = inside.replace(/(?:Proc-Type|DEK-Info):\s*[A-Za-z0-9,-]+/g, "").replace(/\s+/g, "");
  return { label, headers, body };
}
__name(privateBlock, "privateBlock");
function written({ label, headers, body }) {
  const lines = body.match(/.{1,64}/g) ?? [];
  const above = headers.length === 0 ? [] : [...headers, ""];
  return [`-----BEGIN ${label}-----`, ...above, ...lines, `-----END ${label}-----`, ""].join("\n");
}
__name(written, "written");
function readByOpenSsl(pem, passphrase) {
  try {
    return createPrivateKey({ key: pem, format: "pem", ...passphrase === null ? {} : { passphrase } });
  } catch {
    return null;
  }
}
__name(readByOpenSsl, "readByOpenSsl");
var jwk = external_exports.record(external_exports.string(), external_exports.unknown());
function inOpenSshFormat(key) {
  if (!["rsa", "ec", "ed25519"].includes(key.asymmetricKeyType ?? "")) return null;
  const numbers = jwk.parse(key.export({ format: "jwk" }));
  return openSshKey(numbers);
}
__name(inOpenSshFormat, "inOpenSshFormat");
function nameOf(label) {
  return label === "PRIVATE KEY" || label === "ENCRYPTED PRIVATE KEY" ? "PKCS#8" : label.replace(/ PRIVATE KEY$/, ", PEM");
}
__name(nameOf, "nameOf");
function isCertificate(text) {
  return /^\S+-cert-v0\d@openssh\.com /.test(text);
}
__name(isCertificate, "isCertificate");
function whatElse(text) {
  const seen = plainText(text);
  if (seen === "") return "--ssh-key is empty.";
  if (/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(seen))
    return "--ssh-key is cut off: the last line of the private key is missing.";
  if (/^PuTTY-User-Key-File-/.test(seen))
    return "--ssh-key is a PuTTY key. Convert it: `puttygen KEY.ppk -O private-openssh -o KEY`.";
  if (/-----BEGIN (?:[A-Z0-9]+ )*PUBLIC KEY-----|---- BEGIN SSH2 PUBLIC KEY ----/.test(seen))
    return "--ssh-key is a public key, not the private one.";
  if (isCertificate(seen)) return "--ssh-key is a certificate, not the private key.";
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA/.test(seen)) return "--ssh-key is a public key, not the private one.";
  if (/-----BEGIN CERTIFICATE-----/.test(seen)) return "--ssh-key is a TLS certificate, not a private key.";
  if (/^[~./]\S*$|\.(pem|key)$/.test(seen))
    return "--ssh-key is the path of a file, not its contents: write --ssh-key=file:PATH.";
  return "--ssh-key is not a private key.";
}
__name(whatElse, "whatElse");

// core/targets/ssh/connection.ts
var CONNECT_SECONDS = 15;
var ALIVE_SECONDS = 5;
var ALIVE_MISSED = 3;
var MOST_OUTPUT = 4 * 1024 * 1024;
var SshConnection = class _SshConnection {
  static {
    __name(this, "SshConnection");
  }
  #access;
  place;
  /** The host on the way, as `ssh -J` names it; null: it is reached directly. */
  #via;
  #client = null;
  constructor(access, place) {
    this.#access = access;
    this.place = place;
    this.#via = access.via === void 0 ? null : new _SshConnection(access.via, `${addressText(access.via)} (jump host for ${place})`);
  }
  async run(command) {
    const client = await this.#open();
    const { promise, resolve, reject } = deferred();
    const mark = newMark();
    const timer = setTimeout(
      () => {
        reject(tookTooLong(this.place, command.what, command.seconds));
        client.destroy();
      },
      (command.seconds + 20) * 1e3
    );
    const cut = /* @__PURE__ */ __name(() => reject(cutOff(this.place, command.what)), "cut");
    client.once("close", cut);
    try {
      client.exec(lineOf(command, this.#access.user, mark), (error, channel) => {
        if (error !== void 0) return cut();
        collect(channel, command, this.place, resolve, reject, cut);
      });
    } catch {
      cut();
    }
    try {
      return this.#own(await promise, command, mark);
    } finally {
      clearTimeout(timer);
      client.off("close", cut);
    }
  }
  /** Removes what the login shell printed before and after. */
  #own({ code, stdout, stderr }, { what, script }, mark) {
    if (script === NOTHING) return { code, stdout: "", stderr };
    const own = ownOutput(stdout, mark);
    if (code === 0 && own === null) throw shellPrints(this.place, what);
    return { code, stdout: own ?? ownWords(stdout, mark), stderr: ownWords(stderr, mark) };
  }
  /** Opens a TCP connection from the host. */
  async dial(host, port) {
    const client = await this.#open();
    const { promise, resolve, reject } = deferred();
    const cut = /* @__PURE__ */ __name(() => reject(cutOff(this.place, `connect to ${host}:${port}`)), "cut");
    client.once("close", cut);
    client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error === void 0) return resolve(channel);
      const forbidden = /administratively prohibited|not allowed/i.test(error.message);
      const next = forbidden ? "Allow it in sshd_config: AllowTcpForwarding local." : "Check that the service there is running and listening.";
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
    await this.#via?.close();
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
    const [{ default: ssh2 }, login, sock] = await Promise.all([
      import("./ssh2.lib.index.mjs"),
      this.#login(identity),
      this.#via?.dial(host, port)
    ]);
    const client = new ssh2.Client();
    const { promise, resolve, reject } = deferred();
    let refusal = null;
    if (sock === void 0) client.once("connect", () => client.setNoDelay(true));
    client.once("ready", () => resolve(client));
    client.on("error", (error) => reject(refusal ?? this.#failure(error)));
    client.once("close", () => reject(refusal ?? notReached(this.place, "it was closed at once")));
    try {
      client.connect({
        ...sock === void 0 ? { host, port } : { sock },
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
      const passphrase = "passphrase" in login;
      throw keyUnusable(this.place, keyRefusal(error instanceof Error ? error.message : "", passphrase));
    }
    return await promise;
  }
  async #login(identity) {
    if (identity.kind === "agent") return { agent: identity.socket };
    const passphrase = await identity.passphrase?.() ?? null;
    const read = readPrivateKey(await identity.key(), passphrase);
    if (read.kind === "refused") throw keyUnusable(this.place, read);
    return { privateKey: read.pem, ...passphrase === null ? {} : { passphrase } };
  }
  #failure(error) {
    if (error.level === "client-authentication" || error.level === "agent")
      return loginRefused(this.place, this.#access.user, this.#access.identity.kind);
    if (/no matching (host key|server host key)/i.test(error.message))
      return new TargetError(
        "host-key",
        this.place,
        "the host has no key of the types in knownHosts. Nothing was sent to it.",
        "Compare the output of `ssh-keyscan HOST` with the host's own keys, then add it to knownHosts."
      );
    return notReached(this.place, error.message);
  }
};
var SUPPORTED = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256"
];
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
    if (ranOutOfTime(code) && performance.now() - began >= command.seconds * 1e3)
      return reject(tookTooLong(place, command.what, command.seconds));
    if (size > MOST_OUTPUT) return reject(printedTooMuch(place, command.what, MOST_OUTPUT));
    resolve({ code, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") });
  });
  channel.end(command.input ?? "");
}
__name(collect, "collect");

export {
  SshConnection
};
