import { execFileSync } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { SshAccess, SshIdentity } from "../../core/targets/ssh/access.js"
import { SshConnection } from "../../core/targets/ssh/connection.js"
import { readPrivateKey } from "../../core/targets/ssh/private-key.js"
import { type SshServer, sshServer } from "./ssh-server.js"

const PASSPHRASE = "four words of it"
const folder = mkdtempSync(join(tmpdir(), "tollgate-ssh-"))
const made = (name: string, ...options: string[]): string => {
  execFileSync("ssh-keygen", ["-q", "-C", name, "-f", join(folder, name), ...options])
  return readFileSync(join(folder, name), "utf8")
}
const open = ["-N", ""]
const locked = ["-N", PASSPHRASE]
const keys = {
  ed25519: made("ed25519", "-t", "ed25519", ...open),
  ed25519Locked: made("ed25519-locked", "-t", "ed25519", ...locked),
  ecdsa521: made("ecdsa521", "-t", "ecdsa", "-b", "521", ...open),
  ecdsaPem: made("ecdsa-pem", "-t", "ecdsa", "-b", "384", "-m", "PEM", ...open),
  ecdsaPkcs8: made("ecdsa-pkcs8", "-t", "ecdsa", "-m", "PKCS8", ...open),
  ecdsaPkcs8Locked: made("ecdsa-pkcs8-locked", "-t", "ecdsa", "-m", "PKCS8", ...locked),
  rsa: made("rsa", "-t", "rsa", "-b", "2048", ...open),
  rsaPem: made("rsa-pem", "-t", "rsa", "-b", "2048", "-m", "PEM", ...open),
  rsaPemLocked: made("rsa-pem-locked", "-t", "rsa", "-b", "2048", "-m", "PEM", ...locked),
  rsaPkcs8: made("rsa-pkcs8", "-t", "rsa", "-b", "2048", "-m", "PKCS8", ...open),
  rsaPkcs8Locked: made("rsa-pkcs8-locked", "-t", "rsa", "-b", "2048", "-m", "PKCS8", ...locked),
}
const authorized = execFileSync("sh", ["-c", `cat "$0"/*.pub`, folder], { encoding: "utf8" }).trim().split("\n")

const bashrc = "echo 'Last backup: 12 minutes ago'\necho 'quota: 99 %' >&2"
let server: SshServer
let bastion: SshServer
beforeAll(async () => {
  ;[server, bastion] = await Promise.all([sshServer(folder, authorized, bashrc), sshServer(folder, authorized)])
})
afterAll(() => {
  server.close()
  bastion.close()
  rmSync(folder, { recursive: true })
})

const byKey = (text: string, passphrase: string | null = null): SshIdentity => ({
  kind: "key",
  key: () => Promise.resolve(text),
  passphrase: passphrase === null ? null : () => Promise.resolve(passphrase),
})

const accessBy = (identity: SshIdentity, { port, hostKey }: SshServer): SshAccess => ({
  host: "127.0.0.1",
  port,
  user: "root",
  knownHosts: `[127.0.0.1]:${port} ${hostKey}\n`,
  knownAs: null,
  identity,
})

/** What a command printed, or the error's first line. */
async function ask(access: SshAccess, script = "cat; echo oh >&2"): Promise<string> {
  const connection = new SshConnection(access, "host")
  try {
    const { stdout, stderr } = await connection.run({
      what: "ask",
      script,
      input: "in",
      seconds: 20,
    })
    return `${stdout}${stderr}`
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : ""
  } finally {
    await connection.close()
  }
}

