import { z } from "zod"
import { always, distinct, entryOf, expected, isHost, text, withHint } from "./fields.js"
import type { CommonSettings, TargetConfig } from "./target-common.js"

/** `environments.NAME.target` of hosts with Docker, reached over SSH. */

const host = text(
  "a host such as app1.shop.example or app1.shop.example:2222",
  /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/,
  (input) => {
    if (typeof input !== "string") return null
    if (input.includes("@")) return "leave the user out: it stands under `user`"
    return /^[a-z]+:\/\//i.test(input) ? "leave the scheme out" : null
  },
).superRefine(isHost, always)

const jumpHost = text(
  "a host such as bastion.shop.example or deploy@bastion.shop.example:2222",
  /^(?:[a-z_][a-z0-9_-]*@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/,
  (input) => (typeof input === "string" && /^[a-z]+:\/\//i.test(input) ? "leave the scheme out" : null),
).superRefine(isHost, always)

/** The beginning of OpenSSH's own format: hosts, key type, key. */
const knownHostLine =
  /^(?:@cert-authority\s+|@revoked\s+)?\S+\s+(?:(?:sk-)?ssh-(?:ed25519|rsa|dss)|(?:sk-)?ecdsa-sha2-nistp(?:256|384|521))(?:@openssh\.com)?\s+[A-Za-z0-9+/]+={0,2}(?:\s.*)?$/

const knownHosts = text("lines of a known_hosts file").superRefine((written, context) => {
  written.split("\n").forEach((line, index) => {
    if (line.trim() === "" || line.trim().startsWith("#") || knownHostLine.test(line.trim())) return
    const message = withHint(
      `has a line ${index + 1} that is no entry of a known_hosts file`,
      "`ssh-keyscan -t ed25519 HOST` prints one; compare it with what the host itself says",
    )
    context.addIssue({ code: "custom", message })
  })
}, always)

const keys = {
  hosts: distinct("a list of hosts", host)
    .prefault([])
    .describe("Hosts, each with its port where it is not 22. Needed by compose."),
  user: text("a name of a user", /^[a-z_][a-z0-9_-]*$/)
    .prefault("root")
    .describe("User on the hosts: root, or one who may use sudo without a password."),
  jump: distinct("a list of hosts", jumpHost)
    .prefault([])
    .describe(
      "Hosts on the way, in their order, each with a user of its own where it is not `user`: as `ssh -J` takes them. knownHosts must have their keys too.",
    ),
  knownHosts: knownHosts
    .optional()
    .describe("The hosts' public keys, as in a known_hosts file. When left out: every host is refused."),
  order: z
    .enum(["in-turn", "at-once"], { error: expected("in-turn or at-once") })
    .prefault("in-turn")
    .describe("Whether hosts switch one after the other or all at once. Images are fetched at once in either case."),
}

export interface HostAddress {
  host: string
  port: number
}

export interface ComposeSettings extends CommonSettings {
  kind: "compose"
  hosts: HostAddress[]
  user: string
  /** On the way to each of them, in order. */
  jump: (HostAddress & { user: string })[]
  /** Empty: the hosts' keys are not known. */
  knownHosts: string
  order: "in-turn" | "at-once"
}

export const compose = {
  name: "compose",
  what: "hosts with Docker, reached over SSH",
  without: "leave it out",
  keys,
  check: (value, context) => {
    const hosts = entryOf(value, "hosts")
    if (Array.isArray(hosts) && hosts.length === 0)
      context.addIssue({ code: "custom", path: ["hosts"], message: "lists no host: there is nowhere to run" })
  },
  settings: (
    { hosts, user, jump, knownHosts, order }: z.output<z.ZodObject<typeof keys>>,
    common: CommonSettings,
  ): ComposeSettings => ({
    kind: "compose",
    hosts: hosts.map(addressOf),
    user,
    jump: jump.map((one) => jumpOf(one, user)),
    knownHosts: knownHosts ?? "",
    order,
    ...common,
  }),
} satisfies TargetConfig & { settings: unknown }

function addressOf(written: string): HostAddress {
  const [host = "", port = "22"] = written.split(":")
  return { host, port: Number(port) }
}

function jumpOf(written: string, user: string): HostAddress & { user: string } {
  const [, own = user, address = ""] = /^(?:([^@]+)@)?(.*)$/.exec(written) ?? []
  return { ...addressOf(address), user: own }
}
