import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  SERVICE_HEALTH
} from "./shared.core.shared.service-health.mjs";
import {
  filledIn,
  serviceVariables
} from "./shared.core.config.service-variables.mjs";
import {
  POSTGRES_PORT,
  REDIS_PORT
} from "./shared.core.config.port.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/app/busybox.ts
import { dag } from "../sdk/index.ts";
function busybox(platform) {
  const install = "apt-get update -qq && apt-get install -y -qq --no-install-recommends busybox-static >/dev/null";
  return dag.container(platform === void 0 ? {} : { platform }).from("debian:bookworm-slim").withEnvVariable("DEBIAN_FRONTEND", "noninteractive").withExec(["sh", "-c", install]).file("/bin/busybox");
}
__name(busybox, "busybox");

// core/qa/services.ts
import { dag as dag2 } from "../sdk/index.ts";
function withServices(container, services, identity) {
  const { postgres, redis, others } = services;
  const bound = [
    ...postgres === false ? [] : [["postgres", postgresService(postgres, identity)]],
    ...redis === false ? [] : [["redis", redisService(redis, identity)]],
    ...Object.entries(others).map(([name, other]) => [name, otherService(other, identity)])
  ].reduce((with_, [name, service]) => with_.withServiceBinding(name, service), container);
  return withVariables(bound, serviceVariables(services));
}
__name(withServices, "withServices");
function withSettings(container, env, services) {
  return withVariables(container, filledIn(env, services));
}
__name(withSettings, "withSettings");
function withVariables(container, variables) {
  return variables.reduce((with_, [name, value]) => with_.withEnvVariable(name, value), container);
}
__name(withVariables, "withVariables");
function postgresService(settings, identity) {
  return dag2.container().from(settings.image).withEnvVariable("POSTGRES_USER", settings.user).withEnvVariable("POSTGRES_PASSWORD", settings.password).withEnvVariable("POSTGRES_DB", settings.database).withEnvVariable("POSTGRES_INITDB_ARGS", "--no-sync").withEnvVariable("TOLLGATE_SUITE", identity).withDockerHealthcheck(
    ["pg_isready", "-q", "-h", "127.0.0.1", "-U", settings.user, "-d", settings.database],
    SERVICE_HEALTH
  ).withExposedPort(POSTGRES_PORT).asService({
    args: ["postgres", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
    useEntrypoint: true
  });
}
__name(postgresService, "postgresService");
function redisService(settings, identity) {
  return dag2.container().from(settings.image).withEnvVariable("TOLLGATE_SUITE", identity).withDockerHealthcheck(["redis-cli ping | grep -q PONG"], { ...SERVICE_HEALTH, shell: true }).withExposedPort(REDIS_PORT).asService({ args: ["redis-server", "--save", "", "--appendonly", "no"], useEntrypoint: true });
}
__name(redisService, "redisService");
function otherService({ image, port, env, command, healthy }, identity) {
  const container = Object.entries(env).reduce((with_, [name, value]) => with_.withEnvVariable(name, value), dag2.container().from(image)).withEnvVariable("TOLLGATE_SUITE", identity).withExposedPort(port, { experimentalSkipHealthcheck: true });
  const checked = healthy === void 0 ? container.withFile(BUSYBOX, busybox()).withDockerHealthcheck([BUSYBOX, "sh", "-c", listensOn(port)], SERVICE_HEALTH) : container.withDockerHealthcheck([healthy], { ...SERVICE_HEALTH, shell: true });
  return checked.asService({ useEntrypoint: true, ...command === void 0 ? {} : { args: command } });
}
__name(otherService, "otherService");
var BUSYBOX = "/.tollgate/busybox";
function listensOn(port) {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, "0")}$`;
  const reachable = `$4 == "0A" && $2 ~ "${ending}" && $2 !~ "^(0100007F|00000000000000000000000001000000):"`;
  return `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | ${BUSYBOX} awk '${reachable} { found = 1 } END { exit !found }'`;
}
__name(listensOn, "listensOn");

export {
  busybox,
  withServices,
  withSettings
};