describe("a private key", () => {
  const oneLine = keys.ed25519.trim().replaceAll("\n", " ")
  it.each([
    ["in OpenSSH's format, ECDSA on P-521", keys.ecdsa521, null],
    ["in OpenSSH's format, RSA", keys.rsa, null],
    ["in OpenSSH's format, with a passphrase", keys.ed25519Locked, PASSPHRASE],
    ["in PEM, RSA", keys.rsaPem, null],
    ["in PEM, RSA, with a passphrase", keys.rsaPemLocked, PASSPHRASE],
    ["in PEM, ECDSA on P-384", keys.ecdsaPem, null],
    ["in PKCS#8, RSA", keys.rsaPkcs8, null],
    ["in PKCS#8, RSA, with a passphrase", keys.rsaPkcs8Locked, PASSPHRASE],
    ["in PKCS#8, ECDSA", keys.ecdsaPkcs8, null],
    ["in PKCS#8, ECDSA, with a passphrase", keys.ecdsaPkcs8Locked, PASSPHRASE],
    ["without a passphrase, though one is given", keys.rsaPkcs8, "not needed"],
    ["with CR LF", keys.rsaPem.replaceAll("\n", "\r\n"), null],
    ["without the last line end", keys.ed25519.trimEnd(), null],
    ["in one line with \\n written out", keys.rsaPemLocked.replaceAll("\n", "\\n"), PASSPHRASE],
    ["in one line with blanks", oneLine, null],
    ["in quotes", `"${keys.ed25519.trim()}"`, null],
    ["indented, as YAML has it", keys.rsaPkcs8.replace(/^/gm, "    "), null],
    ["as base64, as CI variables have it", Buffer.from(keys.ecdsaPkcs8).toString("base64"), null],
    ["with a byte order mark and words before it", `\uFEFFBag Attributes: deploy\n${keys.rsaPem}`, null],
  ])("%s lets one in", async (_, text, passphrase) => {
    expect(await ask(accessBy(byKey(text, passphrase), server))).toBe("inoh\n")
  })

  it.each([
    ["with a passphrase that is not given", keys.ed25519Locked, null, "is encrypted, and --ssh-passphrase is not set"],
    [
      "in PKCS#8, with a passphrase that is not given",
      keys.rsaPkcs8Locked,
      null,
      "is encrypted, and --ssh-passphrase is not set",
    ],
    ["with another passphrase", keys.ed25519Locked, "other", "the passphrase is wrong"],
    ["in PEM, with another passphrase", keys.rsaPemLocked, "other", "the passphrase is wrong"],
    ["that is a public one", authorized[0] ?? "", null, "is a public key"],
    ["that is a path", "~/.ssh/id_ed25519", null, "is the path of a file"],
    ["that is cut off", keys.rsaPem.slice(0, 400), null, "is cut off"],
    ["of which a line is lost", keys.rsaPkcs8.split("\n").toSpliced(4, 1).join("\n"), null, "(PKCS#8) cannot be read"],
    [
      "of another kind",
      generateKeyPairSync("x25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      null,
      "has a type that SSH does not support (x25519)",
    ],
    [
      "of nobody there",
      generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      null,
      "rejected the SSH key for user root",
    ],
    ["of PuTTY", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", null, "puttygen"],
    ["that is nothing", " \n", null, "is empty"],
    ["that is something else", "deploy", null, "is not a private key"],
  ])("%s is refused with what it is", async (_, text, passphrase, why) => {
    expect(await ask(accessBy(byKey(text, passphrase), server))).toContain(why)
  })

  it("is the same key when it is written again: Ed25519 of PKCS#8", () => {
    const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString()
    const read = readPrivateKey(pem, null)
    const file = join(folder, "again")
    writeFileSync(file, read.kind === "key" ? read.pem : "", { mode: 0o600 })
    expect(execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" })).toMatch(/^ssh-ed25519 /)
  })
})

describe("a certificate", () => {
  const login = (access: SshAccess) =>
    new SshConnection(access, "host").run({ what: "log in", script: "true", seconds: 20 })
  made("authority", "-t", "ed25519", ...open)
  made("certified", "-t", "ed25519", ...open)
  execFileSync("ssh-keygen", [
    "-q",
    "-s",
    join(folder, "authority"),
    "-I",
    "deploy",
    "-n",
    "root",
    join(folder, "certified.pub"),
  ])
  const read = (name: string) => readFileSync(join(folder, name), "utf8")

  it("is refused as a key, with the key that belongs in its place", async () => {
    await expect(login(accessBy(byKey(read("certified-cert.pub")), server))).rejects.toMatchObject({
      message: expect.stringContaining("--ssh-key is a certificate, not the private key"),
      next: expect.stringContaining("Pass the private key that it was made for (without -cert.pub)"),
    })
  })

  it("does not let one in beside its key, and the refusal says so", async () => {
    await expect(login(accessBy(byKey(read("certified")), server))).rejects.toMatchObject({
      message: expect.stringContaining("rejected the SSH key for user root"),
      next: expect.stringContaining("A certificate (KEY-cert.pub) alone is not enough"),
    })
  })
})

describe("an SSH agent", () => {
  it("lets one in by one of its keys, and is named when it has the right one not", async () => {
    const socket = join(folder, "agent")
    const agent = execFileSync("ssh-agent", ["-s", "-a", socket], { encoding: "utf8" })
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)?.[1])
    try {
      const add = (name: string) =>
        execFileSync("ssh-add", ["-q", join(folder, name)], {
          env: { ...process.env, SSH_AUTH_SOCK: socket },
          stdio: "ignore",
        })
      made("of-nobody", "-t", "ed25519", ...open)
      add("of-nobody")
      expect(await ask(accessBy({ kind: "agent", socket }, server))).toContain(
        "rejected every key of your SSH agent for user root",
      )
      add("rsa")
      expect(await ask(accessBy({ kind: "agent", socket }, server))).toBe("inoh\n")
    } finally {
      process.kill(pid)
    }
  })
})

it("knows a host by the name that ssh-keygen hashed", async () => {
  const access = accessBy(byKey(keys.ed25519), server)
  const file = join(folder, "known_hosts")
  writeFileSync(file, access.knownHosts)
  execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "ignore" })
  const knownHosts = readFileSync(file, "utf8")
  expect(knownHosts).toMatch(/^\|1\|/)
  expect(await ask({ ...access, knownHosts })).toBe("inoh\n")
})

describe("a host on the way", () => {
  it("is gone through, and must be known as well", async () => {
    const via = accessBy(byKey(keys.ed25519), bastion)
    expect(await ask({ ...accessBy(byKey(keys.ed25519), server), via })).toBe("inoh\n")
    expect(bastion.forwarded()).toBe(1)
    expect(await ask({ ...accessBy(byKey(keys.ed25519), server), via: { ...via, knownHosts: "" } })).toMatch(
      /127\.0\.0\.1:\d+ \(jump host for host\): the host key is unknown/,
    )
  })
})

it("refuses an output that is too long to be read whole, and does not take it for a login shell's", async () => {
  expect(await ask(accessBy(byKey(keys.ed25519), server), "head -c 5000000 /dev/zero")).toBe(
    "host: printed more than 4.2 MB: ask. Its output was not read.",
  )
})
