import { readFile } from "node:fs/promises"
import { CacheSharingMode, type CacheVolume, type Container, dag, type Service } from "@dagger.io/dagger"
import { runId } from "../../qa/run-id.js"

/** The sandbox as containers of the engine: a host with sshd and dockerd, and a registry beside it. */

export const REGISTRY = "registry:5000"
export const REGISTRY_USER = "tollgate"
export const SSH_PORT = 22

export interface Identity {
  /** The host's public key, as a known_hosts file has it: type and key. */
  hostKey: string
  clientKey: string
  registryPassword: string
  /** Seconds since the host was last seen running, in this session or another. */
  idle: number
}

const packages = [
  "docker.io",
  "iptables",
  "iproute2",
  "procps",
  "openssh-server",
  "openssh-client",
  "apache2-utils",
  "docker-registry",
  "ca-certificates",
]

/** One image for all parts: they share their packages. */
export function base(): Container {
  return dag
    .container()
    .from("debian:bookworm-slim")
    .withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
    .withExec([
      "sh",
      "-c",
      `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} >/dev/null && rm -rf /var/lib/apt/lists/*`,
    ])
}

function volume(name: string, part: string): CacheVolume {
  return dag.cacheVolume(`tollgate-${name}-${part}`)
}

function script(name: string): Promise<string> {
  return readFile(new URL(`container/${name}`, import.meta.url), "utf8")
}

/** Keys and the registry's password, made when they are first asked for. They are of use inside this engine alone. */
export async function identityOf(name: string): Promise<Identity> {
  const out = base()
    .withMountedCache("/identity", volume(name, "identity"))
    .withNewFile("/identity.sh", await script("identity.sh"))
    // a volume is not part of the cache key
    .withEnvVariable("TOLLGATE_RUN", runId(new Date()))
    .withExec(["sh", "/identity.sh"])
    .directory("/out")
  const [hostKey, clientKey, registryPassword, idle] = await Promise.all(
    ["host.pub", "client", "password", "idle"].map((file) => out.file(file).contents()),
  )
  return {
    hostKey: (hostKey ?? "").trim().split(" ").slice(0, 2).join(" "),
    clientKey: clientKey ?? "",
    registryPassword: (registryPassword ?? "").trim(),
    idle: Number(idle),
  }
}

export function registry(name: string): Service {
  const settings = [
    "version: 0.1",
    "storage: { filesystem: { rootdirectory: /data }, delete: { enabled: true } }",
    "http: { addr: '0.0.0.0:5000' }",
    "auth: { htpasswd: { realm: sandbox, path: /identity/htpasswd } }",
    "log: { level: error }",
  ]
  return base()
    .withNewFile("/registry.yml", `${settings.join("\n")}\n`)
    .withMountedCache("/data", volume(name, "registry"))
    .withMountedCache("/identity", volume(name, "identity"))
    .withExposedPort(5000)
    .asService({ args: ["docker-registry", "serve", "/registry.yml"] })
}

/**
 * Two of these must never have the same disk at once: the engine lets a later session's wait until the earlier one's has ended.
 *
 * @param registryOf the name of the sandbox whose registry it fetches from
 */
export async function machine(name: string, registryOf = name): Promise<Service> {
  return base()
    .withNewFile("/usr/local/bin/host", await script("host.sh"), { permissions: 0o755 })
    .withNewFile("/usr/local/bin/cgroup", await script("cgroup.sh"), { permissions: 0o755 })
    .withServiceBinding("registry", registry(registryOf))
    .withMountedCache("/var/lib/sandbox", volume(name, "state"), { sharing: CacheSharingMode.Locked })
    .withMountedCache("/identity", volume(name, "identity"))
    .withExposedPort(SSH_PORT)
    .withExposedPort(80, { experimentalSkipHealthcheck: true })
    .asService({ args: ["/usr/local/bin/host"], insecureRootCapabilities: true })
}
