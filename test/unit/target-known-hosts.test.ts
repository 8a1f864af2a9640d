import { createHmac } from "node:crypto"
import { describe, expect, it } from "vitest"
import { algorithmsFor, fingerprint, judgeHostKey, knownFor } from "../../core/targets/ssh/known-hosts.js"

function key(type: string, body: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, Buffer.from(type), Buffer.from(body)])
}

const mine = key("ssh-ed25519", "of the host")
const other = key("ssh-ed25519", "of somebody else")
const line = (hosts: string, of = mine, marker = "") =>
  `${marker}${hosts} ssh-ed25519 ${of.toString("base64")} a comment\n`

describe("known_hosts", () => {
  it.each([
    ["app1.example", "app1.example", 22],
    ["other,app1.example", "app1.example", 22],
    ["*.example", "app1.example", 22],
    ["app?.example", "app1.example", 22],
    ["[app1.example]:2222", "app1.example", 2222],
    ["app1.example", "app1.example", 2222],
    ["APP1.example", "app1.EXAMPLE", 22],
  ])("says by %s who %s is, on port %i", (hosts, host, port) => {
    expect(judgeHostKey(knownFor(line(hosts), host, port), mine)).toEqual({ kind: "known" })
  })

  it.each([
    ["[app1.example]:2222", "app1.example", 22],
    ["*.example,!app1.example", "app1.example", 22],
    ["app1xexample", "app1.example", 22],
    ["app", "app1.example", 22],
    ["# app1.example", "app1.example", 22],
  ])("does not say by %s who %s is, on port %i", (hosts, host, port) => {
    expect(judgeHostKey(knownFor(line(hosts), host, port), mine)).toEqual({
      kind: "unknown",
      offered: fingerprint(mine),
    })
  })

  it("knows a host by its hashed name", () => {
    const salt = Buffer.from("twenty bytes of salt")
    const hashed = `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update("app1.example").digest("base64")}`
    expect(judgeHostKey(knownFor(line(hashed), "app1.example", 22), mine).kind).toBe("known")
    expect(judgeHostKey(knownFor(line(hashed), "app2.example", 22), mine).kind).toBe("unknown")
  })

  it("tells another key from no key, with both fingerprints", () => {
    expect(judgeHostKey(knownFor(line("app1"), "app1", 22), other)).toEqual({
      kind: "changed",
      offered: fingerprint(other),
      known: [fingerprint(mine)],
    })
  })

  it("refuses a revoked key although another line knows it", () => {
    expect(judgeHostKey(knownFor(line("app1") + line("*", mine, "@revoked "), "app1", 22), mine).kind).toBe("revoked")
  })

  it("does not take an authority for a host's own key", () => {
    const known = knownFor(line("app1", mine, "@cert-authority "), "app1", 22)
    expect(known.authority).toBe(true)
    expect(judgeHostKey(known, mine).kind).toBe("unknown")
  })

  it("asks the host for a key of a kind that is known", () => {
    expect(algorithmsFor(knownFor(`app1 ssh-rsa AAAA\n${line("app1")}`, "app1", 22))).toEqual([
      "rsa-sha2-512",
      "rsa-sha2-256",
      "ssh-ed25519",
    ])
  })

  it("prints a fingerprint as ssh-keygen does", () => {
    // ssh-keygen -lf of this key
    const real = Buffer.from("AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl", "base64")
    expect(fingerprint(real)).toBe("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU (ssh-ed25519)")
  })
})
