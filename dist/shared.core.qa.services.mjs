import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  SERVICE_HEALTH
} from "./shared.core.service-health.mjs";
import {
  fillTemplate
} from "./shared.core.config.app.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/qa/services.ts
import { dag } from "../sdk/index.ts";
var POSTGRES_PORT = 5432;
var REDIS_PORT = 6379;
function withServices(container, services, identity) {
  let bound = container;
  if (services.postgres !== false) {
    const { env } = services.postgres;
    bound = bound.withServiceBinding("postgres", postgres(services.postgres, identity)).withEnvVariable(env, urlOf(services.postgres));
  }
  if (services.redis !== false) {
    const { env, url } = services.redis;
    bound = bound.withServiceBinding("redis", redis(services.redis, identity)).withEnvVariable(env, fill(url, { host: "redis", port: String(REDIS_PORT) }));
  }
  return bound;
}
__name(withServices, "withServices");
function withSettings(container, env, services) {
  const filling = services.postgres === false ? NOTHING : fillingOf(services.postgres);
  return Object.entries(env).reduce(
    (with_, [name, value]) => with_.withEnvVariable(name, fillTemplate(value, filling)),
    container
  );
}
__name(withSettings, "withSettings");
var NOTHING = { host: "", port: "", user: "", password: "", database: "", url: "" };
function fillingOf(settings) {
  const { user, password, database } = settings;
  return { host: "postgres", port: String(POSTGRES_PORT), user, password, database, url: urlOf(settings) };
}
__name(fillingOf, "fillingOf");
function urlOf({ url, user, password, database }) {
  return fill(url, { user, password, database, host: "postgres", port: String(POSTGRES_PORT) });
}
__name(urlOf, "urlOf");
function postgres(settings, identity) {
  return dag.container().from(settings.image).withEnvVariable("POSTGRES_USER", settings.user).withEnvVariable("POSTGRES_PASSWORD", settings.password).withEnvVariable("POSTGRES_DB", settings.database).withEnvVariable("POSTGRES_INITDB_ARGS", "--no-sync").withEnvVariable("TOLLGATE_SUITE", identity).withDockerHealthcheck(
    ["pg_isready", "-q", "-h", "127.0.0.1", "-U", settings.user, "-d", settings.database],
    SERVICE_HEALTH
  ).withExposedPort(POSTGRES_PORT).asService({
    args: ["postgres", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
    useEntrypoint: true
  });
}
__name(postgres, "postgres");
function redis(settings, identity) {
  return dag.container().from(settings.image).withEnvVariable("TOLLGATE_SUITE", identity).withDockerHealthcheck(["redis-cli ping | grep -q PONG"], { ...SERVICE_HEALTH, shell: true }).withExposedPort(REDIS_PORT).asService({ args: ["redis-server", "--save", "", "--appendonly", "no"], useEntrypoint: true });
}
__name(redis, "redis");
function fill(template, values) {
  return template.replace(/\{([a-z]+)\}/g, (written, name) => values[name] ?? written);
}
__name(fill, "fill");

export {
  withServices,
  withSettings
};
