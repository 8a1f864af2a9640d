import { z } from "zod"
import {
  always,
  containerImage,
  distinct,
  entryOf,
  expected,
  isHost,
  isMapping,
  keysOf,
  mapping,
  text,
  withHint,
} from "./fields.js"
import { wholeNumber } from "./load-fields.js"

/** Where an environment's releases run: `environments.NAME.target`. */

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

const proxy = mapping("a mapping with host, tls and ports", {
  host: text("a host name such as shop.example", /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])$/)
    .superRefine(isHost, always)
    .optional()
    .describe("Host name that the service answers to. When left out: to every one."),
  tls: z
    .boolean({ error: expected("true or false") })
    .prefault(false)
    .describe("Whether the proxy gets a certificate from Let's Encrypt and answers HTTPS. Needs host."),
  httpPort: wholeNumber(1, 65535).prefault(80).describe("Port of the host for HTTP."),
  httpsPort: wholeNumber(1, 65535).prefault(443).describe("Port of the host for HTTPS."),
  image: containerImage.prefault("basecamp/kamal-proxy:v0.9.2").describe("Container image of the proxy."),
}).superRefine((value, context) => {
  if (entryOf(value, "tls") === true && entryOf(value, "host") === undefined)
    context.addIssue({
      code: "custom",
      path: ["tls"],
      message: withHint("needs a host name", "add `host`: certificates are issued for a name"),
    })
}, always)

const types = ["compose", "sandbox"] as const
const ofHosts = ["hosts", "user", "jump", "knownHosts", "order"]

export const target = mapping("a mapping that says where releases run", {
  type: z
    .enum(types, { error: expected("compose or sandbox") })
    .prefault("compose")
    .describe("compose: hosts with Docker, reached over SSH. sandbox: such a host inside the engine."),
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
  network: text("a name of a Docker network", /^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
    .prefault("tollgate")
    .describe("Docker network of proxy and service. Created when it is not there."),
  folder: text("an absolute path", /^\/[A-Za-z0-9_./-]+$/)
    .prefault("/var/lib/tollgate")
    .describe("Folder of the host that Tollgate keeps the releases' variables in, for root alone."),
  proxy: proxy.prefault({}).describe("The proxy in front of the service."),
}).superRefine((value, context) => {
  if (!isMapping(value)) return
  const hosts = entryOf(value, "hosts")
  if (entryOf(value, "type") === "sandbox") {
    for (const key of keysOf(value).filter((one) => ofHosts.includes(one)))
      if (isGiven(key, entryOf(value, key)))
        context.addIssue({
          code: "custom",
          path: [key],
          message: withHint("is not for the sandbox", "leave it out: Tollgate makes that host itself"),
          params: { at: "key" },
        })
  } else if (Array.isArray(hosts) && hosts.length === 0)
    context.addIssue({ code: "custom", path: ["hosts"], message: "lists no host: there is nowhere to run" })
}, always)

/** These rules see values with their defaults filled in. */
function isGiven(key: string, value: unknown): boolean {
  return (
    value !== undefined &&
    !(Array.isArray(value) && value.length === 0) &&
    !(key === "user" && value === "root") &&
    !(key === "order" && value === "in-turn")
  )
}

type Written = z.output<typeof target>

export interface ProxySettings {
  /** null: every one. */
  host: string | null
  tls: boolean
  httpPort: number
  httpsPort: number
  image: string
}

interface Common {
  network: string
  folder: string
  proxy: ProxySettings
}

export interface HostAddress {
  host: string
  port: number
}

export interface ComposeSettings extends Common {
  kind: "compose"
  hosts: HostAddress[]
  user: string
  /** On the way to each of them, in order. */
  jump: (HostAddress & { user: string })[]
  /** Empty: the hosts' keys are not known. */
  knownHosts: string
  order: "in-turn" | "at-once"
}

export interface SandboxSettings extends Common {
  kind: "sandbox"
}

export interface TargetByKind {
  compose: ComposeSettings
  sandbox: SandboxSettings
}

export type TargetSettings = { kind: "none" } | TargetByKind[keyof TargetByKind]

/** The environment `sandbox` is there without being listed, and runs in the sandbox. */
export function targetOf(environment: string, written: Written | undefined): TargetSettings {
  const given = written ?? (environment === "sandbox" ? target.parse({ type: "sandbox" }) : undefined)
  if (given === undefined) return { kind: "none" }
  const { type, hosts, user, jump, knownHosts, order, network, folder, proxy } = given
  const common = { network, folder, proxy: { ...proxy, host: proxy.host ?? null } }
  if (type === "sandbox") return { kind: "sandbox", ...common }
  return {
    kind: "compose",
    hosts: hosts.map(addressOf),
    user,
    jump: jump.map((one) => jumpOf(one, user)),
    knownHosts: knownHosts ?? "",
    order,
    ...common,
  }
}

function addressOf(written: string): HostAddress {
  const [host = "", port = "22"] = written.split(":")
  return { host, port: Number(port) }
}

function jumpOf(written: string, user: string): HostAddress & { user: string } {
  const [, own = user, address = ""] = /^(?:([^@]+)@)?(.*)$/.exec(written) ?? []
  return { ...addressOf(address), user: own }
}
