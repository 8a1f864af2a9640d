import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/sandbox/machine.ts
import { readFile } from "node:fs/promises";
import { CacheSharingMode, dag } from "../sdk/index.ts";
var REGISTRY = "registry:5000";
var REGISTRY_USER = "tollgate";
var SSH_PORT = 22;
var packages = [
  "docker.io",
  "iptables",
  "iproute2",
  "procps",
  "openssh-server",
  "openssh-client",
  "apache2-utils",
  "docker-registry",
  "ca-certificates"
];
function base() {
  return dag.container().from("debian:bookworm-slim").withEnvVariable("DEBIAN_FRONTEND", "noninteractive").withExec([
    "sh",
    "-c",
    `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} >/dev/null && rm -rf /var/lib/apt/lists/*`
  ]);
}
__name(base, "base");
function volume(name, part) {
  return dag.cacheVolume(`tollgate-${name}-${part}`);
}
__name(volume, "volume");
function script(name) {
  return readFile(new URL(`container/${name}`, new URL("../core/targets/sandbox/machine.ts", import.meta.url).href), "utf8");
}
__name(script, "script");
async function identityOf(name) {
  const out = base().withMountedCache("/identity", volume(name, "identity")).withNewFile("/identity.sh", await script("identity.sh")).withEnvVariable("TOLLGATE_RUN", runId(/* @__PURE__ */ new Date())).withExec(["sh", "/identity.sh"]).directory("/out");
  const [hostKey, clientKey, registryPassword, idle] = await Promise.all(
    ["host.pub", "client", "password", "idle"].map((file) => out.file(file).contents())
  );
  return {
    hostKey: (hostKey ?? "").trim().split(" ").slice(0, 2).join(" "),
    clientKey: clientKey ?? "",
    registryPassword: (registryPassword ?? "").trim(),
    idle: Number(idle)
  };
}
__name(identityOf, "identityOf");
function registry(name) {
  const settings = [
    "version: 0.1",
    "storage: { filesystem: { rootdirectory: /data }, delete: { enabled: true } }",
    "http: { addr: '0.0.0.0:5000' }",
    "auth: { htpasswd: { realm: sandbox, path: /identity/htpasswd } }",
    "log: { level: error }"
  ];
  return base().withNewFile("/registry.yml", `${settings.join("\n")}
`).withMountedCache("/data", volume(name, "registry")).withMountedCache("/identity", volume(name, "identity")).withExposedPort(5e3).asService({ args: ["docker-registry", "serve", "/registry.yml"] });
}
__name(registry, "registry");
async function machine(name, registryOf = name) {
  return base().withNewFile("/usr/local/bin/host", await script("host.sh"), { permissions: 493 }).withNewFile("/usr/local/bin/cgroup", await script("cgroup.sh"), { permissions: 493 }).withServiceBinding("registry", registry(registryOf)).withMountedCache("/var/lib/sandbox", volume(name, "state"), { sharing: CacheSharingMode.Locked }).withMountedCache("/identity", volume(name, "identity")).withExposedPort(SSH_PORT).withExposedPort(80, { experimentalSkipHealthcheck: true }).asService({ args: ["/usr/local/bin/host"], insecureRootCapabilities: true });
}
__name(machine, "machine");

// core/targets/sandbox/service.ts
var SANDBOX = "sandbox";
async function sandboxService(name = SANDBOX) {
  await identityOf(name);
  return await machine(name);
}
__name(sandboxService, "sandboxService");

export {
  REGISTRY,
  REGISTRY_USER,
  SSH_PORT,
  identityOf,
  registry,
  machine,
  SANDBOX,
  sandboxService
};
